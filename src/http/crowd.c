#include "http/crowd.h"
#include "base/clock.h"
#include "base/id.h"
#include "vault/hash.h"

/* A prefix is calm up to CALM_MAX requests at once and PER_MINUTE on and on; from there each degree is twice as much. What was
 * counted wears off at the same rate, after KEPT_MAX at the latest. */
enum { PER_MINUTE = 60, CALM_MAX = 60, KEPT_MAX = CALM_MAX << CROWD_DEGREE_MAX };
static const int64_t STEP_US = 60 * INT64_C(1000000) / PER_MINUTE;

void crowd_init(struct crowd *c)
{
	random_bytes(c->secret, sizeof c->secret);
}

/* The counters of a prefix, one in each row: another prefix shares one of them at times, all of them hardly ever. */
static void find(const struct crowd *c, const struct address *sender, int64_t now_ms, size_t columns[CROWD_ROWS])
{
	struct address prefix = *sender;
	int64_t hour = now_ms / HOUR_MS;
	uint8_t hash[VAULT_HASH_BYTES];
	address_cut(&prefix);
	const struct str parts[] = {
		{(const char *)c->secret,     sizeof c->secret   },
		{ (const char *)&hour,        sizeof hour        },
		{ (const char *)prefix.bytes, sizeof prefix.bytes},
	};
	vault_hash("http/crowd", parts, COUNT(parts), hash);
	for (size_t row = 0; row < CROWD_ROWS; row++)
		columns[row] = (hash[2 * row] | (size_t)hash[2 * row + 1] << 8) % CROWD_COLUMNS;
}

/* How many are counted: the least of the counters, since others may have added to the rest. */
static int64_t counted(const struct crowd *c, const size_t columns[CROWD_ROWS], int64_t now_us)
{
	int64_t least = INT64_MAX;
	for (size_t row = 0; row < CROWD_ROWS; row++) {
		int64_t due_us = __atomic_load_n(&c->due_us[row][columns[row]], __ATOMIC_RELAXED);
		int64_t n = due_us > now_us ? (due_us - now_us) / STEP_US : 0;
		least = n < least ? n : least;
	}
	return least;
}

int crowd_degree(const struct crowd *c, const struct address *sender, int64_t now_ms)
{
	size_t columns[CROWD_ROWS];
	int degree = 0;
	find(c, sender, now_ms, columns);
	for (int64_t n = counted(c, columns, now_ms * 1000); n >= CALM_MAX && degree < CROWD_DEGREE_MAX; n /= 2)
		degree++;
	return degree;
}

static void add(int64_t *due_us, int64_t now_us)
{
	int64_t most = now_us + KEPT_MAX * STEP_US, was = __atomic_load_n(due_us, __ATOMIC_RELAXED), next;
	do {
		next = (was > now_us ? was : now_us) + STEP_US;
		next = next < most ? next : most;
	} while (!__atomic_compare_exchange_n(due_us, &was, next, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

void crowd_count(struct crowd *c, const struct address *sender, int64_t now_ms)
{
	size_t columns[CROWD_ROWS];
	find(c, sender, now_ms, columns);
	for (size_t row = 0; row < CROWD_ROWS; row++)
		add(&c->due_us[row][columns[row]], now_ms * 1000);
}
