/* rng.h - random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna 2021), seeded by splitmix64.
 * The state is the caller's; whoever needs randomness takes a seed as an argument. */
#ifndef ADEM_NUM_RNG_H
#define ADEM_NUM_RNG_H
#include "base/base.h"

struct rng {
	uint64_t s[4];
};

/* A stream of its own for each SEED. */
struct rng rng_seeded(uint64_t seed);
uint64_t rng_u64(struct rng *r);
/* In [0, 1), 53 bits. */
double rng_unit(struct rng *r);
/* In 0 to BOUND - 1, all equally likely. BOUND > 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);
/* Whether the next of LEFT things is among the WANTED that are drawn from them without replacement (Knuth's Algorithm S);
 * whoever asks counts both down. */
bool rng_picks(struct rng *r, size_t wanted, size_t left);
/* Standard normal (Marsaglia's polar method; both numbers of a pair come from fresh draws). */
double rng_normal(struct rng *r);
/* Gamma with SHAPE > 0 and rate 1 (Marsaglia and Tsang 2000; below shape 1 by the power of a uniform number). */
double rng_gamma(struct rng *r, double shape);
#endif
