/* The deliberation engine beside what Polis' server answered, and beside published variances of open conversations. */
#include "cli/num/num_opinion.h"
#include "base/csv.h"
#include "public.h"
#include "num/opinion/opinion_read.h"
#include <jansson.h>

static void forget(void *root)
{
	json_decref(root);
}

/* The file NAME of the reference data; no bytes where it is not there. */
static struct str reference(struct arena *mem, const char *name)
{
	const char *folder = getenv("ADEM_REFERENCE_DATA");
	struct str path = arena_printf(mem, "%s/%s", folder ? folder : REFERENCE_DATA, name);
	FILE *f = fopen(path.p, "rb");
	struct str out = { NULL, 0 };
	size_t cap = 0;
	if (!f)
		return out;
	char *bytes = NULL;
	do {
		bytes = arena_grow(mem, bytes, out.n, &cap, out.n + (1 << 16), 1);
		out.n += fread(bytes + out.n, 1, cap - out.n, f);
	} while (!feof(f));
	fclose(f);
	out.p = bytes;
	return out;
}

struct room {
	json_t *expected;
	struct opinion_votes *votes;
	struct opinion *found;
};

static json_t *parsed(struct arena *mem, struct str text)
{
	json_t *root = json_loadb(text.p, text.n, 0, NULL);
	assert_non_null(root);
	arena_defer(mem, forget, root);
	return root;
}

static int64_t number_of(const json_t *row, const char *name, const char *other)
{
	const json_t *v = json_object_get(row, name);
	return json_integer_value(v ? v : json_object_get(row, other));
}

/* Runs exact mode on conversation NAME; skips the test where the data is not there. */
static struct room run(struct ctx *c, const char *name)
{
	struct str votes = reference(c->mem, arena_printf(c->mem, "polis-expected/%s/votes.json", name).p);
	struct str expected = reference(c->mem, arena_printf(c->mem, "polis-expected/%s/math-pca2.json", name).p);
	if (votes.n == 0 || expected.n == 0) {
		fail_msg("the public data cannot be read");
	}
	const json_t *rows = parsed(c->mem, votes);
	size_t count = json_array_size(rows);
	struct opinion_answer *answers = arena_array(c->mem, struct opinion_answer, count);
	for (size_t k = 0; k < count; k++) {
		const json_t *row = json_array_get(rows, k);
		answers[k] = (struct opinion_answer){ number_of(row, "pid", "participant_id"),
			number_of(row, "tid", "statement_id"), (int8_t)number_of(row, "vote", "vote") };
	}
	struct room r = { .expected = parsed(c->mem, expected), .votes = opinion_votes_make(c->mem, answers, count) };
	struct opinion_options o = { .exact = true };
	assert_int_equal(num_opinion_clusters(c, expected, r.votes, &o), OK);
	r.found = opinion_run(c->mem, r.votes, &o);
	return r;
}

/* The entry of LIST that is statement J's, by the order of the server's tids. */
static double of_statement(const struct room *r, const json_t *list, size_t j)
{
	const json_t *tids = json_object_get(r->expected, "tids");
	for (size_t k = 0; k < json_array_size(tids); k++)
		if (json_integer_value(json_array_get(tids, k)) == r->votes->statement_id[j])
			return json_number_value(json_array_get(list, k));
	fail_msg("statement %" PRId64 " is not among the tids", r->votes->statement_id[j]);
	return NAN;
}

static double in_map(const struct room *r, const char *name, size_t j)
{
	char key[32];
	snprintf(key, sizeof key, "%" PRId64, r->votes->statement_id[j]);
	const json_t *v = json_object_get(json_object_get(r->expected, name), key);
	assert_true(json_is_number(v));
	return json_number_value(v);
}

static void same_map(const struct room *r)
{
	const json_t *pca = json_object_get(r->expected, "pca");
	const struct opinion_pca *p = r->found->pca;
	for (size_t k = 0; k < OPINION_AXES; k++) {
		const json_t *axis = json_array_get(json_object_get(pca, "comps"), k);
		const json_t *projection = json_array_get(json_object_get(pca, "comment-projection"), k);
		double along = 0;
		for (size_t j = 0; j < p->statements; j++)
			along += of_statement(r, axis, j) * p->axis[k * p->statements + j];
		/* The server's agree is -1: its axes are ours with the sign turned, or turned back. */
		double sign = along < 0 ? -1 : 1;
		for (size_t j = 0; j < p->statements; j++) {
			size_t at = k * p->statements + j;
			assert_near(sign * p->axis[at], of_statement(r, axis, j), 1e-12);
			assert_near(-sign * p->projection[at], of_statement(r, projection, j), 1e-12);
		}
	}
	for (size_t j = 0; j < p->statements; j++) {
		assert_near(-p->center[j], of_statement(r, json_object_get(pca, "center"), j), 1e-12);
		assert_near(p->extremity[j], of_statement(r, json_object_get(pca, "comment-extremity"), j), 1e-12);
	}
}

/* Base clusters of one person stand where the person stands. */
static void same_positions(const struct room *r)
{
	const json_t *base = json_object_get(r->expected, "base-clusters");
	size_t compared = 0;
	for (size_t b = 0; b < r->found->base->count; b++) {
		const json_t *members = json_array_get(json_object_get(base, "members"), b);
		if (json_array_size(members) != 1)
			continue;
		uint32_t i = opinion_votes_person(r->votes, json_integer_value(json_array_get(members, 0)));
		const double *xy = r->found->pca->position + 2 * (size_t)i;
		assert_near(xy[0], json_number_value(json_array_get(json_object_get(base, "x"), b)), 1e-12);
		assert_near(xy[1], json_number_value(json_array_get(json_object_get(base, "y"), b)), 1e-12);
		compared++;
	}
	assert_true(compared > 10);
}

static void same_list(const struct room *r, const struct opinion_list *list, const json_t *expected)
{
	assert_int_equal(list->count, json_array_size(expected));
	for (size_t k = 0; k < list->count; k++) {
		const struct opinion_rep *s = &list->item[k];
		const json_t *e = json_array_get(expected, k);
		assert_int_equal(r->votes->statement_id[s->statement], number_of(e, "tid", "tid"));
		assert_int_equal(s->successes, number_of(e, "n-success", "n-success"));
		assert_int_equal(s->trials, number_of(e, "n-trials", "n-trials"));
		assert_near(s->p, json_number_value(json_object_get(e, "p-success")), 1e-12);
		assert_near(s->p_test, json_number_value(json_object_get(e, "p-test")), 1e-12);
		assert_int_equal(s->best_agree, json_is_true(json_object_get(e, "best-agree")));
		if (!json_object_get(e, "repness"))
			continue;
		assert_near(s->repness, json_number_value(json_object_get(e, "repness")), 1e-12);
		/* The server keeps this one in single precision. */
		assert_close(s->repness_test, json_number_value(json_object_get(e, "repness-test")), 1e-7);
		assert_int_equal(s->agree, strcmp(json_string_value(json_object_get(e, "repful-for")), "agree") == 0);
	}
}

static void same_lists(const struct room *r)
{
	for (size_t g = 0; g < r->found->groups->count; g++) {
		char key[32];
		snprintf(key, sizeof key, "%" PRId64, r->found->groups->id[g]);
		same_list(r, &r->found->repness[g], json_object_get(json_object_get(r->expected, "repness"), key));
	}
	const json_t *consensus = json_object_get(r->expected, "consensus");
	same_list(r, &r->found->agreed, json_object_get(consensus, "agree"));
	same_list(r, &r->found->disagreed, json_object_get(consensus, "disagree"));
	for (size_t j = 0; j < r->votes->statements; j++) {
		assert_near(r->found->group_consensus[j], in_map(r, "group-aware-consensus", j), 1e-12);
		assert_close(r->found->priority[j], in_map(r, "comment-priorities", j), 1e-12);
	}
}

static void equal_to(struct ctx *c, const char *name)
{
	struct room r = run(c, name);
	assert_int_equal(r.votes->people, json_integer_value(json_object_get(r.expected, "n")));
	same_map(&r);
	same_positions(&r);
	same_lists(&r);
}

static void a_small_conversation_equals_the_server(void **state)
{
	equal_to(*state, "below-100-ptpts");
}

static void a_conversation_with_base_clusters_equals_the_server(void **state)
{
	equal_to(*state, "150ptpt-3gp-no-strict-no-meta");
}

/* Takes out the statements that a conversation's list marks as moderated (-1). */
static void moderate(struct ctx *c, struct opinion_votes *v, struct str comments)
{
	struct csv *r = arena_new_of(c->mem, struct csv);
	csv_init(r, c->mem, comments);
	assert_true(csv_next(r));
	size_t id = csv_column(r, "comment-id"), moderated = csv_column(r, "moderated");
	while (csv_next(r)) {
		int64_t statement;
		if (str_is(r->field[moderated], "-1") && str_to_i64(r->field[id], 0, INT64_MAX, &statement))
			opinion_votes_moderate(v, statement);
	}
	assert_null(r->why);
}

/* Variances and group-aware consensus of open conversations: red-dwarf 0.4.0, by its own program (numerics C.2). */
static void variances_are_those_published(void **state)
{
	static const struct {
		const char *name;
		double first, second;
	} want[] = {
		{"brexit-consensus",             2.6085, 1.1532},
		{ "scoop-hivemind.biodiversity", 3.0350, 1.4839},
		{ "vtaiwan.uberx",               3.3802, 0.9564},
	};
	struct ctx *c = *state;
	for (size_t k = 0; k < COUNT(want); k++) {
		struct opinion_votes *v;
		struct str votes = reference(c->mem, arena_printf(c->mem, "polis/%s/votes.csv", want[k].name).p);
		if (votes.n == 0) {
			fail_msg("the public data cannot be read");
		}
		assert_int_equal(opinion_read(c, votes, &v), OK);
		moderate(c, v, reference(c->mem, arena_printf(c->mem, "polis/%s/comments.csv", want[k].name).p));
		const struct opinion_pca *p = opinion_pca_make(c->mem, v);
		assert_near(p->variance[0], want[k].first, 1e-4);
		assert_near(p->variance[1], want[k].second, 1e-4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_small_conversation_equals_the_server, setup, teardown),
		cmocka_unit_test_setup_teardown(a_conversation_with_base_clusters_equals_the_server, setup, teardown),
		cmocka_unit_test_setup_teardown(variances_are_those_published, setup, teardown),
	};
	return run_with_public(tests, COUNT(tests), 3, "polis-expected");
}
