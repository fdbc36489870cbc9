#include "num/data/windows.h"

struct windows windows_between(int32_t first, int32_t end, unsigned horizon_d, unsigned step_d)
{
	assert(horizon_d > 0 && step_d > 0);
	int64_t room = (int64_t)end - first - horizon_d;
	return (struct windows){ first, horizon_d, step_d, room < 0 ? 0 : (size_t)(room / step_d) + 1 };
}

int32_t windows_origin(const struct windows *v, size_t w)
{
	assert(w < v->count);
	return v->first + (int32_t)(w * v->step_d);
}

void windows_observed(const struct windows *v, const struct events *e, size_t places, uint32_t *out)
{
	memset(out, 0, v->count * places * sizeof *out);
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w), end = origin + (int32_t)v->horizon_d;
		for (size_t i = events_from(e, origin); i < e->count && e->event[i].day < end; i++)
			if (e->event[i].kind == 0)
				out[w * places + e->event[i].place]++;
	}
}
