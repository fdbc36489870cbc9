/* Prints scores for an oracle outside, as CSV: "counts" count,mean,size,log,crps over a grid; "auc" p,y,auc of simulated
 * forecasts with many ties; "given" count,mean,size,log,crps for lines "count mean size" on standard input. */
#include "num/stats/counts.h"
#include "num/score/scores.h"
#include <math.h>

static void print_counts(void)
{
	static const double means[] = { 0.003, 0.08, 0.9, 4, 37, 410 }, sizes[] = { 0.2, 1, 7.5, 120, INFINITY };
	printf("count,mean,size,log,crps\n");
	for (size_t m = 0; m < COUNT(means); m++)
		for (size_t s = 0; s < COUNT(sizes); s++)
			for (uint32_t k = 0; k < 700; k = k < 6 ? k + 1 : k * 2)
				printf("%" PRIu32 ",%.17g,%.17g,%.17g,%.17g\n", k, means[m], sizes[s],
					-counts_log(k, means[m], sizes[s]), counts_crps(k, means[m], sizes[s]));
}

static bool print_given(void)
{
	uint32_t k;
	double mean, size;
	int read;
	printf("count,mean,size,log,crps\n");
	while ((read = scanf("%" SCNu32 " %lf %lf", &k, &mean, &size)) == 3)
		printf("%" PRIu32 ",%.17g,%.17g,%.17g,%.17g\n", k, mean, size, -counts_log(k, mean, size),
			counts_crps(k, mean, size));
	return read == EOF;
}

static void print_auc(void)
{
	enum { FORECASTS = 3000 };
	struct arena *a = arena_new(1 << 16);
	struct rng r = rng_seeded(6);
	double p[FORECASTS];
	bool y[FORECASTS];
	for (size_t i = 0; i < FORECASTS; i++) {
		p[i] = (double)rng_below(&r, 40) / 80;
		y[i] = rng_unit(&r) < p[i] * p[i];
	}
	double auc = scores_any_of(a, p, y, FORECASTS).auc;
	printf("p,y,auc\n");
	for (size_t i = 0; i < FORECASTS; i++)
		printf("%.17g,%d,%.17g\n", p[i], y[i], auc);
	arena_free(a);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "counts") == 0)
		print_counts();
	else if (argc == 2 && strcmp(argv[1], "auc") == 0)
		print_auc();
	else
		return argc == 2 && strcmp(argv[1], "given") == 0 && print_given() ? 0 : 2;
	return 0;
}
