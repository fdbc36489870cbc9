#include "num/opinion/opinion_common.h"
#include "num/stats/special.h"
#include <math.h>

/* What the lower bound leaves below it. */
static const double tail = 0.2;

static double share(const struct opinion_tally *t, size_t g, size_t j)
{
	size_t cell = g * t->statements + j;
	return ((double)t->agree[cell] + 1) / ((double)t->seen[cell] + 2);
}

void opinion_group_consensus(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		out[j] = 1;
		for (size_t g = 0; g < t->groups; g++)
			out[j] *= share(t, g, j);
	}
}

void opinion_comparable_consensus(const struct opinion_tally *t, double *out)
{
	opinion_group_consensus(t, out);
	for (size_t j = 0; j < t->statements && t->groups > 0; j++)
		out[j] = pow(out[j], 1 / (double)t->groups);
}

void opinion_lower_bound(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		out[j] = t->groups > 0 ? 1 : 0;
		for (size_t g = 0; g < t->groups; g++) {
			size_t cell = g * t->statements + j;
			double agree = t->agree[cell], rest = t->seen[cell] - agree;
			out[j] = fmin(out[j], beta_quantile(tail, agree + 1, rest + 1));
		}
	}
}

void opinion_divisiveness(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		double mean = 0, sum = 0;
		for (size_t g = 0; g < t->groups; g++)
			mean += share(t, g, j) / (double)t->groups;
		for (size_t g = 0; g < t->groups; g++)
			sum += (share(t, g, j) - mean) * (share(t, g, j) - mean);
		out[j] = t->groups > 0 ? 4 * sum / (double)t->groups : 0;
	}
}
