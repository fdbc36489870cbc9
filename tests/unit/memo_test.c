/* What a connection remembers of answers (db/memo.h), without a database. */
#include "db/memo.h"
#include "test.h"

struct pair_row {
	int64_t id;
	struct str title, note;
};

static const struct db_column pair_out[] = {
	{"id",     DB_INT,  false, offsetof(struct pair_row, id)   },
	{ "title", DB_TEXT, false, offsetof(struct pair_row, title)},
	{ "note",  DB_BLOB, true,  offsetof(struct pair_row, note) }
};
static const struct db_stmt_def pairs = { .name = "pairs",
	.kind = DB_MANY,
	.in = "it",
	.out = pair_out,
	.out_count = COUNT(pair_out),
	.row_size = sizeof(struct pair_row) };

static void a_memo_gives_back_what_it_was_given_until_the_version_changes(void **state)
{
	(void)state;
	struct ctx c = { .mem = arena_new(4096) };
	struct memo *m = memo_new();
	struct pair_row given[] = {
		{1,  S("one"), { NULL, 0 }    },
                { 2, S(""),    { "a\0b\0", 3 }}
	};
	const struct db_value in[] = { db_int(7), db_text(S("x")) }, others[] = { db_int(7), db_text(S("y")) };
	struct db_rows of = { .c = &c, .def = &pairs, .rows = given, .count = 2, .cap = 2 }, got = { .c = &c };
	memo_see(m, 5);
	assert_false(memo_get(m, &pairs, in, &got));
	memo_keep(m, &pairs, in, &of);
	given[0].id = 99; /* it has a copy of its own */
	assert_false(memo_get(m, &pairs, others, &got));
	assert_true(memo_get(m, &pairs, in, &got));
	const struct pair_row *rows = got.rows;
	assert_true(got.count == 2 && rows[0].id == 1 && str_is(rows[0].title, "one") && !rows[0].note.p);
	assert_true(rows[1].id == 2 && rows[1].title.p && rows[1].title.n == 0 && rows[1].note.n == 3);
	assert_memory_equal(rows[1].note.p, "a\0b", 3);
	assert_int_equal(rows[0].title.p[3], 0);
	memo_see(m, 5);
	assert_true(memo_get(m, &pairs, in, &got));
	memo_see(m, 6);
	assert_false(memo_get(m, &pairs, in, &got));
	memo_free(m);
	arena_free(c.mem);
}

static void a_memo_stays_small(void **state)
{
	(void)state;
	struct ctx c = { .mem = arena_new(4096) };
	enum { LARGE = 70000, PIECE = 30000, MANY = 500 };
	struct memo *m = memo_new();
	struct pair_row one = {
		1, {arena_alloc(c.mem, LARGE + 1, 1), LARGE },
                 { NULL,            0                   }
	};
	struct db_value in[] = { db_int(0), db_text(S("x")) };
	struct db_rows of = { .c = &c, .def = &pairs, .rows = &one, .count = 1, .cap = 1 }, got = { .c = &c };
	memo_keep(m, &pairs, in, &of);
	assert_false(memo_get(m, &pairs, in, &got));
	one.title.n = PIECE;
	size_t known = 0;
	for (int64_t i = 0; i < MANY; i++) {
		in[0].i = i;
		memo_keep(m, &pairs, in, &of);
		assert_true(memo_get(m, &pairs, in, &got));
	}
	for (int64_t i = 0; i < MANY; i++) {
		in[0].i = i;
		known += memo_get(m, &pairs, in, &got);
	}
	assert_in_range(known * PIECE, PIECE, 1 << 20);
	struct db_value long_key[] = { db_int(0), db_text((struct str){ one.title.p, 2000 }) };
	memo_keep(m, &pairs, long_key, &of);
	assert_false(memo_get(m, &pairs, long_key, &got));
	memo_free(m);
	arena_free(c.mem);
}

int main(void)
{
	const struct CMUnitTest cases[] = {
		cmocka_unit_test(a_memo_gives_back_what_it_was_given_until_the_version_changes),
		cmocka_unit_test(a_memo_stays_small),
	};
	return cmocka_run_group_tests_name("memo", cases, NULL, NULL);
}
