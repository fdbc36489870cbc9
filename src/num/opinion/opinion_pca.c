#include "num/opinion/opinion_pca.h"
#include "num/stats/lanczos.h"
#include <math.h>

/* Entries this close to the largest count as equal to it. */
static const double near_largest = 1 - 1e-9;

static void fill_center(struct opinion_pca *p, const struct opinion_votes *v, struct arena *a)
{
	int64_t *sum = arena_array(a, int64_t, v->statements), *count = arena_array(a, int64_t, v->statements);
	for (size_t i = 0; i < v->count; i++) {
		sum[v->statement[i]] += v->vote[i];
		count[v->statement[i]]++;
	}
	for (size_t j = 0; j < v->statements; j++)
		p->center[j] = v->moderated[j] || count[j] == 0 ? 0 : (double)sum[j] / (double)count[j];
	for (size_t i = 0; i < v->count; i++)
		p->cell[i] = v->moderated[v->statement[i]] ? 0 : v->vote[i] - p->center[v->statement[i]];
}

struct scatter {
	const struct opinion_votes *votes;
	const double *cell;
};

/* OUT = X' X IN, X the centered matrix. */
static void multiply(void *arg, const double *in, double *out)
{
	const struct scatter *s = arg;
	const struct opinion_votes *v = s->votes;
	memset(out, 0, v->statements * sizeof *out);
	for (size_t i = 0; i < v->people; i++) {
		double sum[2] = { 0, 0 };
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++)
			sum[at & 1] += s->cell[at] * in[v->statement[at]];
		double score = sum[0] + sum[1];
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++)
			out[v->statement[at]] += s->cell[at] * score;
	}
}

static void orient(double *axis, size_t n)
{
	double largest = 0;
	for (size_t j = 0; j < n; j++)
		largest = fmax(largest, fabs(axis[j]));
	size_t first = 0;
	while (first < n && fabs(axis[first]) < largest * near_largest)
		first++;
	if (first == n || axis[first] >= 0)
		return;
	for (size_t j = 0; j < n; j++)
		axis[j] = -axis[j];
}

void opinion_pca_place(const struct opinion_pca *p, const uint32_t *statement, const double *cell, size_t count,
	size_t answers, double xy[2])
{
	const double *first = p->axis, *second = p->axis + p->statements;
	double x = 0, y = 0;
	for (size_t k = 0; k < count; k++) {
		x += cell[k] * first[statement[k]];
		y += cell[k] * second[statement[k]];
	}
	double scale = sqrt((double)p->statements / (double)(answers ? answers : 1));
	xy[0] = scale * x;
	xy[1] = scale * y;
}

void opinion_pca_project(struct opinion_pca *p, const struct opinion_votes *v, size_t j)
{
	assert(j < p->statements && p->statements == v->statements);
	double reach = sqrt((double)p->statements) * (1 - p->center[j]);
	p->projection[j] = reach * p->axis[j];
	p->projection[p->statements + j] = reach * p->axis[p->statements + j];
	p->extremity[j] = sqrt(p->projection[j] * p->projection[j] +
			       p->projection[p->statements + j] * p->projection[p->statements + j]);
}

static size_t answers_of(const struct opinion_votes *v, size_t person)
{
	size_t count = v->moderated_count;
	for (size_t at = v->row[person]; at < v->row[person + 1]; at++)
		count += !v->moderated[v->statement[at]];
	return count;
}

static void place_all(struct opinion_pca *p, const struct opinion_votes *v)
{
	for (size_t i = 0; i < v->people; i++) {
		size_t at = v->row[i];
		opinion_pca_place(p, v->statement + at, p->cell + at, opinion_votes_of(v, i), answers_of(v, i),
			p->position + 2 * i);
	}
	for (size_t j = 0; j < v->statements; j++)
		opinion_pca_project(p, v, j);
}

struct opinion_pca *opinion_pca_make(struct arena *a, const struct opinion_votes *v)
{
	size_t m = v->statements, axes = m < OPINION_AXES_ALL ? m : OPINION_AXES_ALL;
	size_t room = axes < OPINION_AXES ? OPINION_AXES : axes;
	struct opinion_pca *p = arena_new_of(a, struct opinion_pca);
	*p = (struct opinion_pca){
		.people = v->people,
		.statements = m,
		.axes = room,
		.center = arena_array(a, double, m),
		.cell = arena_array(a, double, v->count),
		.axis = arena_array(a, double, room *m),
		.variance = arena_array(a, double, room),
		.position = arena_array(a, double, v->people * 2),
		.projection = arena_array(a, double, 2 * m),
		.extremity = arena_array(a, double, m),
	};
	fill_center(p, v, a);
	if (m == 0)
		return p;
	struct scatter s = { v, p->cell };
	lanczos_largest(m, axes < OPINION_AXES ? axes : OPINION_AXES, axes, multiply, &s, p->variance, p->axis);
	for (size_t k = 0; k < axes; k++) {
		p->variance[k] = v->people > 1 ? fmax(p->variance[k], 0) / (double)(v->people - 1) : 0;
		orient(p->axis + k * m, m);
	}
	place_all(p, v);
	return p;
}

void opinion_pca_flip(struct opinion_pca *p, size_t axis)
{
	assert(axis < OPINION_AXES);
	for (size_t j = 0; j < p->statements; j++) {
		p->axis[axis * p->statements + j] = -p->axis[axis * p->statements + j];
		p->projection[axis * p->statements + j] = -p->projection[axis * p->statements + j];
	}
	for (size_t i = 0; i < p->people; i++)
		p->position[2 * i + axis] = -p->position[2 * i + axis];
}
