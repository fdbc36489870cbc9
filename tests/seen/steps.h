/* steps.h - what the steps of the test of who sees what share. */
#ifndef ADEM_TESTS_STEPS_H
#define ADEM_TESTS_STEPS_H
#include "looks.h"

/* What one step was about: for the entries that it leaves behind, and for whom to ask afterwards. */
extern struct step {
	const char *name;
	int person, report, kase, into, alert, post;
	bool by_reporter;
	int place, level;
	bool spares;
	int64_t made_id, made_case;
} s;

/* From 0 to BELOW - 1, always the same sequence. */
int draw(int below);
/* Mostly a case in this state where a call goes on, or none does, and somebody who sees it; at times any. */
void some_case(struct testdb *t, enum m_state state, bool rings);
/* Learns what was written down just now. */
void after(struct testdb *t, int kase);

extern int apart; /* how often reports were taken out of a case */
void splits(struct testdb *t);
extern int removed; /* how often somebody left a post */
void belongs(struct testdb *t);
#endif
