#include "num/forecast/twinstim.h"
#include <math.h>

/* Beyond so many sigma nothing of a bell is left that a double could hold. */
#define BELL_END 8.5

/* Gauss and Legendre's nodes and weights on (-1, 1), the positive half (Abramowitz and Stegun 25.4.30, n = 16). */
enum { HALF_NODES = 8 };
static const double node[HALF_NODES] = { 0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
	0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439, 0.9445750230732325761,
	0.9894009349916499326 };
static const double node_weight[HALF_NODES] = { 0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382,
	0.1495959888165767321, 0.1246289712555338721, 0.0951585116824927848, 0.0622535239386478929,
	0.0271524594117540949 };

/* The integral of u exp(-u^2 / (2 sigma^2)) from 0 to r, over r^2. */
static double radial(double squared, double sigma)
{
	double z = squared / (2 * sigma * sigma);
	return z > 0 ? -expm1(-z) / (2 * z) : 0.5;
}

/* An edge from (ax, ay) in direction (dx, dy), seen from the middle of the bell. */
struct edge {
	double ax, ay, dx, dy;
};

/* The border integral along the edge from share FROM to share TO of it, all within the bell. */
static double inside(const struct edge *e, double from, double to, double sigma)
{
	double length = hypot(e->dx, e->dy) * (to - from), cross = e->ax * e->dy - e->ay * e->dx, sum = 0;
	int pieces = 1 + (int)(length / sigma);
	double half = (to - from) / pieces / 2;
	for (int i = 0; i < pieces; i++)
		for (int k = 0; k < 2 * HALF_NODES; k++) {
			double at = from + half * (2 * i + 1 + (k % 2 ? node[k / 2] : -node[k / 2]));
			double x = e->ax + at * e->dx, y = e->ay + at * e->dy;
			sum += node_weight[k / 2] * half * radial(x * x + y * y, sigma);
		}
	return sum * cross;
}

/* The angle under which the part of the edge from share FROM to TO is seen. */
static double angle(const struct edge *e, double from, double to)
{
	double ax = e->ax + from * e->dx, ay = e->ay + from * e->dy, bx = e->ax + to * e->dx, by = e->ay + to * e->dy;
	return atan2(ax * by - ay * bx, ax * bx + ay * by);
}

static double clamp(double share)
{
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* Within REACH the edge goes through the bell; beyond, the bell has ended, and only the angle counts. */
static double along(const struct edge *e, double reach, double sigma)
{
	double aa = e->dx * e->dx + e->dy * e->dy;
	if (aa == 0)
		return 0;
	double ab = e->ax * e->dx + e->ay * e->dy, cc = e->ax * e->ax + e->ay * e->ay - reach * reach;
	double root = ab * ab - aa * cc, whole = -expm1(-reach * reach / (2 * sigma * sigma)) * sigma * sigma;
	if (!(root > 0))
		return whole * angle(e, 0, 1);
	double in = clamp((-ab - sqrt(root)) / aa), out = clamp((-ab + sqrt(root)) / aa), sum = 0;
	if (in > 0)
		sum += whole * angle(e, 0, in);
	if (out > in)
		sum += inside(e, in, out, sigma);
	if (out < 1)
		sum += whole * angle(e, out, 1);
	return sum;
}

double twinstim_bell(const struct twinstim_region *r, double x, double y, double radius, double sigma)
{
	double reach = radius < BELL_END * sigma ? radius : BELL_END * sigma, sum = 0;
	for (size_t k = 0; k < r->rings; k++)
		for (size_t i = r->first[k]; i < r->first[k + 1]; i++) {
			size_t next = i + 1 < r->first[k + 1] ? i + 1 : r->first[k];
			struct edge e = { r->x[i] - x, r->y[i] - y, r->x[next] - r->x[i], r->y[next] - r->y[i] };
			sum += along(&e, reach, sigma);
		}
	return sum;
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static double endemic(const struct twinstim_data *d, const struct twinstim_weights *w, size_t i)
{
	return exp(d->endemic_offset[i] + w->intercept[d->type[i]] +
		   dot(w->endemic, d->endemic + i * d->endemic_cols, d->endemic_cols));
}

static double infectivity(const struct twinstim_data *d, const struct twinstim_weights *w, size_t j)
{
	return exp(dot(w->epidemic, d->epidemic + j * d->epidemic_cols, d->epidemic_cols));
}

/* What earlier events add to the intensity of event I. */
static double epidemic(const struct twinstim_data *d, const struct twinstim_weights *w, size_t i)
{
	double sum = 0;
	for (size_t j = 0; j < d->events; j++) {
		double ago = d->t[i] - d->t[j], dx = d->x[i] - d->x[j], dy = d->y[i] - d->y[j],
		       squared = dx * dx + dy * dy;
		if (ago > 0 && ago <= d->eps_t[j] && squared <= d->eps_s[j] * d->eps_s[j] &&
			d->triggers[d->type[j] * d->types + d->type[i]])
			sum += infectivity(d, w, j) * exp(-squared / (2 * w->sigma * w->sigma));
	}
	return sum;
}

/* How many events J is expected to trigger in the region and the time under study. */
static double triggered(const struct twinstim_data *d, const struct twinstim_weights *w, size_t j)
{
	double from = d->t[j] > d->begin ? d->t[j] : d->begin, until = d->t[j] + d->eps_t[j];
	until = until < d->end ? until : d->end;
	size_t types = 0;
	for (size_t k = 0; k < d->types; k++)
		types += d->triggers[d->type[j] * d->types + k];
	if (types == 0 || until <= from)
		return 0;
	return (double)types * infectivity(d, w, j) * (until - from) *
	       twinstim_bell(d->region, d->x[j], d->y[j], d->eps_s[j], w->sigma);
}

struct twinstim_likelihood twinstim_evaluate(const struct twinstim_data *d, const struct twinstim_weights *w)
{
	struct twinstim_likelihood out = { 0 };
	double kinds = 0;
	for (size_t k = 0; k < d->types; k++)
		kinds += exp(w->intercept[k]);
	for (size_t b = 0; b < d->blocks; b++)
		out.endemic_integral +=
			kinds * d->block_size[b] *
			exp(d->block_offset[b] + dot(w->endemic, d->block + b * d->endemic_cols, d->endemic_cols));
	for (size_t i = 0; i < d->events; i++) {
		out.epidemic_integral += triggered(d, w, i);
		if (d->t[i] > d->begin && d->t[i] <= d->end)
			out.log_intensities += log(endemic(d, w, i) + epidemic(d, w, i));
	}
	out.log_likelihood = out.log_intensities - out.endemic_integral - out.epidemic_integral;
	return out;
}
