/* sketch.h - within src/http: how much is counted under each of many keys, in memory of a fixed size and without remembering the
 * keys (a count-min sketch). Each key has one cell in each row, found by a keyed hash; others share one of them at times, all of
 * them hardly ever, so the least of the cells is the key's. A cell is the time at which all that was counted in it has worn off:
 * it needs no clearing. Safe between processes. */
#ifndef ADEM_HTTP_SKETCH_H
#define ADEM_HTTP_SKETCH_H
#include "base/str.h"

enum { SKETCH_ROWS = 4 };

/* Where a key's cells are, in a sketch of SKETCH_ROWS * COLUMNS cells. */
struct sketch_key {
	size_t at[SKETCH_ROWS];
};
/* The key that is PARTS, the first of them secret. LABEL: what it is for. COLUMNS: up to 65536. */
struct sketch_key sketch_key(const char *label, const struct str *parts, size_t parts_count, size_t columns);
/* How long it takes until nothing is counted under K any more; 0: nothing is. */
int64_t sketch_left_us(const int64_t *cells, const struct sketch_key *k, int64_t now_us);
/* Counts under K what takes US to wear off (less than 0: takes that back); after MOST_US all has. */
void sketch_add(int64_t *cells, const struct sketch_key *k, int64_t now_us, int64_t us, int64_t most_us);

/* The same for a cell by itself. */
int64_t cell_left_us(const int64_t *cell, int64_t now_us);
void cell_add(int64_t *cell, int64_t now_us, int64_t us, int64_t most_us);

/* How often N reaches FREE, then twice as much, and again; MOST at most. */
int sketch_degree(int64_t n, int64_t free, int most);
#endif
