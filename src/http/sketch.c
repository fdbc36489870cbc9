#include "http/sketch.h"
#include "vault/hash.h"

struct sketch_key sketch_key(const char *label, const struct str *parts, size_t parts_count, size_t columns)
{
	struct sketch_key k;
	uint8_t hash[VAULT_HASH_BYTES];
	vault_hash(label, parts, parts_count, hash);
	for (size_t row = 0; row < SKETCH_ROWS; row++)
		k.at[row] = row * columns + (hash[2 * row] | (size_t)hash[2 * row + 1] << 8) % columns;
	return k;
}

int64_t cell_left_us(const int64_t *cell, int64_t now_us)
{
	int64_t left_us = __atomic_load_n(cell, __ATOMIC_RELAXED) - now_us;
	return left_us > 0 ? left_us : 0;
}

int64_t sketch_left_us(const int64_t *cells, const struct sketch_key *k, int64_t now_us)
{
	int64_t least = INT64_MAX;
	for (size_t row = 0; row < SKETCH_ROWS; row++) {
		int64_t left_us = cell_left_us(&cells[k->at[row]], now_us);
		least = left_us < least ? left_us : least;
	}
	return least;
}

void cell_add(int64_t *cell, int64_t now_us, int64_t us, int64_t most_us)
{
	int64_t most = now_us + most_us, was = __atomic_load_n(cell, __ATOMIC_RELAXED), next;
	do {
		next = (was > now_us ? was : now_us) + us;
		next = next < most ? next : most;
	} while (!__atomic_compare_exchange_n(cell, &was, next, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

void sketch_add(int64_t *cells, const struct sketch_key *k, int64_t now_us, int64_t us, int64_t most_us)
{
	for (size_t row = 0; row < SKETCH_ROWS; row++)
		cell_add(&cells[k->at[row]], now_us, us, most_us);
}

int sketch_degree(int64_t n, int64_t free, int most)
{
	int degree = 0;
	for (int64_t over = free; n >= over && degree < most; over *= 2)
		degree++;
	return degree;
}
