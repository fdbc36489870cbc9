#include "num/score/scores_rank.h"
#include <math.h>

struct flag {
	double mean;
	uint32_t observed;
};

static int by_mean(const void *x, const void *y)
{
	const struct flag *a = x, *b = y;
	return (a->mean < b->mean) - (a->mean > b->mean);
}

static int by_count(const void *x, const void *y)
{
	const struct flag *a = x, *b = y;
	return (a->observed < b->observed) - (a->observed > b->observed);
}

/* Incidents in the first FLAGGED of COUNT places in order of mean, those that tie with the last one sharing its flags. */
static double hits_of(const struct flag *flag, size_t count, size_t flagged)
{
	double last = flag[flagged - 1].mean, above = 0, tied = 0;
	size_t first = 0, end = 0;
	for (; end < count && flag[end].mean >= last; end++) {
		if (flag[end].mean > last) {
			above += flag[end].observed;
			first = end + 1;
		} else {
			tied += flag[end].observed;
		}
	}
	return above + tied * (double)(flagged - first) / (double)(end - first);
}

struct scores_rank scores_rank(struct arena *scratch, const struct scores_table *t, double share)
{
	assert(share > 0 && share <= 1 && t->places > 0);
	size_t n = t->places, flagged = (size_t)fmax(1, round(share * (double)n));
	struct scores_rank s = { .flagged = flagged };
	struct flag *flag = arena_array(scratch, struct flag, n);
	double all = 0, best = 0;
	for (size_t w = 0; w < t->windows; w++) {
		for (size_t i = 0; i < n; i++) {
			flag[i] = (struct flag){ t->mean[w * n + i], t->observed[w * n + i] };
			all += flag[i].observed;
		}
		qsort(flag, n, sizeof *flag, by_mean);
		s.hits += hits_of(flag, n, flagged);
		qsort(flag, n, sizeof *flag, by_count);
		for (size_t i = 0; i < flagged; i++)
			best += flag[i].observed;
	}
	s.rate = all > 0 ? s.hits / all : NAN;
	s.pai = s.rate * (double)n / (double)flagged;
	s.pei = best > 0 ? s.hits / best : NAN;
	return s;
}
