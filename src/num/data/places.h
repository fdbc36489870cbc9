/* places.h - the territory: places, the groups they belong to, which touch which. Read from CSV; names are the numbers' keys.
 *
 * A place is an area (an RW, a kelurahan, a cell). Groups are what a PARENT column names: parents may be rows of their own and
 * have parents in turn (RW, kelurahan, kecamatan), so that the nodes are a forest. Places proper, which incidents happen in
 * and forecasts are made for, are the nodes nobody names as a parent. Nodes 0 to COUNT - 1 are the places in the order of
 * the file, then the groups in the order they appear.
 *
 * Everything lives in the arena of the context; names borrow from the text. */
#ifndef ADEM_NUM_PLACES_H
#define ADEM_NUM_PLACES_H
#include "base/err.h"

#define PLACES_NONE UINT32_MAX
enum { PLACES_MAX = 1 << 22, PLACES_DEPTH_MAX = 16 };

struct places {
	size_t count;       /* places */
	size_t nodes;       /* places and groups */
	struct str *name;   /* [nodes] */
	uint32_t *parent;   /* [nodes]; PLACES_NONE: none */
	double *population; /* [nodes]; 0 where the file does not say; of a group: what its own row says */
	uint32_t *slot;     /* hash table of nodes by name, SLOTS of them (a power of two) */
	size_t slots;
};

/* Which column is what; NULL: the name in brackets. A column that the file has not and that is marked optional is skipped. */
struct places_columns {
	const char *place;      /* ["place"] */
	const char *parent;     /* ["parent"], optional */
	const char *population; /* ["population"], optional */
};

/* Places from CSV with the header place,parent,population in any order, among other columns. Fails with ERR_INPUT and the
 * line: no place at all, an empty or repeated name, a population that is no number >= 0, a parent that leads back to
 * itself, more than PLACES_DEPTH_MAX levels. */
MUST_CHECK enum err places_read(struct ctx *c, struct str text, struct places_columns k, struct places **out);
/* Places without a file: every distinct name in column COLUMN (NULL: "place") of the CSV TEXT, ascending by bytes. */
MUST_CHECK enum err places_gather(struct ctx *c, struct str text, const char *column, struct places **out);
/* N places named "1", "2", …: for simulations and tests. */
struct places *places_numbered(struct arena *a, size_t n);
/* The places with KEEP[place] (COUNT of P, at least one true) and the groups above them, in the same order. NUMBER[nodes of P]
 * gets each node's new number, PLACES_NONE where it is gone. Names are shared with P. */
struct places *places_keep(struct arena *a, const struct places *p, const bool *keep, uint32_t *number);
/* The node called NAME; PLACES_NONE: nobody. */
uint32_t places_find(const struct places *p, struct str name);

/* Who touches whom, symmetric, each pair once in each direction: the others of place i are other[first[i]] to
 * other[first[i + 1]], ascending. */
struct place_edges {
	size_t places;
	size_t *first;   /* [places + 1] */
	uint32_t *other; /* [first[places]] */
};

/* Pairs from CSV with the columns a,b, or NAME_a,NAME_b where the place column is called NAME (NULL: "place"). For
 * neighbours, and for rivalries between places. A pair may be given in one direction or both, and twice; of a place with
 * itself it says nothing and is left out. Fails with ERR_INPUT and the line on an unknown place or a group. */
MUST_CHECK enum err places_read_edges(
	struct ctx *c, struct str text, const struct places *p, const char *name, struct place_edges **out);
/* The same from COUNT pairs of places in memory. */
struct place_edges *place_edges_make(struct arena *a, size_t places, const uint32_t (*pair)[2], size_t count);
/* The edges between places that have a NUMBER (places_keep()) among PLACES. */
struct place_edges *place_edges_keep(
	struct arena *a, const struct place_edges *e, const uint32_t *number, size_t places);

/* Cells of a square grid, by their numbers: x_m / side and y_m / side, rounded down. */
struct cells {
	size_t count;
	int32_t *ix, *iy; /* [count], in the order of the file */
};

/* Cells from CSV with the columns ix,iy. Fails with ERR_INPUT and the line on a number that is none, a cell given twice,
 * no cell. */
MUST_CHECK enum err cells_read(struct ctx *c, struct str text, struct cells **out);
#endif
