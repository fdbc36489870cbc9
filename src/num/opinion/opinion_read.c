#include "num/opinion/opinion_read.h"
#include "base/csv.h"

struct columns {
	size_t person, statement, vote;
};

static enum err read_header(struct ctx *c, struct csv *r, struct columns *k)
{
	if (!csv_next(r))
		return FAIL(c, ERR_INPUT, "line %zu: %s", r->line, r->why ? r->why : "there is no header");
	k->person = csv_column(r, "voter-id");
	k->statement = csv_column(r, "comment-id");
	k->vote = csv_column(r, "vote");
	if (k->person == SIZE_MAX || k->statement == SIZE_MAX || k->vote == SIZE_MAX)
		return FAIL(c, ERR_INPUT, "line %zu: the header must name voter-id, comment-id and vote", r->line);
	return OK;
}

static struct str field_of(const struct csv *r, size_t column)
{
	return column < r->count ? str_trim(r->field[column]) : (struct str){ "", 0 };
}

static enum err read_row(struct ctx *c, const struct csv *r, const struct columns *k, struct opinion_answer *out)
{
	int64_t vote = 0;
	if (!str_to_i64(field_of(r, k->person), 0, INT64_MAX, &out->person))
		return FAIL(c, ERR_INPUT, "line %zu: voter-id is not a whole number", r->line);
	if (!str_to_i64(field_of(r, k->statement), 0, INT64_MAX, &out->statement))
		return FAIL(c, ERR_INPUT, "line %zu: comment-id is not a whole number", r->line);
	if (!str_to_i64(field_of(r, k->vote), -1, 1, &vote))
		return FAIL(c, ERR_INPUT, "line %zu: vote is not 1, 0 or -1", r->line);
	out->vote = (int8_t)vote;
	return OK;
}

enum err opinion_read(struct ctx *c, struct str text, struct opinion_votes **votes)
{
	struct csv *r = arena_new_of(c->mem, struct csv);
	struct columns k = { 0 };
	struct opinion_answer *answers = NULL;
	size_t count = 0, cap = 0;
	csv_init(r, c->mem, text);
	TRY(read_header(c, r, &k));
	while (csv_next(r)) {
		if (count == OPINION_ANSWERS_MAX)
			return FAIL(c, ERR_LIMIT, "more than %d answers", OPINION_ANSWERS_MAX);
		answers = arena_grow(c->mem, answers, count, &cap, count + 1, sizeof *answers);
		TRY(read_row(c, r, &k, &answers[count]));
		count++;
	}
	if (r->why)
		return FAIL(c, ERR_INPUT, "line %zu: %s", r->line, r->why);
	*votes = opinion_votes_make(c->mem, answers, count);
	if (!*votes)
		return FAIL(
			c, ERR_LIMIT, "more than %d voters or %d comments", OPINION_PEOPLE_MAX, OPINION_STATEMENTS_MAX);
	return OK;
}
