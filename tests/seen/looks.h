/* looks.h - what the test of who sees what and its comparisons share. */
#ifndef ADEM_TESTS_LOOKS_H
#define ADEM_TESTS_LOOKS_H
#include "../whole/town.h"
#include "model.h"

extern struct town town;
extern struct model m;
extern uint64_t progress;     /* a hash of all that was seen so far */
extern const char *step_name; /* what was done last */

void note(uint64_t v);
int64_t value(struct testdb *t, const char *sql);
int post_of(int64_t id);
/* Fails the test: this differs. */
void say(struct testdb *t, const char *what, int kase, int person);
/* Every person looks at the case; the test fails where the model says otherwise. */
void all_look(struct testdb *t, int kase);
#endif
