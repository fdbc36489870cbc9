/* posts.h - bodies that answer, what they cover, and who is on duty there hour by hour.
 * Kinds: bhabin (Bhabinkamtibmas of a village), polsek (sector police desk and chief), polres (precinct command),
 * call110 (desk of the emergency line), rw (secretariat of an RW), fkpm (mediation forum of a village). */
#ifndef ADEM_POSTS_H
#define ADEM_POSTS_H
#include "http/http.h"

struct post {
	int64_t id, place_id, parent_id; /* parent 0: none */
	struct str kind, name, phone;    /* phone: public, may be empty */
};

/* One post; ERR_NOT_FOUND. */
MUST_CHECK enum err posts_by_id(struct ctx *c, int64_t id, struct post *out);
/* All open posts of the region, by name. */
MUST_CHECK enum err posts_list(struct ctx *c, struct post **rows, size_t *rows_count);
/* Open posts that cover the place: those of the place itself and of every place above it, nearest first. For a village
 * as a whole ("somewhere in this kelurahan") also the RW posts inside it when WITH_BELOW. */
MUST_CHECK enum err posts_covering(
	struct ctx *c, int64_t place_id, bool with_below, struct post **rows, size_t *rows_count);
/* May the signed-in person keep this post (roster, members)? Its own members with a duty, those of the post above,
 * administrators. */
bool posts_keeps(const struct ctx *c, const struct post *p);
/* May the signed-in person list the post's members, or its roster? */
enum post_sight { POST_MEMBERS, POST_ROSTER };
MUST_CHECK enum err posts_sees(struct ctx *c, const struct post *p, enum post_sight what, bool *yes);
/* Makes a post with its circle; for demo and admin. *secret as in circles_create. */
MUST_CHECK enum err posts_create(struct ctx *c, const struct post *what, int64_t *id, uint8_t secret[32]);
/* Is the signed-in person on duty at the post now? */
MUST_CHECK enum err posts_me_on_duty(struct ctx *c, int64_t post_id, bool *on_duty);

/* Is it a kind of post whose calls are for those on duty, so that an hour without anybody is a gap? */
bool posts_is_rostered(struct str kind);
/* Boards of the post's members hear of what follows at once where it changes who is on duty at this moment: event "@duty", the
 * post its subject. What the clock alone changes they find out by asking (board_viewer).
 * Puts a member on the roster from FROM_MS to UNTIL_MS. Nobody stands there twice at a time: what overlaps becomes one duty,
 * whose id is *ID, and questions about the ones that it replaces are closed. */
MUST_CHECK enum err posts_add_duty(
	struct ctx *c, int64_t post_id, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *id);
/* When the last duty begins that a member was ever given at the post, taken off again or not; 0: none. */
MUST_CHECK enum err posts_last_duty(struct ctx *c, int64_t post_id, int64_t account_id, int64_t *from_ms);
/* A duty becomes another member's, and one with theirs where these overlap. */
MUST_CHECK enum err posts_pass_duty(struct ctx *c, int64_t duty_id, int64_t account_id);
/* Takes one duty off the roster, and the questions about it. */
MUST_CHECK enum err posts_take_off(struct ctx *c, int64_t duty_id);
/* Takes whoever leaves the post off its roster. */
MUST_CHECK enum err posts_end_duties(struct ctx *c, int64_t post_id, int64_t account_id);
/* A member's roles are others, and with them whether they answer when they are on duty. */
MUST_CHECK enum err posts_duty_changed(struct ctx *c, int64_t post_id, int64_t account_id);
#endif
