#include "http/crowd.h"
#include "base/clock.h"
#include "base/id.h"

/* A prefix is calm up to CALM_MAX requests at once and PER_MINUTE on and on; from there each degree is twice as much. What was
 * counted wears off at the same rate, after KEPT_MAX at the latest. */
enum { PER_MINUTE = 60, CALM_MAX = 60, KEPT_MAX = CALM_MAX << CROWD_DEGREE_MAX };
static const int64_t STEP_US = 60 * INT64_C(1000000) / PER_MINUTE;

void crowd_init(struct crowd *c)
{
	random_bytes(c->secret, sizeof c->secret);
}

static struct sketch_key key_of(const struct crowd *c, const struct address *sender, int64_t now_ms)
{
	struct address prefix = *sender;
	int64_t hour = now_ms / HOUR_MS;
	address_cut(&prefix);
	const struct str parts[] = {
		{(const char *)c->secret,     sizeof c->secret   },
		{ (const char *)&hour,        sizeof hour        },
		{ (const char *)prefix.bytes, sizeof prefix.bytes},
	};
	return sketch_key("http/crowd", parts, COUNT(parts), CROWD_COLUMNS);
}

int crowd_degree(const struct crowd *c, const struct address *sender, int64_t now_ms)
{
	struct sketch_key k = key_of(c, sender, now_ms);
	return sketch_degree(sketch_left_us(c->due_us, &k, now_ms * 1000) / STEP_US, CALM_MAX, CROWD_DEGREE_MAX);
}

void crowd_count(struct crowd *c, const struct address *sender, int64_t now_ms)
{
	struct sketch_key k = key_of(c, sender, now_ms);
	sketch_add(c->due_us, &k, now_ms * 1000, STEP_US, KEPT_MAX * STEP_US);
}
