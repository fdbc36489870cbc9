/* test.h - cmocka with its headers in the order it wants. Test functions are static, so that one which is not listed
 * does not compile. */
#ifndef ADEM_TESTS_TEST_H
#define ADEM_TESTS_TEST_H
#include "base/base.h"
#include <setjmp.h>
#include <cmocka.h>
#endif
