#include "num/stats/special.h"
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

/* x^a e^-x / Gamma(a + 1). */
static double gamma_power(double x, double shape)
{
	int sign;
	return exp(shape * log(x) - x - lgamma_r(shape + 1, &sign));
}

static double gamma_series(double x, double shape)
{
	double sum = 1, term = 1;
	for (int n = 1; n < 100000; n++) {
		term *= x / (shape + n);
		sum += term;
		if (term <= sum * DBL_EPSILON / 2)
			break;
	}
	return sum * gamma_power(x, shape);
}

/* Lentz' method; x > shape + 1 keeps every part away from zero. */
static double gamma_fraction(double x, double shape)
{
	double b = x + 1 - shape, c = 1e300, d = 1 / b, f = d;
	for (int n = 1; n < 100000; n++) {
		double term = n * (shape - n);
		b += 2;
		d = 1 / (term * d + b);
		c = b + term / c;
		f *= c * d;
		if (fabs(c * d - 1) <= DBL_EPSILON)
			break;
	}
	return f * shape * gamma_power(x, shape);
}

double gamma_cdf(double x, double shape)
{
	assert(shape > 0);
	if (!(x > 0))
		return 0;
	if (isinf(x))
		return 1;
	return x < shape + 1 ? gamma_series(x, shape) : 1 - gamma_fraction(x, shape);
}

double gamma_above(double x, double shape)
{
	assert(shape > 0);
	if (!(x > 0))
		return 1;
	if (isinf(x))
		return 0;
	return x < shape + 1 ? 1 - gamma_series(x, shape) : gamma_fraction(x, shape);
}

/* Wilson and Hilferty's cube where it holds, else the first term of the series turned round. */
static double gamma_guess(double p, double shape)
{
	int sign;
	double third = 1 / (9 * shape), root = 1 - third + normal_quantile(p) * sqrt(third);
	double x = shape * root * root * root;
	double small = exp((log(p) + lgamma_r(shape + 1, &sign)) / shape);
	return root > 0 && x > 0.1 * shape ? x : small;
}

double gamma_quantile(double p, double shape)
{
	assert(p >= 0 && p <= 1 && shape > 0);
	if (p <= 0 || p >= 1)
		return p <= 0 ? 0 : INFINITY;
	double low = 0, high = INFINITY, x = gamma_guess(p, shape);
	/* Newton's step where it stays inside what is left, from the smaller tail. */
	for (int i = 0; i < 200 && x > 0; i++) {
		double miss = p < 0.5 ? gamma_cdf(x, shape) - p : (1 - p) - gamma_above(x, shape);
		if (miss > 0)
			high = x;
		else
			low = x;
		double next = x - miss / (gamma_power(x, shape) * shape / x);
		if (fabs(next - x) <= 4 * DBL_EPSILON * x)
			return next;
		if (!(next > low && next < high))
			next = isinf(high) ? 2 * x : low > 0 ? sqrt(low) * sqrt(high) : high / 16;
		x = next;
	}
	return x;
}

double normal_cdf(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

double normal_quantile(double p)
{
	assert(p >= 0 && p <= 1);
	if (p <= 0 || p >= 1)
		return p <= 0 ? -INFINITY : INFINITY;
	/* In the lower tail; a start good to a few thousandths (Abramowitz and Stegun 26.2.23), then Halley's steps. */
	double q = p < 0.5 ? p : 1 - p, t = sqrt(-2 * log(q));
	double z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
		   t;
	for (int i = 0; i < 4; i++) {
		double step = (normal_cdf(z) - q) * sqrt(2 * M_PI) * exp(0.5 * z * z);
		z -= step / (1 + 0.5 * z * step);
	}
	return p < 0.5 ? z : -z;
}

/* P(T > |t|). */
static double student_tail(double t, double df)
{
	return 0.5 * beta_cdf(df / (df + t * t), 0.5 * df, 0.5);
}

double student_cdf(double t, double df)
{
	assert(df > 0);
	return t < 0 ? student_tail(t, df) : 1 - student_tail(t, df);
}

double student_quantile(double p, double df)
{
	assert(p >= 0 && p <= 1 && df > 0);
	if (p <= 0 || p >= 1)
		return p <= 0 ? -INFINITY : INFINITY;
	double q = p < 0.5 ? p : 1 - p, x = beta_quantile(2 * q, 0.5 * df, 0.5);
	double t = sqrt(df * (1 - x) / x);
	return p < 0.5 ? -t : t;
}
