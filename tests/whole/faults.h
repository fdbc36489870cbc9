/* faults.h - makes the first, the second, the third … statement of an action fail, to see that nothing is left half
 * done. For the tests of features. */
#ifndef ADEM_TESTS_FAULTS_H
#define ADEM_TESTS_FAULTS_H
#include "testdb.h"

/* Runs ACTION with ARG in a write transaction on T's database, again and again: each time one statement further (or at
 * last the commit) fails, the action must report ERR_DB and the whole database must be what it was before. The last
 * time nothing fails, and the action must succeed. Returns how many statements there were, the commit among them. The
 * action runs with an arena that is reset each time; what it changes in memory is the caller's to reset: BEFORE, which
 * may be NULL, is called before each time. */
int every_statement_may_fail(
	struct testdb *t, enum err (*action)(struct ctx *c, void *arg), void *arg, void (*before)(void *arg));
#endif
