/* adem demo: a region to try everything with, marked as one on every page. */
#include "accounts_sql.h"
#include "app/command.h"
#include "app/demo_data.h"
#include "app/pepper.h"
#include "app/program.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/migrate.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_password.h"
#include "features/alerts/alerts.h"
#include "features/circles/circles.h"
#include "features/frame/frame.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "vault/hash.h"

enum { DAYS = 9, POSTS_MAX = 32 };

struct made_post {
	const char *key;
	int64_t id;
	uint8_t secret[VAULT_KEY_BYTES];
};

static enum err place_id(struct ctx *c, const char *code, int64_t *id)
{
	struct place p;
	TRY(places_by_code(c, str_of(code), &p));
	*id = p.id;
	return OK;
}

static enum err add_village(struct ctx *c, const struct demo_village *v, int64_t district)
{
	int64_t village, rw;
	TRY(places_add(c, district, str_of(v->code), "village", str_of(v->name), &village));
	for (int i = 1; i <= v->rw_count; i++)
		TRY(places_add(c, village, arena_printf(c->mem, "%s.%03d", v->code, i), "rw",
			arena_printf(c->mem, "RW %02d", i), &rw));
	return OK;
}

static enum err add_places(struct ctx *c)
{
	int64_t province, city, district;
	TRY(places_add_region(c, 31, S("Jakarta Pusat"), S("WIB")));
	TRY(places_be_demo(c));
	TRY(places_add(c, 0, S("31"), "province", S("DKI Jakarta"), &province));
	TRY(places_add(c, province, S("31.71"), "city", S("Jakarta Pusat"), &city));
	TRY(places_add(c, city, S("31.71.08"), "district", S("Johar Baru"), &district));
	for (size_t i = 0; i < COUNT(demo_villages); i++)
		TRY(add_village(c, &demo_villages[i], district));
	for (size_t i = 0; i < demo_touches_count; i++) {
		int64_t a, b;
		TRY(place_id(c, demo_touches[i].a, &a));
		TRY(place_id(c, demo_touches[i].b, &b));
		TRY(places_touch(c, a, b));
	}
	return OK;
}

static struct made_post *post_of(struct made_post *posts, const char *key)
{
	for (size_t i = 0; i < POSTS_MAX; i++)
		if (posts[i].key && strcmp(posts[i].key, key) == 0)
			return &posts[i];
	return NULL;
}

static enum err add_posts(struct ctx *c, struct made_post *posts)
{
	assert(demo_posts_count <= POSTS_MAX);
	for (size_t i = 0; i < demo_posts_count; i++) {
		const struct demo_post *d = &demo_posts[i];
		const struct made_post *parent = d->parent[0] ? post_of(posts, d->parent) : NULL;
		struct post p = { .parent_id = parent ? parent->id : 0,
			.kind = str_of(d->kind),
			.name = str_of(d->name),
			.phone = str_of(d->phone) };
		TRY(place_id(c, d->place, &p.place_id));
		posts[i].key = d->key;
		TRY(posts_create(c, &p, &posts[i].id, posts[i].secret));
	}
	return OK;
}

/* Daily from FROM_HOUR for HOURS by local clocks: for DAYS ahead, from yesterday on or from where the roster ends. What
 * somebody took off it stays off. */
static enum err add_duties(struct ctx *c, int64_t post_id, int64_t account_id, const struct demo_person *d)
{
	int64_t midnight = frame_midnight(c, c->now_ms), last;
	TRY(posts_last_duty(c, post_id, account_id, &last));
	for (int day = -1; day < DAYS && d->hours > 0; day++) {
		int64_t id, from = midnight + day * DAY_MS + d->from_hour * HOUR_MS;
		if (from > last)
			TRY(posts_add_duty(c, post_id, account_id, from, from + d->hours * HOUR_MS, &id));
	}
	return OK;
}

static enum err add_person(struct ctx *c, const struct demo_person *d, const struct made_post *post)
{
	struct key_pair pair;
	struct str recovery;
	uint8_t salt[PASSWORD_SALT_BYTES];
	int64_t id = id_new(c->now_ms), membership;
	random_bytes(salt, sizeof salt);
	vault_pair_new(&pair);
	struct account_new who = {
		.name = str_of(d->name),
		.phone = str_of(d->phone),
		.password = S(ACCOUNTS_DEMO_PASSWORD),
		.lang = LANG_ID,
		.cheap = true,
		.salt = {(const char *)salt, sizeof salt}
	};
	TRY(accounts_create(c, &who, &pair, &id, &recovery));
	TRY(accounts_join(c, id, post->id, d->roles, &membership));
	if (d->roles & ROLES_READER)
		TRY(circles_give_secret(c, post->id, post->secret, id, pair.public_key));
	vault_wipe(&pair, sizeof pair);
	return add_duties(c, post->id, id, d);
}

static enum err make(struct ctx *c)
{
	struct made_post posts[POSTS_MAX] = { 0 };
	c->region = S("31.71");
	TRY(add_places(c));
	TRY(alerts_default_rungs(c));
	TRY(add_posts(c, posts));
	for (size_t i = 0; i < demo_people_count; i++) {
		const struct made_post *post = post_of(posts, demo_people[i].post);
		assert(post);
		TRY(add_person(c, &demo_people[i], post));
	}
	vault_wipe(posts, sizeof posts);
	return OK;
}

/* Is this person still at the post? The demo's people may be renamed, moved and removed like others. */
static enum err find_member(
	struct ctx *c, const struct demo_person *d, int64_t post_id, int64_t *account_id, bool *member)
{
	struct accounts_members_row *rows;
	size_t rows_count;
	*member = false;
	TRY(accounts_members(c, post_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++)
		if (str_is(rows[i].name, d->name)) {
			*account_id = rows[i].account_id;
			*member = true;
		}
	return OK;
}

static const char *post_name(const struct demo_person *d)
{
	for (size_t i = 0; i < demo_posts_count; i++)
		if (strcmp(demo_posts[i].key, d->post) == 0)
			return demo_posts[i].name;
	return "";
}

static enum err renew_roster(struct ctx *c)
{
	struct post *posts;
	size_t posts_count;
	TRY(posts_list(c, &posts, &posts_count));
	for (size_t i = 0; i < demo_people_count; i++)
		for (size_t k = 0; k < posts_count; k++) {
			int64_t account_id;
			bool member = false;
			if (str_is(posts[k].name, post_name(&demo_people[i])))
				TRY(find_member(c, &demo_people[i], posts[k].id, &account_id, &member));
			if (member)
				TRY(add_duties(c, posts[k].id, account_id, &demo_people[i]));
		}
	return OK;
}

enum err demo_renew_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	TRY(places_enter(c, c->region));
	return c->demo ? renew_roster(c) : OK;
}

/* A demo stands alone: its people sign in with a password that everybody knows. */
static enum err make_or_renew(struct ctx *c, void *unused)
{
	struct region *regions;
	size_t regions_count;
	(void)unused;
	TRY(places_regions(c, &regions, &regions_count));
	for (size_t i = 0; i < regions_count; i++)
		if (!regions[i].demo)
			return FAIL(c, ERR_CONFLICT,
				"this database has a region of its own, %.*s %.*s: a demo goes into a fresh directory, "
				"such as \"adem demo --data demo\"",
				STR_ARG(regions[i].region), STR_ARG(regions[i].name));
	if (regions_count == 0)
		return make(c);
	places_set(c, &regions[0]);
	return renew_roster(c);
}

static void say_nothing(void *arg, const char *line)
{
	(void)arg, (void)line;
}

static enum err is_empty(struct ctx *c, void *arg)
{
	bool has, *empty = arg;
	TRY(migrate_has(c, "foundation", &has));
	*empty = !has;
	return OK;
}

/* An empty database is brought to the newest schema; whoever has one that is older migrates it knowingly. */
static enum err prepare(struct program *p)
{
	struct ctx *c = &p->ctx;
	bool empty = false;
	TRY(db_within(c, false, is_empty, &empty));
	if (!empty)
		return migrate_check(c);
	TRY(migrate_run(c, false, say_nothing, NULL));
	return pepper_bind(p, say_nothing, NULL);
}

static void print_sign_ins(struct ctx *c)
{
	printf("Demo region: Jakarta Pusat (31.71), Kecamatan Johar Baru. Everybody here is invented.\n"
	       "Sign in at /sign-in; the password is \"%s\" for all:\n\n",
		ACCOUNTS_DEMO_PASSWORD);
	c->lang = LANG_EN;
	for (size_t i = 0; i < demo_people_count; i++) {
		const struct demo_person *d = &demo_people[i];
		printf("  %-16s %-14s %.*s, %s\n", d->name, d->phone, STR_ARG(accounts_role_list(c, d->roles)),
			post_name(d));
	}
	printf("\n");
}

int demo_command(int argc, char **argv)
{
	static const struct args args = { .name = "adem demo",
		.about =
			"Makes the demo region in a fresh directory or an empty database, and prints its sign-ins. "
			"Again: its\n"
			"roster is brought up to date. Refused beside a real region, for everybody knows the password.",
		.settings = true };
	struct program p;
	int status;
	if (!program_begin(&p, &args, argc, argv, NULL, &status))
		return status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | MAKES_DATA))
		return 1;
	enum err e = prepare(&p);
	if (e == OK)
		e = db_within(&p.ctx, true, make_or_renew, NULL);
	status = e == OK ? 0 : program_failed(&p.ctx);
	if (status == 0)
		print_sign_ins(&p.ctx);
	program_close(&p);
	return status;
}
