#include "num/forecast/hawkes_point_pairs.h"
#include "num/forecast/hawkes_point_state.h"
#include <math.h>

enum { SPAN_MIN_D = 28 };

/* An incident in the area. */
struct incident {
	double x_m, y_m, t, w; /* w = 1 / nu */
	uint32_t cell;
};

/* Cells of their own for a narrow bell, at most half a sigma wide: coarser ones would blur what is chronic at an address, and
 * the short memories, which are not blurred, would take it for contagion. */
struct fine {
	int64_t parts; /* a cell's side is cut in so many */
	struct grid *grid;
	struct hawkes_field *field; /* the long memories only */
};

/* What the fit has beside the state. */
struct fitting {
	struct hawkes_point *h;
	size_t count;
	struct incident *incident; /* [count], in order of time */
	size_t explained;          /* the first that becomes a row */
	size_t shorts;             /* memories <= HAWKES_SHORT_D */
	size_t narrow;             /* widths under two cells: they have FINE cells */
	struct fine fine[HAWKES_WIDTHS_MAX];
	struct pairs *pairs; /* NULL: none are needed */
	double *feature;     /* [(count - explained) * weights] */
	double total[HAWKES_POINT_WEIGHTS_MAX];
};

/* Not the order of the events where some of a day have no time of day. */
static int by_time(const void *x, const void *y)
{
	const struct incident *a = x, *b = y;
	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->x_m != b->x_m)
		return a->x_m < b->x_m ? -1 : 1;
	return (a->y_m > b->y_m) - (a->y_m < b->y_m);
}

static void gather(struct fitting *f, struct arena *a, const struct events *e, int32_t until, int32_t explained)
{
	struct hawkes_point *h = f->h;
	size_t first = events_from(e, h->from), end = events_from(e, until);
	f->incident = arena_array(a, struct incident, end - first);
	for (size_t i = first; i < end; i++) {
		const struct event *x = &e->event[i];
		uint32_t cell = grid_find(h->grid, x->x_m, x->y_m);
		if (x->kind != 0)
			continue;
		if (cell == GRID_NONE) {
			h->outside++;
			continue;
		}
		f->explained += x->day < explained;
		double nu = calendar_factor(h->calendar, x->day, calendar_slot(&h->calendar->options, x));
		f->incident[f->count++] = (struct incident){
			.x_m = x->x_m, .y_m = x->y_m, .t = hawkes_point_time(h, x), .w = 1 / nu, .cell = cell
		};
	}
	qsort(f->incident, f->count, sizeof *f->incident, by_time);
}

static void prepare(struct fitting *f, struct arena *a)
{
	const struct hawkes_point *h = f->h;
	const struct hawkes_point_options *o = &h->options;
	const struct grid *grids[HAWKES_WIDTHS_MAX];
	while (f->shorts < o->scales && o->tau_d[f->shorts] <= HAWKES_SHORT_D)
		f->shorts++;
	for (; f->narrow < o->widths && o->sigma_m[f->narrow] < 2 * o->cell_m; f->narrow++) {
		struct fine *n = &f->fine[f->narrow];
		n->parts = (int64_t)ceil(2 * o->cell_m / o->sigma_m[f->narrow]);
		grids[f->narrow] = n->grid = grid_refine(a, h->grid, (unsigned)n->parts);
		n->field = hawkes_field_make(
			a, n->grid, o->sigma_m[f->narrow], h->state->rate + f->shorts, o->scales - f->shorts);
	}
	if (f->narrow > 0 && f->shorts > 0)
		f->pairs = pairs_make(a, h->grid, grids, o->sigma_m, f->narrow, h->state->rate, f->shorts, f->count);
	f->feature = arena_array(a, double, (f->count - f->explained) * h->weights);
}

/* The cell of N that an incident lies in; rounding at an edge does not lead out of its cell. */
static uint32_t fine_cell(const struct grid *g, const struct fine *n, const struct incident *x)
{
	int64_t ix = (int64_t)floor(x->x_m / n->grid->side_m), iy = (int64_t)floor(x->y_m / n->grid->side_m);
	int64_t left = g->ix[x->cell] * n->parts, low = g->iy[x->cell] * n->parts, last = n->parts - 1;
	ix = ix < left ? left : ix > left + last ? left + last : ix;
	iy = iy < low ? low : iy > low + last ? low + last : iy;
	return grid_at(n->grid, ix, iy);
}

/* Densities in CELL at T, a square metre, by the memories of F, into OUT. */
static void read_field(const struct hawkes_field *f, uint32_t cell, double t, double *out)
{
	double decay[HAWKES_SCALES_MAX], area = f->grid->side_m * f->grid->side_m;
	hawkes_field_decay(f, t, decay);
	for (size_t k = 0; k < f->scales; k++)
		out[k] = f->value[cell * f->scales + k] * decay[k] / area;
}

/* The features of an incident: rates a day and square metre, were each weight 1. */
static void read_features(struct fitting *f, const struct incident *x, double *row)
{
	struct hawkes_point *h = f->h;
	size_t scales = h->options.scales;
	for (size_t l = 0; l < h->options.widths; l++) {
		const struct fine *n = &f->fine[l];
		if (l < f->narrow)
			read_field(n->field, fine_cell(h->grid, n, x), x->t, row + l * scales + f->shorts);
		else
			read_field(h->state->field[l], x->cell, x->t, row + l * scales);
	}
	if (f->pairs)
		h->pairs += pairs_read(f->pairs, x->cell, x->x_m, x->y_m, x->t, row, scales);
	for (size_t k = 0; k < scales; k++) {
		double norm = hawkes_point_norm(h->state->rate[k], x->t) / x->w;
		for (size_t l = 0; l < h->options.widths; l++)
			row[l * scales + k] *= norm;
	}
	row[h->weights - 1] = 1 / (x->w * h->grid->side_m * h->grid->side_m * (double)h->grid->count);
}

static void take_in(struct fitting *f, const struct incident *x)
{
	struct hawkes_point_state *s = f->h->state;
	double mass[HAWKES_WIDTHS_MAX];
	for (size_t l = 0; l < f->h->options.widths; l++) {
		hawkes_field_add(s->field[l], x->x_m, x->y_m, x->t, x->w);
		if (l < f->narrow)
			mass[l] = hawkes_field_add(f->fine[l].field, x->x_m, x->y_m, x->t, x->w);
	}
	if (f->pairs)
		pairs_add(f->pairs, x->cell, x->x_m, x->y_m, x->t, x->w, mass);
}

/* Incidents at the same moment do not excite one another. */
static void go_through(struct fitting *f)
{
	struct hawkes_point *h = f->h;
	size_t taken = 0;
	for (size_t i = 0; i < f->count; i++) {
		const struct incident *x = &f->incident[i];
		for (; f->incident[taken].t < x->t; taken++)
			take_in(f, &f->incident[taken]);
		if (i >= f->explained)
			read_features(f, x, f->feature + h->rows++ * h->weights);
	}
	for (; taken < f->count; taken++)
		take_in(f, &f->incident[taken]);
}

/* Adds the integral of the features over one slot, from FROM to TO, and brings SUM (of each memory, all incidents before
 * FROM) to TO. The slot's own incidents are *NEXT and on. */
static void integrate_slot(struct fitting *f, double from, double to, double nu, bool count, double *sum, size_t *next)
{
	const struct hawkes_point *h = f->h;
	double within[HAWKES_SCALES_MAX] = { 0 }, after[HAWKES_SCALES_MAX] = { 0 };
	size_t scales = h->options.scales;
	for (; *next < f->count && f->incident[*next].t < to; ++*next)
		for (size_t k = 0; k < scales; k++) {
			const struct incident *x = &f->incident[*next];
			within[k] += x->w * hawkes_point_elapsed(h->state->rate[k], to - x->t);
			after[k] += x->w * exp(-h->state->rate[k] * (to - x->t));
		}
	for (size_t k = 0; k < scales; k++) {
		double q = h->state->rate[k];
		if (count)
			f->total[k] += nu * hawkes_point_norm(q, (from + to) / 2) *
				       (sum[k] * hawkes_point_elapsed(q, to - from) + within[k]);
		sum[k] = sum[k] * exp(-q * (to - from)) + after[k];
	}
	if (count)
		f->total[h->weights - 1] += nu * (to - from);
}

/* Each feature's integral over the area and the days explained. A bell has mass 1 whatever its width. */
static void integrate(struct fitting *f, int32_t explained, int32_t until)
{
	const struct hawkes_point *h = f->h;
	unsigned slots = h->options.calendar.slots;
	double sum[HAWKES_SCALES_MAX] = { 0 };
	size_t next = 0;
	for (int32_t day = h->from; day < until; day++) {
		double nu[CALENDAR_SLOTS_MAX], start = (double)day - h->from;
		calendar_factors(h->calendar, day, 1, nu);
		for (unsigned i = 0; i < slots; i++)
			integrate_slot(f, start + (double)i / slots, start + (i + 1.0) / slots, nu[i], day >= explained,
				sum, &next);
	}
	for (size_t l = 1; l < h->options.widths; l++)
		memcpy(f->total + l * h->options.scales, f->total, h->options.scales * sizeof *f->total);
}

static bool alike(const struct hawkes_point *x, const struct hawkes_point *y)
{
	if (x->weights != y->weights)
		return false;
	for (size_t m = 0; m < x->weights; m++)
		if (x->weight[m].tau_d != y->weight[m].tau_d || x->weight[m].sigma_m != y->weight[m].sigma_m)
			return false;
	return true;
}

static void find_weights(
	struct fitting *f, struct arena *keep, struct arena *scratch, const struct hawkes_point *before)
{
	struct hawkes_point *h = f->h;
	double kappa[HAWKES_POINT_WEIGHTS_MAX] = { 0 }, penalty[HAWKES_POINT_WEIGHTS_MAX] = { 0 },
	       se[HAWKES_POINT_WEIGHTS_MAX];
	double shorts = (double)(f->shorts * h->options.widths);
	for (size_t m = 0; m < h->weights; m++) {
		if (before && alike(before, h))
			kappa[m] = before->weight[m].value;
		if (m + 1 < h->weights && m % h->options.scales < f->shorts && h->options.short_mean > 0)
			penalty[m] = shorts / h->options.short_mean;
	}
	struct weights_problem p = {
		.rows = h->rows, .cols = h->weights, .feature = f->feature, .total = f->total, .penalty = penalty
	};
	weights_fit(scratch, &p, kappa, &h->fit);
	h->information = arena_array(keep, double, h->weights * h->weights);
	weights_information(&p, kappa, h->information);
	weights_errors(scratch, h->information, kappa, h->weights, se);
	for (size_t m = 0; m < h->weights; m++) {
		h->weight[m].value = kappa[m];
		h->weight[m].se = se[m];
		h->weight[m].total = f->total[m];
		h->weight[m].penalty = penalty[m];
	}
}

enum err hawkes_point_fit(struct ctx *c, const struct events *e, const struct cells *cells,
	const struct hawkes_point_options *o, int32_t from, int32_t until, const struct hawkes_point *before,
	struct hawkes_point **out)
{
	if ((int64_t)until - from < SPAN_MIN_D)
		return FAIL(c, ERR_INPUT, "a fit needs %d days at least", SPAN_MIN_D);
	TRY(hawkes_point_make(c, cells, o, from, out));
	struct hawkes_point *h = *out;
	double half = ((double)until - from) / 2, burn = o->burn_d < half ? o->burn_d : half;
	int32_t explained = from + (int32_t)burn;
	h->calendar = calendar_fit(c->mem, e, from, until, &o->calendar);
	struct arena *scratch = arena_new(1 << 20);
	struct fitting *f = arena_new_of(scratch, struct fitting);
	f->h = h;
	gather(f, scratch, e, until, explained);
	if (f->explained == f->count) {
		arena_free(scratch);
		return FAIL(c, ERR_INPUT, "there is no incident to explain in these cells");
	}
	prepare(f, scratch);
	go_through(f);
	integrate(f, explained, until);
	find_weights(f, c->mem, scratch, before);
	arena_free(scratch);
	hawkes_point_replay(h, e, until);
	return OK;
}
