/* The actions that people's safety hangs on, with each of their statements failing: all or nothing. And the vault between posts:
 * who does not hold a key opens nothing, and a box that was moved opens for nobody. */
#include "faults.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/cases/cases.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "features/reports/reports.h"
#include "http/session.h"
#include "vault/password.h"
#include "vault/vault.h"
#include <unistd.h>

/* A little region: one RW with its village, two posts, an officer at the one and a desk at the other. */
struct region_made {
	int64_t rw, bhabin, polsek, officer, desk, report, kase, alert;
	struct key_pair officer_keys, desk_keys;
	struct session session;
	struct membership membership;
	struct accounts_session me;
};

static struct region_made made;
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

static enum err add_person(struct ctx *c, const char *name, int64_t post, const uint8_t secret[VAULT_KEY_BYTES],
	unsigned roles, int64_t *id, struct key_pair *pair)
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
	int64_t membership, duty;
	*id = id_new(c->now_ms);
	vault_pair_new(pair);
	TRY(accounts_create(c, &who, pair, id, &recovery));
	TRY(accounts_join(c, *id, post, roles, &membership));
	TRY(posts_add_duty(c, post, *id, c->now_ms - HOUR_MS, c->now_ms + DAY_MS, &duty));
	return circles_give_secret(c, post, secret, *id, pair->public_key);
}

static enum err make_region(struct ctx *c, void *arg)
{
	uint8_t bhabin_secret[VAULT_KEY_BYTES], polsek_secret[VAULT_KEY_BYTES];
	int64_t city, district, village;
	(void)arg;
	TRY(places_add_region(c, 1, S("Satu"), S("WIB")));
	TRY(places_add(c, 0, S("31.71"), "city", S("Kota"), &city));
	TRY(places_add(c, city, S("31.71.08"), "district", S("Kecamatan"), &district));
	TRY(places_add(c, district, S("31.71.08.1002"), "village", S("Kelurahan"), &village));
	TRY(places_add(c, village, S("31.71.08.1002.008"), "rw", S("RW 08"), &made.rw));
	TRY(alerts_default_rungs(c));
	struct post polsek = { .kind = S("polsek"), .name = S("Polsek"), .phone = S(""), .place_id = district };
	TRY(posts_create(c, &polsek, &made.polsek, polsek_secret));
	struct post bhabin = { .kind = S("bhabin"), .name = S("Bhabin"), .phone = S(""), .place_id = village };
	TRY(posts_create(c, &bhabin, &made.bhabin, bhabin_secret));
	TRY(add_person(c, "Officer One", made.bhabin, bhabin_secret, ROLE_OFFICER, &made.officer, &made.officer_keys));
	return add_person(c, "Desk One", made.polsek, polsek_secret, ROLE_DESK, &made.desk, &made.desk_keys);
}

static enum err report(struct ctx *c, void *arg)
{
	(void)arg;
	struct report_new what = { .level = LEVEL_POTENSI,
		.why = TRIGGER_RUMOUR,
		.place_id = made.rw,
		.text = S("dengar-dengar"),
		.contact = S("warung"),
		.channel = "web" };
	struct report_made done;
	TRY(reports_create(c, &what, &done));
	made.report = done.id;
	made.kase = done.case_id;
	return OK;
}

static void sign_in(struct testdb *t, int64_t account, const struct key_pair *keys, int64_t post, unsigned roles)
{
	t->c.account_id = account;
	t->c.session = &made.session;
	t->c.roles = roles;
	memcpy(made.session.secret_key, keys->secret_key, VAULT_KEY_BYTES);
	made.membership = (struct membership){ .id = 1, .post_id = post, .roles = roles };
	made.me = (struct accounts_session){ .name = S("x"), .posts = &made.membership, .posts_count = 1 };
	made.session.more = &made.me;
}

static void begin(struct testdb *t)
{
	memset(&made, 0, sizeof made);
	t->c.vault = vault;
	testdb_ok(t, db_within(&t->c, true, make_region, NULL));
	testdb_sign_in_all(t);
}

static void report_now(struct testdb *t)
{
	testdb_ok(t, db_within(&t->c, true, report, NULL));
	int64_t id;
	assert_true(str_to_i64(str_of(testdb_value(t, "SELECT max(id) FROM alerts")), 1, INT64_MAX, &id));
	made.alert = id;
}

static void begin_with_a_report(struct testdb *t)
{
	begin(t);
	report_now(t);
}

static void a_report_is_taken_whole_or_not_at_all(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_true(every_statement_may_fail(t, report, NULL, NULL) > 20);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM reports"), "1");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'alert_climb'"), "1");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM boxes"), "2");
}

static enum err mine(struct ctx *c, void *arg)
{
	enum verdict verdict;
	(void)arg;
	return alerts_answer(c, made.alert, ANSWER_MINE, made.bhabin, 0, CASES_SHOWN_ALL, &verdict);
}

static void an_answer_counts_whole_or_not_at_all(void **state)
{
	struct testdb *t = *state;
	begin_with_a_report(t);
	sign_in(t, made.officer, &made.officer_keys, made.bhabin, ROLE_OFFICER);
	assert_true(every_statement_may_fail(t, mine, NULL, NULL) > 5);
	assert_string_equal(testdb_value(t, "SELECT state FROM alerts"), "mine");
}

static enum err calm(struct ctx *c, void *arg)
{
	enum verdict verdict;
	TRY(mine(c, arg));
	TRY(alerts_answer(c, made.alert, ANSWER_THERE, made.bhabin, 0, CASES_SHOWN_ALL, &verdict));
	c->now_ms += 2 * MINUTE_MS;
	return alerts_answer(c, made.alert, ANSWER_CALM, made.bhabin, 0, CASES_SHOWN_ALL, &verdict);
}

static enum err close_case(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_ask_to_close(c, made.kase, made.bhabin, S("calmed"));
}

static void closing_is_asked_whole_or_not_at_all(void **state)
{
	struct testdb *t = *state;
	begin_with_a_report(t);
	sign_in(t, made.officer, &made.officer_keys, made.bhabin, ROLE_OFFICER);
	assert_int_equal(db_within(&t->c, true, close_case, NULL), ERR_CONFLICT); /* it rings */
	testdb_ok(t, db_within(&t->c, true, calm, NULL));
	assert_true(every_statement_may_fail(t, close_case, NULL, NULL) > 4);
	assert_string_equal(testdb_value(t, "SELECT state FROM cases"), "closing");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM case_watches"), "1");
}

static enum err climb(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_climb_job(c, made.alert);
}

static void climbing_calls_whole_or_not_at_all(void **state)
{
	struct testdb *t = *state;
	begin_with_a_report(t);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alert_calls"), "1");
	t->c.now_ms += 13 * HOUR_MS;
	assert_true(every_statement_may_fail(t, climb, NULL, NULL) > 5);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alert_calls"), "2");
	assert_string_equal(testdb_value(t, "SELECT step FROM alerts"), "1");
}

static enum err read_text(struct ctx *c, void *arg)
{
	struct str *text = arg;
	return circles_open(c, (struct box_of){ "reports", made.report }, "text", text);
}

static enum err a_reporter_writes(struct ctx *c, void *arg)
{
	(void)arg;
	int64_t id;
	TRY(reports_say(c, made.report, 0, S("mereka datang"), &id));
	TRY(reports_take_back_message(c, made.report, id));
	return reports_take_back(c, made.report);
}

static enum err a_reporter_confirms(struct ctx *c, void *arg)
{
	c->account_id = made.officer; /* a member takes care of it and asks to close */
	TRY(calm(c, arg));
	TRY(close_case(c, arg));
	c->account_id = made.desk;
	TRY(cases_reporter_says(c, made.kase, made.report, false));
	TRY(close_case(c, arg));
	return cases_reporter_says(c, made.kase, made.report, true);
}

/* Whoever is signed in on the way: the router forgets it already, and here nothing would be written either. */
static void what_a_reporter_does_names_nobody(void **state)
{
	static const char *const never[] = { "SELECT count(*) FROM reports WHERE entered_by IS NOT NULL",
		"SELECT count(*) FROM report_messages WHERE account_id IS NOT NULL",
		"SELECT count(*) FROM cases WHERE opened_by IS NOT NULL OR confirmed_by IS NOT NULL",
		"SELECT count(*) FROM case_entries WHERE account_id IS NOT NULL AND kind NOT IN ('mine', 'there', "
		"'calm', "
		"'closing')",
		"SELECT count(*) FROM audit WHERE account_id IS NOT NULL" };
	struct testdb *t = *state;
	begin(t);
	sign_in(t, made.desk, &made.desk_keys, made.polsek, ROLE_DESK);
	report_now(t);
	testdb_ok(t, db_within(&t->c, true, a_reporter_writes, NULL));
	testdb_ok(t, db_within(&t->c, true, a_reporter_confirms, NULL));
	assert_string_equal(testdb_value(t, "SELECT state FROM cases"), "closed");
	for (size_t i = 0; i < COUNT(never); i++)
		assert_string_equal(testdb_value(t, never[i]), "0");
}

static void only_who_holds_a_key_opens_a_box(void **state)
{
	struct testdb *t = *state;
	struct str text;
	begin_with_a_report(t);
	sign_in(t, made.officer, &made.officer_keys, made.bhabin, ROLE_OFFICER);
	testdb_ok(t, db_within(&t->c, true, read_text, &text));
	assert_true(str_is(text, "dengar-dengar"));
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM audit WHERE action = 'box_opened'"), "1");

	/* The officer's rows with the desk's key, and the box moved to another row: nothing opens. */
	sign_in(t, made.officer, &made.desk_keys, made.bhabin, ROLE_OFFICER);
	assert_int_equal(db_within(&t->c, true, read_text, &text), ERR_DENIED);
	sign_in(t, made.officer, &made.officer_keys, made.bhabin, ROLE_OFFICER);
	testdb_exec(t, "UPDATE boxes SET field = 'other' WHERE field = 'text'");
	testdb_exec(t, "UPDATE boxes SET field = 'text' WHERE field = 'contact'");
	assert_int_equal(db_within(&t->c, true, read_text, &text), ERR_DB);
}

static void a_removed_member_opens_nothing_more(void **state)
{
	struct testdb *t = *state;
	struct str text;
	begin_with_a_report(t);
	testdb_exec(t, "DELETE FROM circle_keys WHERE holder = 'account'");
	sign_in(t, made.officer, &made.officer_keys, made.bhabin, ROLE_OFFICER);
	assert_int_equal(db_within(&t->c, true, read_text, &text), ERR_DENIED);
}

static enum err find_posts(struct ctx *c, void *arg)
{
	struct post *rows;
	size_t rows_count;
	(void)arg;
	return posts_list(c, &rows, &rows_count);
}

static void without_a_region_each_statement_is_refused(void **state)
{
	struct testdb *t = *state;
	t->c.region = S("");
	assert_int_equal(db_within(&t->c, false, find_posts, NULL), ERR_DB);
	assert_true(str_is(t->c.err.why, "posts_all: there is no region"));
	assert_int_equal(db_within(&t->c, true, make_region, NULL), ERR_DB);
	t->c.region = S("31.71");
	testdb_ok(t, db_within(&t->c, false, find_posts, NULL)); /* nor is the refusal remembered */
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(a_report_is_taken_whole_or_not_at_all),
		TESTDB(an_answer_counts_whole_or_not_at_all),
		TESTDB(closing_is_asked_whole_or_not_at_all),
		TESTDB(climbing_calls_whole_or_not_at_all),
		TESTDB(what_a_reporter_does_names_nobody),
		TESTDB(only_who_holds_a_key_opens_a_box),
		TESTDB(a_removed_member_opens_nothing_more),
		TESTDB(without_a_region_each_statement_is_refused),
	};
	vault = open_vault();
	int status = testdb_run("cooling", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
