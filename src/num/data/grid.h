/* grid.h - a town cut in square cells: which cell a point lies in, and how much of a bell around it falls into each.
 *
 * A grid is a set of cells, not a rectangle: water and neighbours' land need no memory. Bells are isotropic Gaussians;
 * their mass in a cell is a product of two differences of erf, so sums over cells are exact. A bell ends with the cells
 * that 3.2 sigma reach; what it lacks there and beyond the town's edge is made up for by dividing by its mass on the
 * grid. */
#ifndef ADEM_NUM_GRID_H
#define ADEM_NUM_GRID_H
#include "num/data/events.h"

#define GRID_NONE    UINT32_MAX
#define GRID_REACH   3.2 /* of a bell, in sigma */
#define GRID_SIGMA_M 64  /* a bell's sigma is at most so many sides of a cell */
enum { GRID_BELL_MAX = 2 * 205 + 2, GRID_BOX_MAX = 1 << 24 };

struct grid {
	double side_m;
	size_t count;
	int32_t *ix, *iy; /* [count], ascending by iy, then ix */
	uint32_t *given;  /* [count]: the cell's number in the cells it was made from */
	int32_t ix0, iy0; /* least of all */
	size_t cols, rows;
	uint32_t *row; /* [rows + 1]: first cell of each row */
};

/* The grid of CELLS (all different). Fails with ERR_LIMIT where they lie so far apart that the rectangle around them has
 * more than GRID_BOX_MAX cells. */
MUST_CHECK enum err grid_make(struct ctx *c, const struct cells *cells, double side_m, struct grid **out);
/* Each cell cut in N x N; GIVEN is the number in G. */
struct grid *grid_refine(struct arena *a, const struct grid *g, unsigned n);
/* The cell that holds a point; GRID_NONE: none. */
uint32_t grid_find(const struct grid *g, double x_m, double y_m);
/* The cell with these numbers; GRID_NONE: none. */
uint32_t grid_at(const struct grid *g, int64_t ix, int64_t iy);
/* The cells of row IY whose column is IX or more but less than IX_END: numbers *FIRST to *END - 1. */
void grid_row(const struct grid *g, int64_t iy, int64_t ix, int64_t ix_end, uint32_t *first, uint32_t *end);
/* Every cell with an incident (kind 0) of E from day FROM to the day before UNTIL, in order of iy, ix; in A. NULL where there
 * is none. */
struct cells *grid_cells_of(struct arena *a, const struct events *e, double side_m, int32_t from, int32_t until);

/* A bell around a point, cut along the columns and the rows of a grid. */
struct bell {
	int32_t ix0, iy0; /* the first column and row it reaches */
	int32_t cols, rows;
	double x[GRID_BELL_MAX], y[GRID_BELL_MAX]; /* its mass in each column and row */
};
void grid_bell(const struct grid *g, double x_m, double y_m, double sigma_m, struct bell *out);
/* The mass of B on the grid. > 0 where the point lies in a cell. */
double grid_bell_mass(const struct grid *g, const struct bell *b);

/* Bells around points that may be anywhere in their cell: OUT[cell] = sum of WHAT[source] * mass of its bell there, each
 * bell's mass on the grid being 1. */
struct grid_blur {
	const struct grid *grid;
	int32_t reach; /* in cells */
	double *tap;   /* [2 * reach + 1] */
	double *mass;  /* [count]: of a bell from each cell on the grid */
};
struct grid_blur *grid_blur_make(struct arena *a, const struct grid *g, double sigma_m);
/* SCRATCH: rows * cols numbers. */
void grid_blur(const struct grid_blur *b, double *scratch, const double *what, double *out);
#endif
