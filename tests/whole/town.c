#include "town.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/alerts/alerts.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "vault/password.h"
#include <unistd.h>

struct vault *town_vault(void)
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

static enum err add_person(
	struct ctx *c, const char *name, const uint8_t secret[VAULT_KEY_BYTES], struct town_person *p)
{
	static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1 };
	struct account_new who = { .name = str_of(name), .phone = S(""), .password = S("kata sandi"), .cheap = true };
	who.salt = (struct str){ (const char *)salt, sizeof salt };
	struct str recovery;
	int64_t membership, duty;
	p->id = id_new(c->now_ms);
	vault_pair_new(&p->keys);
	TRY(accounts_create(c, &who, &p->keys, &p->id, &recovery));
	TRY(accounts_join(c, p->id, p->post_id, p->roles, &membership));
	TRY(posts_add_duty(c, p->post_id, p->id, c->now_ms - HOUR_MS, c->now_ms + 30 * DAY_MS, &duty));
	return circles_give_secret(c, p->post_id, secret, p->id, p->keys.public_key);
}

static enum err add_places(struct ctx *c, struct town *town, int64_t *city, int64_t *district)
{
	TRY(places_add_region(c, 1, S("Satu"), S("WIB")));
	TRY(places_add(c, 0, S("31.71"), "city", S("Kota"), city));
	TRY(places_add(c, *city, S("31.71.08"), "district", S("Kecamatan"), district));
	TRY(places_add(c, *district, S("31.71.08.1002"), "village", S("Kelurahan"), &town->village));
	TRY(places_add(c, town->village, S("31.71.08.1002.007"), "rw", S("RW 07"), &town->rw[0]));
	return places_add(c, town->village, S("31.71.08.1002.008"), "rw", S("RW 08"), &town->rw[1]);
}

static enum err make(struct ctx *c, void *arg)
{
	struct town *town = arg;
	int64_t city, district;
	TRY(add_places(c, town, &city, &district));
	TRY(alerts_default_rungs(c));
	const struct {
		const char *kind, *name;
		int64_t place_id;
	} posts[TOWN_POSTS] = {
		{"bhabin",   "Bhabin",            town->village},
                { "polsek",  "Polsek",            district     },
                { "polres",  "Polres",            city         },
		{ "call110", "Call Center",       city         },
                { "rw",      "Sekretariat RW 07", town->rw[0]  },
		{ "rw",      "Sekretariat RW 08", town->rw[1]  }
	};
	const struct {
		const char *name;
		enum town_post post;
		unsigned roles;
	} people[TOWN_PEOPLE] = {
		{"Officer",     TOWN_BHABIN,  ROLE_OFFICER},
                { "Colleague",  TOWN_BHABIN,  ROLE_OFFICER},
		{ "Desk",       TOWN_POLSEK,  ROLE_DESK   },
                { "Chief",      TOWN_POLSEK,  ROLE_COMMAND},
		{ "Head Seven", TOWN_RW7,     ROLE_HEAD   },
                { "Head Eight", TOWN_RW8,     ROLE_HEAD   },
		{ "Commander",  TOWN_POLRES,  ROLE_COMMAND},
                { "Operator",   TOWN_CALL110, ROLE_DESK   }
	};
	uint8_t secrets[TOWN_POSTS][VAULT_KEY_BYTES];
	for (int i = 0; i < TOWN_POSTS; i++) {
		struct post post = { .kind = str_of(posts[i].kind), .name = str_of(posts[i].name), .phone = S("") };
		post.place_id = posts[i].place_id;
		TRY(posts_create(c, &post, &town->posts[i], secrets[i]));
	}
	for (int i = 0; i < TOWN_PEOPLE; i++) {
		town->people[i].post_id = town->posts[people[i].post];
		town->people[i].roles = people[i].roles;
		TRY(add_person(c, people[i].name, secrets[people[i].post], &town->people[i]));
	}
	return OK;
}

void town_make(struct testdb *t, struct town *town)
{
	memset(town, 0, sizeof *town);
	testdb_ok(t, db_within(&t->c, true, make, town));
	testdb_sign_in_all(t);
}

void town_sign_in(struct testdb *t, struct town *town, enum town_who who)
{
	t->c.account_id = 0;
	t->c.session = NULL;
	t->c.roles = 0;
	if (who == TOWN_PEOPLE)
		return;
	const struct town_person *p = &town->people[who];
	t->c.account_id = p->id;
	t->c.session = &town->session;
	t->c.roles = p->roles;
	memcpy(town->session.secret_key, p->keys.secret_key, VAULT_KEY_BYTES);
	town->membership = (struct membership){ .id = 1, .post_id = p->post_id, .roles = p->roles };
	town->me = (struct accounts_session){ .name = S("x"), .posts = &town->membership, .posts_count = 1 };
	town->session.more = &town->me;
}
