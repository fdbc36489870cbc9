/* Votes from any bytes: a matrix that holds together, or a reason. */
#include "num/opinion_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_votes(const struct opinion_votes *v)
{
	assert(v->row[0] == 0 && v->row[v->people] == v->count);
	for (size_t i = 0; i < v->people; i++) {
		assert(i == 0 || v->person_id[i - 1] < v->person_id[i]);
		for (size_t k = v->row[i]; k < v->row[i + 1]; k++) {
			assert(v->vote[k] >= -1 && v->vote[k] <= 1 && v->statement[k] < v->statements);
			assert(k == v->row[i] || v->statement[k - 1] < v->statement[k]);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	struct opinion_votes *v;
	if (opinion_read(&c, (struct str){ (const char *)data, n }, &v) == OK)
		check_votes(v);
	else
		assert(c.err.code != OK && c.err.why.n > 0);
	arena_free(c.mem);
	return 0;
}
