#include "num/stats/rng.h"
#include <math.h>

struct rng rng_seeded(uint64_t seed)
{
	struct rng r;
	for (size_t i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15u;
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r.s[i] = z ^ (z >> 31);
	}
	return r;
}

static uint64_t turned(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

uint64_t rng_u64(struct rng *r)
{
	uint64_t out = turned(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;
	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = turned(r->s[3], 45);
	return out;
}

double rng_unit(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

uint64_t rng_below(struct rng *r, uint64_t bound)
{
	assert(bound > 0);
	uint64_t x = rng_u64(r);
	/* The least to take is (0 - bound) % bound, which is below BOUND: nearly every draw is spared that division. */
	while (x < bound && x < (0 - bound) % bound)
		x = rng_u64(r);
	return x % bound;
}

bool rng_picks(struct rng *r, size_t wanted, size_t left)
{
	return wanted >= left || rng_below(r, left) < wanted;
}

double rng_normal(struct rng *r)
{
	double x, y, s;
	do {
		x = 2 * rng_unit(r) - 1;
		y = 2 * rng_unit(r) - 1;
		s = x * x + y * y;
	} while (s >= 1 || s == 0);
	return x * sqrt(-2 * log(s) / s);
}

/* Of a shape from 1 on: a cube of a shifted normal, accepted nearly always. */
static double gamma_from_one(struct rng *r, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
	for (;;) {
		double z = rng_normal(r), v = 1 + c * z;
		v = v * v * v;
		if (v > 0 && log(1 - rng_unit(r)) < 0.5 * z * z + d - d * v + d * log(v))
			return d * v;
	}
}

double rng_gamma(struct rng *r, double shape)
{
	assert(shape > 0);
	if (shape < 1)
		return gamma_from_one(r, shape + 1) * pow(1 - rng_unit(r), 1 / shape);
	return gamma_from_one(r, shape);
}
