#include "faults.h"

enum { STATEMENTS_MAX = 1000 };

int every_statement_may_fail(
	struct testdb *t, enum err (*action)(struct ctx *c, void *arg), void *arg, void (*before)(void *arg))
{
	uint64_t untouched = testdb_hash(t);
	struct ctx c = t->c;
	c.mem = arena_new(1 << 16);
	for (int nth = 0; nth < STATEMENTS_MAX; nth++) {
		if (before)
			before(arg);
		testdb_ok(t, db_begin(&t->c, true));
		db_fault_countdown = nth;
		enum err e = action(&c, arg);
		if (e == OK)
			e = db_commit(&c);
		bool struck = db_fault_countdown < 0;
		db_fault_countdown = -1;
		db_rollback(&c);
		if (e == OK) {
			assert_false(struck); /* else an error was swallowed */
			arena_free(c.mem);
			assert_true(nth > 0);
			return nth;
		}
		if (e != ERR_DB || !struck)
			fail_msg("statement %d: %s, %.*s", nth, err_code(e), STR_ARG(c.err.why));
		assert_true(testdb_hash(t) == untouched);
		arena_reset(c.mem);
	}
	fail_msg("more than %d statements", STATEMENTS_MAX);
	return -1;
}
