/* The gamma posterior of a ratio whose expected count is itself uncertain: a mixture of gammas, one a draw. */
#include "num/evaluate/evaluate_counterfactual.h"
#include "num/stats/special.h"
#include <math.h>

enum { DRAWS = 400 };

struct mixture {
	double shape, rate[DRAWS];
};

static double cdf(const struct mixture *m, double x)
{
	double sum = 0;
	for (size_t k = 0; k < DRAWS; k++)
		sum += gamma_cdf(x * m->rate[k], m->shape);
	return sum / DRAWS;
}

static double quantile(const struct mixture *m, double p)
{
	/* Each gamma's own quantile bounds the mixture's. */
	double low = INFINITY, high = 0, own = gamma_quantile(p, m->shape);
	for (size_t k = 0; k < DRAWS; k++) {
		low = fmin(low, own / m->rate[k]);
		high = fmax(high, own / m->rate[k]);
	}
	for (int i = 0; i < 60 && high - low > 1e-12 * high; i++) {
		double middle = 0.5 * (low + high);
		if (cdf(m, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

/* By inversion: a draw of Gamma(SHAPE, 1). Large shapes by Wilson and Hilferty's cube, then good to a millionth. */
static double draw(struct rng *r, double shape)
{
	double p = rng_unit(r), third = 1 / (9 * shape);
	if (!(shape > 0))
		return 0;
	if (shape < 1000)
		return gamma_quantile(p, shape);
	double root = 1 - third + normal_quantile(p) * sqrt(third);
	return shape * root * root * root;
}

struct counterfactual_posterior counterfactual_posterior(
	const struct counterfactual_count *count, double prior, uint64_t seed)
{
	assert(prior > 0);
	struct rng r = rng_seeded(seed);
	struct mixture m = { .shape = prior + count->observed };
	struct counterfactual_posterior out = { 0 };
	for (size_t k = 0; k < DRAWS; k++) {
		double level = draw(&r, count->control_observed + 0.5);
		double own = draw(&r, count->share * count->share_weight);
		double others = draw(&r, count->control_share * count->share_weight);
		m.rate[k] = prior + (others > 0 ? level * own / others : 0);
		out.mean += m.shape / m.rate[k] / DRAWS;
	}
	out.below_one = cdf(&m, 1);
	out.interval = (struct counterfactual_interval){ quantile(&m, 0.05), quantile(&m, 0.95), quantile(&m, 0.025),
		quantile(&m, 0.975) };
	return out;
}
