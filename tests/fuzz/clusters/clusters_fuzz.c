/* A file of clusters from any bytes, beside votes of nine people: an answer or a reason, and what is read names only who and
 * what is there. */
#include "cli/num/num_opinion.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { PEOPLE = 9, STATEMENTS = 8 };

static void check(const struct opinion_options *o)
{
	if (o->base)
		for (size_t k = 0; k < o->base->first[o->base->count]; k++)
			assert(o->base->member[k] < PEOPLE);
	if (o->groups)
		for (size_t k = 0; k < o->groups->first[o->groups->count]; k++)
			assert(o->groups->member[k] < o->base->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	struct opinion_answer answers[PEOPLE * STATEMENTS];
	for (size_t k = 0; k < COUNT(answers); k++)
		answers[k] =
			(struct opinion_answer){ (int64_t)(k % PEOPLE), (int64_t)(k / PEOPLE), (int8_t)(k % 3) - 1 };
	struct opinion_votes *v = opinion_votes_make(c.mem, answers, COUNT(answers));
	struct opinion_options o = { .exact = true };
	if (num_opinion_clusters(&c, (struct str){ (const char *)data, n }, v, &o) == OK) {
		check(&o);
		opinion_run(c.mem, v, &o);
	} else {
		assert(c.err.code != OK && c.err.why.n > 0);
	}
	arena_free(c.mem);
	return 0;
}
