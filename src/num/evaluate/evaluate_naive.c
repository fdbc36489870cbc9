#include "num/evaluate/evaluate_naive.h"
#include <math.h>

struct evaluate_naive evaluate_before_after(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span)
{
	assert(window > 0 && span > 0 && span <= start);
	double after = 0.5, before = 0.5;
	for (size_t k = 0; k < count; k++) {
		after += evaluate_count(p, place[k], start, start + window);
		before += evaluate_count(p, place[k], start - span, start);
	}
	double usual = before * (double)window / (double)span;
	return (struct evaluate_naive){ log(after / usual), sqrt(1 / after + 1 / before) };
}

struct evaluate_naive evaluate_differences(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span)
{
	struct evaluate_naive own = evaluate_before_after(p, place, count, start, window, span);
	double after = 0.5, before = 0.5;
	for (size_t i = 0; i < p->places; i++) {
		after += evaluate_count(p, i, start, start + window);
		before += evaluate_count(p, i, start - span, start);
	}
	for (size_t k = 0; k < count; k++) {
		after -= evaluate_count(p, place[k], start, start + window);
		before -= evaluate_count(p, place[k], start - span, start);
	}
	double others = log(after / before * (double)span / (double)window);
	return (struct evaluate_naive){ own.log_ratio - others, sqrt(own.se * own.se + 1 / after + 1 / before) };
}
