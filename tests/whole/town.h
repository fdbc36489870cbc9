/* town.h - a little region with people, for tests of what the features do together: a kelurahan with two RW, the posts that
 * answer there, and a member or two of each with their keys. */
#ifndef ADEM_TESTS_TOWN_H
#define ADEM_TESTS_TOWN_H
#include "testdb.h"
#include "features/accounts/accounts.h"
#include "http/session.h"
#include "vault/vault.h"

enum { TOWN_RW = 2 };
enum town_post { TOWN_BHABIN, TOWN_POLSEK, TOWN_POLRES, TOWN_CALL110, TOWN_RW7, TOWN_RW8, TOWN_POSTS };
enum town_who {
	TOWN_OFFICER,   /* of the Bhabinkamtibmas post */
	TOWN_COLLEAGUE, /* so is this one */
	TOWN_DESK,      /* of the Polsek */
	TOWN_CHIEF,     /* its command */
	TOWN_HEAD7,
	TOWN_HEAD8,
	TOWN_COMMANDER, /* of the Polres */
	TOWN_OPERATOR,  /* of the 110 desk */
	TOWN_PEOPLE
};

struct town {
	int64_t village, rw[TOWN_RW], posts[TOWN_POSTS];
	struct town_person {
		int64_t id, post_id;
		unsigned roles;
		struct key_pair keys;
	} people[TOWN_PEOPLE];
	struct session session;
	struct membership membership;
	struct accounts_session me;
};

/* A vault with a pepper of its own; close it with vault_close(). */
struct vault *town_vault(void);
/* Makes everything in the database of T, whose context has the vault. Everybody is on duty and signed in on some phone, and so
 * hears calls. */
void town_make(struct testdb *t, struct town *town);
/* From here on T's context is WHO's, at their own post; TOWN_PEOPLE: nobody's. */
void town_sign_in(struct testdb *t, struct town *town, enum town_who who);
#endif
