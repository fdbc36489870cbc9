/* public.h - tests of public data: they stand last in their program's list and are left out, which is said, where the data is
 * absent. */
#ifndef ADEM_TESTS_NUM_PUBLIC_H
#define ADEM_TESTS_NUM_PUBLIC_H
#include "fixture.h"
#include <unistd.h>

/* Runs COUNT tests; the last OF_DATA of them need the folder NAME of the public data. */
static int run_with_public(const struct CMUnitTest *tests, size_t count, size_t of_data, const char *name)
{
	const char *folder = getenv("ADEM_REFERENCE_DATA");
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder && *folder ? folder : REFERENCE_DATA, name);
	if (access(path, R_OK) != 0) {
		fprintf(stderr, "# skipped: the public data %s is not there, which %zu tests need\n", name, of_data);
		count -= of_data;
	}
	if (count == 0) {
		puts("1..0 # SKIP the public data is not there");
		return 0;
	}
	return _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
}
#endif
