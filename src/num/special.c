#include "num/special.h"
#include <float.h>
#include <math.h>

/* The continued fraction of I_x(a, b), by Lentz' method; converges fast for x < (a + 1)/(a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1);
	d = 1 / (fabs(d) < tiny ? tiny : d);
	double f = d;
	for (int m = 1; m < 10000; m++) {
		double term[2] = { m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
			-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)) };
		double change = 1;
		for (int k = 0; k < 2; k++) {
			d = 1 + term[k] * d;
			c = 1 + term[k] / c;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = fabs(c) < tiny ? tiny : c;
			change *= c * d;
		}
		f *= change;
		if (fabs(change - 1) <= 2 * DBL_EPSILON)
			break;
	}
	return f;
}

/* Density of Beta(a, b) at x, without the powers' minus ones: x^a (1-x)^b / B(a, b). lgamma_r() has no global sign. */
static double beta_power(double x, double a, double b)
{
	int sign;
	double ln = lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign);
	return exp(ln + a * log(x) + b * log1p(-x));
}

double beta_cdf(double x, double a, double b)
{
	assert(a > 0 && b > 0);
	if (!(x > 0))
		return 0;
	if (!(x < 1))
		return 1;
	if (x < (a + 1) / (a + b + 2))
		return beta_power(x, a, b) * beta_fraction(x, a, b) / a;
	return 1 - beta_power(x, a, b) * beta_fraction(1 - x, b, a) / b;
}

double beta_quantile(double p, double a, double b)
{
	assert(p >= 0 && p <= 1);
	double low = 0, high = 1, x = a / (a + b);
	if (p <= 0 || p >= 1)
		return p <= 0 ? 0 : 1;
	/* Newton's step where it stays inside what bisection has left. */
	for (int i = 0; i < 200; i++) {
		double miss = beta_cdf(x, a, b) - p;
		if (miss > 0)
			high = x;
		else
			low = x;
		double density = beta_power(x, a, b) / (x * (1 - x));
		double next = density > 0 ? x - miss / density : low;
		if (!(next > low && next < high))
			next = low + (high - low) / 2;
		if (fabs(next - x) <= 4 * DBL_EPSILON * x)
			return next;
		x = next;
	}
	return x;
}
