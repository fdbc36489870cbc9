/* Who holds which key after people come and go: rows of circle_keys, not pages. */
#include "faults.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_lineage.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "http/session.h"
#include "http/slow.h"
#include "vault/password.h"
#include "vault/vault.h"
#include <unistd.h>

/* One who belongs to a post. */
struct person {
	int64_t id, membership;
	struct key_pair keys;
};

/* A Polsek with two desks, and an RW below it with two heads and a figure. */
static struct {
	int64_t polsek, rw;
	struct person desk, other_desk, first, second, figure;
	struct session session;
	struct accounts_session me;
} made;
static struct vault *vault;

static struct vault *open_vault(void)
{
	char path[] = "/tmp/adem-pepper-XXXXXX";
	const char *why;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	struct vault *v = vault_open(path, true, &why);
	unlink(path);
	assert_non_null(v);
	return v;
}

static enum err add(
	struct ctx *c, const char *name, int64_t post, const uint8_t *secret, unsigned roles, struct person *p)
{
	static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1 };
	struct account_new who = {
		.name = str_of(name),
		.phone = S(""),
		.password = S("kata sandi"),
		.cheap = true,
		.salt = {(const char *)salt, sizeof salt}
	};
	struct str recovery;
	p->id = id_new(c->now_ms);
	vault_pair_new(&p->keys);
	TRY(accounts_create(c, &who, &p->keys, &p->id, &recovery));
	TRY(accounts_join(c, p->id, post, roles, &p->membership));
	return secret ? circles_give_secret(c, post, secret, p->id, p->keys.public_key) : OK;
}

static enum err make(struct ctx *c, void *arg)
{
	uint8_t polsek_secret[VAULT_KEY_BYTES], rw_secret[VAULT_KEY_BYTES];
	int64_t city;
	(void)arg;
	TRY(places_add_region(c, 1, S("Satu"), S("WIB")));
	TRY(places_add(c, 0, S("31.71"), "city", S("Kota"), &city));
	struct post polsek = { .kind = S("polsek"), .name = S("Polsek"), .phone = S(""), .place_id = city };
	TRY(posts_create(c, &polsek, &made.polsek, polsek_secret));
	struct post rw = {
		.kind = S("rw"), .name = S("RW"), .phone = S(""), .place_id = city, .parent_id = made.polsek
	};
	TRY(posts_create(c, &rw, &made.rw, rw_secret));
	TRY(add(c, "Desk", made.polsek, polsek_secret, ROLE_DESK, &made.desk));
	TRY(add(c, "Other desk", made.polsek, polsek_secret, ROLE_DESK, &made.other_desk));
	TRY(add(c, "First", made.rw, rw_secret, ROLE_HEAD, &made.first));
	TRY(add(c, "Second", made.rw, rw_secret, ROLE_HEAD, &made.second));
	return add(c, "Figure", made.rw, NULL, ROLE_FIGURE, &made.figure);
}

static void sign_in(struct testdb *t, const struct person *p)
{
	t->c.account_id = p->id;
	t->c.session = &made.session;
	memcpy(made.session.secret_key, p->keys.secret_key, VAULT_KEY_BYTES);
	made.session.more = &made.me;
}

static void begin(struct testdb *t)
{
	memset(&made, 0, sizeof made);
	t->c.vault = vault;
	testdb_ok(t, db_within(&t->c, true, make, NULL));
}

static const char *text_of(struct testdb *t, const char *fmt, int64_t a, int64_t b)
{
	char sql[600];
	snprintf(sql, sizeof sql, fmt, a, b);
	return testdb_value(t, sql);
}

/* How many generations of the post's circle the account holds: all of them, and the newest. */
static const char *held(struct testdb *t, int64_t post, const struct person *p)
{
	return text_of(t,
		"SELECT count(*) FROM circle_keys k JOIN circles c ON c.id = k.circle_id WHERE c.post_id = %" PRId64
		" AND k.holder = 'account' AND k.holder_id = %" PRId64,
		post, p->id);
}

static const char *newest(struct testdb *t, int64_t post, const struct person *p)
{
	return text_of(t,
		"SELECT count(*) FROM circle_keys k WHERE k.circle_id = (SELECT id FROM circles WHERE post_id = "
		"%" PRId64 " ORDER BY generation DESC LIMIT 1) AND k.holder = 'account' AND k.holder_id = %" PRId64,
		post, p->id);
}

static const char *generation(struct testdb *t, int64_t post)
{
	return text_of(t, "SELECT max(generation) FROM circles WHERE post_id = %" PRId64 "%.0d", post, 0);
}

static enum err leave(struct ctx *c, void *arg)
{
	return accounts_remove(c, ((struct person *)arg)->membership);
}

static enum err demote(struct ctx *c, void *arg)
{
	return accounts_set_roles(c, ((struct person *)arg)->membership, ROLE_FIGURE);
}

static enum err promote(struct ctx *c, void *arg)
{
	return accounts_set_roles(c, ((struct person *)arg)->membership, ROLE_HEAD | ROLE_FIGURE);
}

static void who_is_removed_holds_no_key_of_any_generation(void **state)
{
	struct testdb *t = *state;
	begin(t);
	sign_in(t, &made.first);
	assert_string_equal(held(t, made.rw, &made.second), "1");
	assert_true(every_statement_may_fail(t, leave, &made.second, NULL) > 10);
	assert_string_equal(generation(t, made.rw), "2");
	assert_string_equal(held(t, made.rw, &made.second), "0");
	assert_string_equal(held(t, made.rw, &made.first), "2");
	assert_string_equal(newest(t, made.rw, &made.first), "1");
}

static void who_reads_no_more_holds_no_key_of_any_generation(void **state)
{
	struct testdb *t = *state;
	begin(t);
	sign_in(t, &made.first);
	assert_true(every_statement_may_fail(t, demote, &made.second, NULL) > 10);
	assert_string_equal(generation(t, made.rw), "2");
	assert_string_equal(held(t, made.rw, &made.second), "0");
	assert_string_equal(newest(t, made.rw, &made.first), "1");
}

static void who_goes_on_reading_keeps_the_keys(void **state)
{
	struct testdb *t = *state;
	begin(t);
	sign_in(t, &made.first);
	testdb_ok(t, db_within(&t->c, true, promote, &made.second));
	assert_string_equal(generation(t, made.rw), "1");
	assert_string_equal(newest(t, made.rw, &made.second), "1");
}

/* A row that was left behind, by whatever way, is no reason to seal the next key to its holder. */
static void a_new_key_is_for_those_who_read_here_now(void **state)
{
	struct testdb *t = *state;
	begin(t);
	testdb_exec(t, "INSERT INTO circle_keys (region, circle_id, holder, holder_id, sealed_key, created_ms) "
		       "SELECT k.region, k.circle_id, k.holder, a.id, k.sealed_key, 1 FROM circle_keys k, accounts a "
		       "WHERE a.name = 'Figure' AND k.holder_id = (SELECT id FROM accounts WHERE name = 'First')");
	testdb_exec(t, "UPDATE memberships SET ended_ms = 5 WHERE account_id = (SELECT id FROM accounts WHERE name = "
		       "'Figure')");
	sign_in(t, &made.first);
	testdb_ok(t, db_within(&t->c, true, leave, &made.second));
	assert_string_equal(newest(t, made.rw, &made.figure), "0");
	assert_string_equal(newest(t, made.rw, &made.second), "0");
	assert_string_equal(newest(t, made.rw, &made.first), "1");
}

static enum err invite(struct ctx *c, void *arg)
{
	return accounts_invite(c, made.rw, ROLE_HEAD, S("Third"), arg);
}

static enum err sweep(struct ctx *c, void *arg)
{
	(void)arg;
	return circles_sweep_job(c, 0);
}

#define INVITED "SELECT count(*) FROM circle_keys WHERE holder = 'invitation'"

static void keys_of_dead_invitations_are_gone(void **state)
{
	struct testdb *t = *state;
	struct str code;
	begin(t);
	sign_in(t, &made.second);
	testdb_ok(t, db_within(&t->c, true, invite, &code));
	assert_string_equal(testdb_value(t, INVITED), "1");
	sign_in(t, &made.first);
	testdb_ok(t, db_within(&t->c, true, leave, &made.second));
	assert_string_equal(testdb_value(t, INVITED), "0");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM invitations WHERE ended_ms IS NULL"), "0");

	/* One that nobody ends stays until its time is over. */
	testdb_ok(t, db_within(&t->c, true, invite, &code));
	t->c.now_ms += 7 * DAY_MS - MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, sweep, NULL));
	assert_string_equal(testdb_value(t, INVITED), "2");
	t->c.now_ms += 2 * MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, sweep, NULL));
	assert_string_equal(testdb_value(t, INVITED), "0");
}

static void somebody_always_holds_the_newest_key(void **state)
{
	struct testdb *t = *state;
	begin(t);
	testdb_exec(t,
		"DELETE FROM circle_keys WHERE holder = 'account' AND holder_id = (SELECT id FROM accounts WHERE "
		"name = 'Second')");
	sign_in(t, &made.first);
	assert_int_equal(db_within(&t->c, true, leave, &made.first), ERR_CONFLICT);
	sign_in(t, &made.desk);
	assert_int_equal(db_within(&t->c, true, leave, &made.first), ERR_CONFLICT);
	assert_int_equal(db_within(&t->c, true, demote, &made.first), ERR_CONFLICT);
	testdb_ok(t, db_within(&t->c, true, leave, &made.second)); /* who never had the key takes nothing along */
	assert_int_equal(db_within(&t->c, true, leave, &made.first), ERR_CONFLICT);
	assert_string_equal(newest(t, made.rw, &made.first), "1");
}

static enum err renew_below(struct ctx *c, void *arg)
{
	(void)arg;
	return circles_renew_job(c, made.rw);
}

#define SEALED_TO_NEWEST_ABOVE                                                                                         \
	"SELECT count(*) FROM circle_keys k WHERE k.holder = 'circle' AND k.circle_id = (SELECT id FROM circles "      \
	"WHERE "                                                                                                       \
	"post_id = (SELECT id FROM posts WHERE kind = 'rw') ORDER BY generation DESC LIMIT 1) AND k.holder_id = "      \
	"(SELECT "                                                                                                     \
	"id FROM circles WHERE post_id = (SELECT id FROM posts WHERE kind = 'polsek') ORDER BY generation DESC LIMIT " \
	"1)"

/* Who could open the key of the post above could open those below, so these are made anew, once. */
static void posts_below_get_a_new_key_too(void **state)
{
	struct testdb *t = *state;
	begin(t);
	sign_in(t, &made.desk);
	assert_string_equal(testdb_value(t, SEALED_TO_NEWEST_ABOVE), "1");
	testdb_ok(t, db_within(&t->c, true, leave, &made.other_desk));
	assert_string_equal(generation(t, made.polsek), "2");
	assert_string_equal(testdb_value(t, SEALED_TO_NEWEST_ABOVE), "0");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'circle_renew' AND subject_id = "
					    "(SELECT id FROM posts WHERE kind = 'rw')"),
		"1");
	assert_true(every_statement_may_fail(t, renew_below, NULL, NULL) > 5);
	assert_string_equal(generation(t, made.rw), "2");
	assert_string_equal(testdb_value(t, SEALED_TO_NEWEST_ABOVE), "1");
	assert_string_equal(newest(t, made.rw, &made.first), "1");
	assert_string_equal(newest(t, made.rw, &made.second), "1");
	testdb_ok(t, db_within(&t->c, true, renew_below, NULL));
	assert_string_equal(generation(t, made.rw), "2");
}

static enum err holderless(struct ctx *c, void *arg)
{
	struct circle_post *rows;
	return circles_holderless(c, &rows, arg);
}

static size_t posts_without_holder(struct testdb *t)
{
	size_t n = 0;
	testdb_ok(t, db_within(&t->c, false, holderless, &n));
	return n;
}

static void a_post_whose_members_all_wait_for_the_key_is_found(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_int_equal(posts_without_holder(t), 0);
	/* Former members, and those who do not read, hold nothing that counts. */
	testdb_exec(t, "UPDATE memberships SET ended_ms = 5 WHERE account_id = (SELECT id FROM accounts WHERE name = "
		       "'First')");
	assert_int_equal(posts_without_holder(t), 0);
	testdb_exec(t, "UPDATE memberships SET roles = 4 WHERE account_id = (SELECT id FROM accounts WHERE name = "
		       "'Second')");
	assert_int_equal(posts_without_holder(t), 0); /* nobody is to read there now */
	testdb_exec(t, "UPDATE memberships SET roles = 2 WHERE account_id = (SELECT id FROM accounts WHERE name = "
		       "'Figure')");
	assert_int_equal(posts_without_holder(t), 1);
}

struct verified {
	int64_t boxes, unreadable;
};

static enum err open_all(struct ctx *c, void *arg)
{
	struct verified *n = arg;
	return circles_verify(c, &n->boxes, &n->unreadable, NULL, NULL);
}

static enum err seal(struct ctx *c, void *arg)
{
	static const struct box_field field = {
		"text", {"isi", 3}
	};
	(void)arg;
	return circles_seal(c, (struct box_of){ "reports", 7 }, &field, 1, &made.rw, 1, 0, NULL);
}

/* What only former members could open opens for nobody. */
static void a_box_for_former_members_is_found(void **state)
{
	struct testdb *t = *state;
	struct verified n;
	begin(t);
	testdb_ok(t, db_within(&t->c, true, seal, NULL));
	testdb_ok(t, db_within(&t->c, false, open_all, &n));
	assert_int_equal(n.boxes, 1);
	assert_int_equal(n.unreadable, 0);
	testdb_exec(t, "UPDATE memberships SET ended_ms = 5 WHERE post_id = (SELECT id FROM posts WHERE kind = 'rw')");
	testdb_ok(t, db_within(&t->c, false, open_all, &n));
	assert_int_equal(n.unreadable, 1);
}

struct used {
	struct invitation what;
	struct str code, recovery;
	struct key_pair pair;
};

static enum err reset(struct ctx *c, void *arg)
{
	struct used *u = arg;
	TRY(accounts_reset(c, made.desk.id, &u->code));
	TRY(accounts_invitation_read(c, u->code, &u->what));
	return accounts_reset_use(c, &u->what, S("kata sandi yang lain"), &u->pair, &u->recovery);
}

/* Who lost the key with the password, and was its last holder, reads again what comes from now on. */
static void a_reset_of_the_last_holder_leaves_a_holder(void **state)
{
	struct testdb *t = *state;
	struct used u;
	begin(t);
	t->c.account_id = 0;
	t->c.session = NULL;
	testdb_exec(t, "UPDATE memberships SET ended_ms = 5 WHERE account_id = (SELECT id FROM accounts WHERE name = "
		       "'Other desk')");
	testdb_ok(t, db_within(&t->c, true, reset, &u));
	assert_string_equal(generation(t, made.polsek), "2");
	assert_string_equal(held(t, made.polsek, &made.desk), "1");
	assert_string_equal(newest(t, made.polsek, &made.desk), "1");
}

/* From the least to the most that a role lets somebody do to others. */
static int rank(unsigned role)
{
	switch (role) {
	case ROLE_RESIDENT: return 0;
	case ROLE_FIGURE:
	case ROLE_PRESS: return 1;
	case ROLE_COMMAND: return 3;
	case ROLE_ADMIN: return 4;
	default: return 2;
	}
}

static void nobody_gives_above_what_they_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < accounts_grants_count; i++)
		for (unsigned bit = 1; bit < 512; bit <<= 1)
			if ((accounts_grants[i].by_own | accounts_grants[i].by_above) & bit)
				assert_true(rank(bit) >= rank(accounts_grants[i].role));
	const char *const kinds[] = { "bhabin", "polsek", "polres", "call110", "rw", "fkpm" };
	for (size_t i = 0; i < COUNT(kinds); i++) {
		unsigned roles = accounts_grantable(str_of(kinds[i]));
		assert_true(roles != 0);
		assert_true(accounts_fit_together(roles)); /* no post holds mediators and police at once */
		assert_int_equal((roles & ROLE_ADMIN) != 0, i == 2);
	}
}

/* WHO came through MAKER, DAYS after 1970. */
static void came(struct testdb *t, const struct person *who, const struct person *maker, int days)
{
	char sql[300];
	snprintf(sql, sizeof sql,
		"UPDATE accounts SET invited_by = %" PRId64 ", created_ms = %" PRId64 " WHERE id = %" PRId64, maker->id,
		days * DAY_MS, who->id);
	testdb_exec(t, sql);
}

struct pair {
	const struct person *a, *b;
	bool one;
};

static enum err compare(struct ctx *c, void *arg)
{
	struct pair *p = arg;
	bool other;
	TRY(accounts_one_person(c, p->a->id, p->b->id, &p->one));
	TRY(accounts_one_person(c, p->b->id, p->a->id, &other));
	assert_int_equal(other, p->one);
	return OK;
}

static bool one_person(struct testdb *t, const struct person *a, const struct person *b)
{
	struct pair p = { .a = a, .b = b };
	testdb_ok(t, db_within(&t->c, false, compare, &p));
	return p.one;
}

static void one_hand_with_two_accounts_is_one_person(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_true(one_person(t, &made.desk, &made.desk));
	assert_false(one_person(t, &made.desk, &made.other_desk)); /* the operator made both */
	came(t, &made.first, &made.desk, 20);
	came(t, &made.second, &made.first, 40);
	came(t, &made.figure, &made.desk, 4000);
	assert_true(one_person(t, &made.desk, &made.first));
	assert_true(one_person(t, &made.desk, &made.second)); /* at any depth */
	assert_true(one_person(t, &made.desk, &made.figure)); /* however late */
	assert_true(one_person(t, &made.first, &made.figure));
	assert_true(one_person(t, &made.second, &made.figure));
	assert_false(one_person(t, &made.other_desk, &made.second));
}

static void a_third_person_cuts_the_line(void **state)
{
	struct testdb *t = *state;
	char sql[200];
	begin(t);
	came(t, &made.first, &made.desk, 20);
	came(t, &made.second, &made.first, 21);
	snprintf(sql, sizeof sql, "UPDATE accounts SET vouched_by = %" PRId64 " WHERE id = %" PRId64,
		made.other_desk.id, made.first.id);
	testdb_exec(t, sql);
	assert_false(one_person(t, &made.desk, &made.first));
	assert_false(one_person(t, &made.desk, &made.second));
	assert_true(one_person(t, &made.first, &made.second));
	came(t, &made.figure, &made.desk, 22);
	assert_false(one_person(t, &made.first, &made.figure));
	assert_false(one_person(t, &made.second, &made.figure));
}

/* What a wrong password costs for a name, in a hasher. */
struct wrong_try {
	const char *name;
	int64_t cost;
};

static enum err try_wrong(struct ctx *c, void *arg)
{
	struct wrong_try *t = arg;
	struct slow *slow = arena_new_of(c->mem, struct slow);
	uint8_t secret[VAULT_KEY_BYTES];
	int64_t id = 0;
	bool good;
	c->slow = slow;
	assert_int_equal(accounts_sign_in_try(c, str_of(t->name), S("salah"), &id, secret, &good), ERR_WAIT);
	c->slow = NULL;
	assert_int_equal(slow->count, 1);
	t->cost = slow->work[0].cost;
	return OK;
}

static enum err add_at_usual_cost(struct ctx *c, void *arg)
{
	static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1 };
	struct account_new who = {
		.name = str_of(arg), .password = S("x"), .salt = {(const char *)salt, sizeof salt}
	};
	struct key_pair pair;
	struct str recovery;
	int64_t id = id_new(c->now_ms);
	who.phone = S("");
	vault_pair_new(&pair);
	return accounts_create(c, &who, &pair, &id, &recovery);
}

static int64_t cost_of(struct testdb *t, const char *name)
{
	struct wrong_try one = { .name = name };
	testdb_ok(t, db_within(&t->c, true, try_wrong, &one));
	return one.cost;
}

static enum err be_demo(struct ctx *c, void *unused)
{
	(void)unused;
	return places_be_demo(c);
}

/* By the time of an answer nobody learns who signs in here: in a demo too, whose people have the least cost. */
static void names_that_nobody_has_cost_as_much(void **state)
{
	struct testdb *t = *state;
	begin(t);
	testdb_ok(t, db_within(&t->c, true, add_at_usual_cost, "Rina"));
	assert_int_equal(cost_of(t, "Rina"), PASSWORD_COST_NORMAL);
	assert_int_equal(cost_of(t, "Nobody"), PASSWORD_COST_NORMAL);
	testdb_ok(t, db_within(&t->c, true, be_demo, NULL));
	testdb_ok(t, db_within(&t->c, true, add_at_usual_cost, "Joko"));
	assert_int_equal(cost_of(t, "Desk"), PASSWORD_COST_LEAST);
	assert_int_equal(cost_of(t, "Joko"), PASSWORD_COST_LEAST);
	assert_int_equal(cost_of(t, "Nobody"), PASSWORD_COST_LEAST);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(who_is_removed_holds_no_key_of_any_generation),
		TESTDB(who_reads_no_more_holds_no_key_of_any_generation),
		TESTDB(who_goes_on_reading_keeps_the_keys),
		TESTDB(a_new_key_is_for_those_who_read_here_now),
		TESTDB(keys_of_dead_invitations_are_gone),
		TESTDB(somebody_always_holds_the_newest_key),
		TESTDB(posts_below_get_a_new_key_too),
		TESTDB(a_post_whose_members_all_wait_for_the_key_is_found),
		TESTDB(a_box_for_former_members_is_found),
		TESTDB(a_reset_of_the_last_holder_leaves_a_holder),
		TESTDB(one_hand_with_two_accounts_is_one_person),
		TESTDB(a_third_person_cuts_the_line),
		TESTDB(nobody_gives_above_what_they_hold),
		TESTDB(names_that_nobody_has_cost_as_much),
	};
	vault = open_vault();
	int status = testdb_run("rights", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
