/* cost.h - what a benchmark of the engines asks of its own process, and how it ends when an engine refuses. */
#ifndef ADEM_BENCH_COST_H
#define ADEM_BENCH_COST_H
#include "base/err.h"
#include <sys/resource.h>
#include <time.h>

/* Of the processor: whoever else works on the machine does not count. */
static inline double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline double peak_mb(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return (double)r.ru_maxrss / 1024;
}

static inline void must(const struct ctx *c, enum err e)
{
	if (e == OK)
		return;
	fprintf(stderr, "%s: %.*s\n", program_invocation_short_name, STR_ARG(c->err.why));
	exit(1);
}
#endif
