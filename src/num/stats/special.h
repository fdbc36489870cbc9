/* special.h - special functions and distributions that libm has not. Shapes, rates and degrees of freedom are positive and
 * finite; probabilities lie in 0 to 1. What is symmetric or small is computed from its own tail, so that small tails keep
 * their digits. */
#ifndef ADEM_NUM_SPECIAL_H
#define ADEM_NUM_SPECIAL_H
#include "base/base.h"

/* The regularised incomplete beta function I_x(A, B): P(X <= x) for X ~ Beta(A, B). A, B > 0, 0 <= x <= 1. By the continued
 * fraction (DLMF 8.17.22), about 1e-13. */
double beta_cdf(double x, double a, double b);
/* The x with beta_cdf(x, A, B) = P, 0 <= P <= 1. */
double beta_quantile(double p, double a, double b);

/* The regularised incomplete gamma functions P(SHAPE, X) and Q = 1 - P: P(G <= X) and P(G > X) for G ~ Gamma(SHAPE, rate 1);
 * for another rate, give X times the rate. By the series (DLMF 8.11.4) below SHAPE + 1 and the continued fraction (8.9.2)
 * above; about 1e-13 for shapes up to 1e4. Poisson: P(N <= k | mean m) = gamma_above(m, k + 1). */
double gamma_cdf(double x, double shape);
double gamma_above(double x, double shape);
/* The X with gamma_cdf(X, SHAPE) = P; 0 for P = 0, infinity for P = 1. Divide by the rate. */
double gamma_quantile(double p, double shape);

/* The standard normal distribution, from libm's erfc(). */
double normal_cdf(double z);
/* The Z with normal_cdf(Z) = P; -infinity for 0, infinity for 1. */
double normal_quantile(double p);

/* Student's t with DF degrees of freedom, through the incomplete beta function (DLMF 8.17). DF may be a fraction. */
double student_cdf(double t, double df);
double student_quantile(double p, double df);
#endif
