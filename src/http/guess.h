/* guess.h - secrets that somebody guesses at: what a further guess costs, without locking out whose secret it is. Counted are
 * wrong guesses at one secret from one network, at one secret from everywhere, and all of them together; what is over a
 * threshold costs work (vault/proof.h), each degree of it twice as much. Nobody is refused for what strangers do. A device that
 * got in before counts by itself, and strangers cannot make it pay.
 *
 * Whose secret it is, is a keyed hash of what was typed, whether anybody has that name or not: known and unknown names cost the
 * same. In memory only, found by keyed hashes, shared by all workers; what was counted wears off. */
#ifndef ADEM_HTTP_GUESS_H
#define ADEM_HTTP_GUESS_H
#include "http/address.h"
#include "http/sketch.h"

enum {
	GUESS_SECRET_BYTES = 32,
	GUESS_COLUMNS = 8192,
	GUESS_SPENT_SETS = 2048,
	GUESS_SPENT_WAYS = 4,
	GUESS_DEGREE_MAX = 8,
};

struct guesses {
	uint8_t secret[GUESS_SECRET_BYTES];
	int64_t due_us[SKETCH_ROWS * GUESS_COLUMNS];
	int64_t all_due_us;
	uint64_t spent[GUESS_SPENT_SETS][GUESS_SPENT_WAYS]; /* proofs that were used, the newest first */
};

/* One guess, as the first handler of a ROUTE_GUESS says it (struct spending). */
struct guess {
	uint64_t about;  /* whose secret, by a keyed hash; 0: nothing is guessed at, nothing is counted */
	uint64_t device; /* one that got in there before, or a session; 0: none */
	int worked;      /* the degree that was worked for; 0: no proof */
	bool waited;     /* … or waited for instead */
	uint64_t token;  /* the proof, which works once */
};

/* Gives G a secret of its own; the rest may be zero. Before other processes share it. */
void guesses_init(struct guesses *g);
/* Counts a guess from SENDER as wrong, before it is looked at, so that many at the same moment are many. False: it needs a
 * proof of DEGREE (more than 0), or, where a device has used up what it has, or too many waited, time: LATER_S. Then
 * nothing is counted. PER_MINUTE: wrong guesses of all. NOW_MS by clock_monotonic_ms(). */
MUST_CHECK bool guesses_take(struct guesses *g, const struct guess *what, const struct address *sender,
	int64_t per_minute, int64_t now_ms, int *degree, int64_t *later_s);
/* Counts one more of what ACCOUNT does at PATH, PER_HOUR at once and as many an hour. False: it is too much, for LATER_S
 * more. */
MUST_CHECK bool guesses_spare(
	struct guesses *g, int64_t account, const char *path, int64_t per_hour, int64_t now_ms, int64_t *later_s);
/* What the next guess would cost. */
int guesses_degree(
	struct guesses *g, const struct guess *what, const struct address *sender, int64_t per_minute, int64_t now_ms);
/* The guess was right: it does not count, and what was wrong before from the same network or device is forgotten. */
void guesses_forgive(
	struct guesses *g, const struct guess *what, const struct address *sender, int64_t per_minute, int64_t now_ms);
#endif
