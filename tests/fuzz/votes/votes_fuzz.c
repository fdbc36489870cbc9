/* Votes from any bytes: an answer or a reason, and what is read holds together, down to the end of both modes. */
#include "num/opinion/opinion.h"
#include "num/opinion/opinion_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct opinion_votes *v)
{
	assert(v->row[v->people] == v->count);
	for (size_t i = 0; i < v->people; i++) {
		assert(i == 0 || v->person_id[i - 1] < v->person_id[i]);
		assert(opinion_votes_person(v, v->person_id[i]) == i && opinion_votes_of(v, i) > 0);
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			assert(v->statement[at] < v->statements && v->vote[at] >= -1 && v->vote[at] <= 1);
			assert(at == v->row[i] || v->statement[at - 1] < v->statement[at]);
		}
	}
	for (size_t j = 1; j < v->statements; j++)
		assert(v->statement_id[j - 1] < v->statement_id[j]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	struct opinion_votes *v = NULL;
	if (opinion_read(&c, (struct str){ (const char *)data, n }, &v) == OK) {
		check(v);
		for (int exact = 0; exact < 2; exact++) {
			const struct opinion *r = opinion_run(
				c.mem, v, &(struct opinion_options){ .exact = exact, .seed = 1 });
			for (size_t i = 0; i < v->people; i++)
				assert(r->group_of[i] < r->groups->count || r->group_of[i] == OPINION_NONE);
		}
	} else {
		assert(c.err.code != OK && c.err.why.n > 0);
	}
	arena_free(c.mem);
	return 0;
}
