/* fixture.h - a context with memory of its own for each test: cmocka_unit_test_setup_teardown(name, setup, teardown). */
#ifndef ADEM_TESTS_NUM_FIXTURE_H
#define ADEM_TESTS_NUM_FIXTURE_H
#include "base/err.h"
#include "near.h"

static int setup(void **state)
{
	struct ctx *c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	c->mem = arena_new(1 << 16);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct ctx *c = *state;
	arena_free(c->mem);
	free(c);
	return 0;
}

/* The reason of the last error holds PART. */
#define assert_reason(c, part)                                                                                         \
	do {                                                                                                           \
		if (!strstr((c)->err.why.p, part))                                                                     \
			fail_msg("the reason is \"%.*s\"", STR_ARG((c)->err.why));                                     \
	} while (0)
#endif
