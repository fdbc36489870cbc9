/* Keys and open pages as people come, and as somebody who can write the database would have it. */
#include "town.h"
#include "base/clock.h"
#include "features/circles/circles.h"

static struct town town;
static struct vault *vault;

static void begin(struct testdb *t)
{
	t->c.vault = vault;
	town_make(t, &town);
	testdb_exec(t, "DELETE FROM events");
}

/* Boards that were opened with the rights of before: those whose end was announced, by name. */
static const char *told_to_end(struct testdb *t)
{
	return testdb_value(
		t, "SELECT max(a.name) FROM events e JOIN accounts a ON a.id = e.channel WHERE e.kind = 'signed_out'");
}

static enum err joins(struct ctx *c, void *arg)
{
	int64_t membership;
	(void)arg;
	return accounts_join(c, town.people[TOWN_HEAD7].id, town.posts[TOWN_RW8], ROLE_HEAD, &membership);
}

static void who_joins_another_post_loads_the_open_board_again(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_string_equal(told_to_end(t), "");
	testdb_ok(t, db_within(&t->c, true, joins, NULL));
	assert_string_equal(told_to_end(t), "Head Seven");
}

static enum err give(struct ctx *c, void *arg)
{
	(void)arg;
	const struct town_person *to = &town.people[TOWN_DESK];
	return circles_give(c, town.posts[TOWN_BHABIN], "account", to->id, to->keys.public_key);
}

static enum err give_invited(struct ctx *c, void *arg)
{
	const struct key_pair *pair = arg;
	return circles_give(c, town.posts[TOWN_BHABIN], "invitation", 7, pair->public_key);
}

static enum err accept(struct ctx *c, void *arg)
{
	const struct key_pair *pair = arg;
	const struct town_person *to = &town.people[TOWN_DESK];
	return circles_accept(c, 7, pair->public_key, pair->secret_key, to->id, to->keys.public_key);
}

/* Whoever can write the database could put a public key of their own into a post's circle and read what is sealed from then
 * on, if the members went on as if it were theirs. */
static void a_public_key_that_is_not_the_members_is_passed_on_by_nobody(void **state)
{
	struct testdb *t = *state;
	struct key_pair invited;
	begin(t);
	vault_pair_new(&invited);
	town_sign_in(t, &town, TOWN_OFFICER);
	testdb_ok(t, db_within(&t->c, true, give, NULL));
	testdb_ok(t, db_within(&t->c, true, give_invited, &invited));
	testdb_exec(t,
		"UPDATE circles SET public_key = (SELECT o.public_key FROM circles o JOIN posts p ON p.id = o.post_id "
		"WHERE p.kind = 'polsek') WHERE post_id = (SELECT id FROM posts WHERE kind = 'bhabin')");
	assert_int_equal(db_within(&t->c, true, give, NULL), ERR_DENIED);
	assert_int_equal(db_within(&t->c, true, give_invited, &invited), ERR_DENIED);
	town_sign_in(t, &town, TOWN_PEOPLE);
	assert_int_equal(db_within(&t->c, true, accept, &invited), ERR_DB);
}

static enum err renew(struct ctx *c, void *arg)
{
	(void)arg;
	return circles_renew(c, town.posts[TOWN_POLSEK], town.people[TOWN_CHIEF].id);
}

static void a_closed_post_gets_no_new_key(void **state)
{
	struct testdb *t = *state;
	begin(t);
	testdb_exec(t, "UPDATE posts SET parent_id = (SELECT id FROM posts WHERE kind = 'polsek') WHERE kind = 'rw'");
	testdb_exec(t, "UPDATE posts SET closed_ms = 5 WHERE name = 'Sekretariat RW 07'");
	testdb_ok(t, db_within(&t->c, true, renew, NULL));
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'circle_renew'"), "1");
	assert_string_equal(
		testdb_value(t,
			"SELECT p.name FROM jobs j JOIN posts p ON p.id = j.subject_id WHERE j.kind = 'circle_renew'"),
		"Sekretariat RW 08");
}

int main(void)
{
	const struct testdb_case cases[] = { TESTDB(who_joins_another_post_loads_the_open_board_again),
		TESTDB(a_public_key_that_is_not_the_members_is_passed_on_by_nobody),
		TESTDB(a_closed_post_gets_no_new_key) };
	vault = town_vault();
	int status = testdb_run("keys", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
