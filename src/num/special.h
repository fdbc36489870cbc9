/* special.h - special functions that libm has not. */
#ifndef ADEM_NUM_SPECIAL_H
#define ADEM_NUM_SPECIAL_H
#include "base/base.h"

/* The regularised incomplete beta function I_x(A, B): P(X <= x) for X ~ Beta(A, B). A, B > 0, 0 <= x <= 1. By the continued
 * fraction (DLMF 8.17.22), about 1e-13. */
double beta_cdf(double x, double a, double b);
/* The x with beta_cdf(x, A, B) = P, 0 <= P <= 1. */
double beta_quantile(double p, double a, double b);
#endif
