/* Boxes: text sealed to circles and to a receipt. */
#include "base/id.h"
#include "circles_sql.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/circles/circles_keys.h"
#include "http/http.h"
#include "http/session.h"
#include "vault/box.h"
#include "vault/hash.h"

/* What a withdrawn box holds. */
static const struct str NOTHING = { "", 0 };

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

static void wipe_box(void *box)
{
	vault_wipe(box, sizeof(struct vault_box));
}

static struct vault_box *new_box(struct ctx *c)
{
	struct vault_box *box = arena_new_of(c->mem, struct vault_box);
	arena_defer(c->mem, wipe_box, box);
	return box;
}

static struct vault_row row_of(const struct ctx *c, struct box_of of)
{
	return (struct vault_row){ str_of(of.subject), c->region, of.subject_id };
}

static enum err seal_to(struct ctx *c, struct box_of of, struct vault_box *box, const char *reader, int64_t reader_id,
	const uint8_t *public_key)
{
	uint8_t sealed[VAULT_SEALED_BYTES];
	if (!vault_box_seal_key(box, public_key, sealed))
		return FAIL(c, ERR_DB, "the public key of a %s cannot be used", reader);
	return circles_box_key_put(
		c, str_of(of.subject), of.subject_id, str_of(reader), reader_id, bytes(sealed, sizeof sealed));
}

static enum err seal_to_posts(
	struct ctx *c, struct box_of of, struct vault_box *box, const int64_t *post_ids, size_t posts_count)
{
	struct circles_newest_of_row *circles; /* none of a post without members: nobody could read it */
	size_t circles_count;
	TRY(circles_newest_of(c, id_list(c->mem, post_ids, posts_count), &circles, &circles_count));
	for (size_t i = 0; i < circles_count; i++) {
		assert(circles[i].public_key.n == VAULT_KEY_BYTES);
		TRY(seal_to(c, of, box, "circle", circles[i].id, (const uint8_t *)circles[i].public_key.p));
	}
	return OK;
}

enum err circles_seal(struct ctx *c, struct box_of of, const struct box_field *fields, size_t fields_count,
	const int64_t *post_ids, size_t posts_count, int64_t report_id, const uint8_t *receipt_public)
{
	struct vault_box *box = new_box(c);
	struct vault_row row = row_of(c, of);
	size_t sealed_count = 0;
	vault_box_new(box, &row);
	for (size_t i = 0; i < fields_count; i++) {
		if (fields[i].text.n == 0)
			continue;
		struct str ciphertext = vault_box_seal(c->mem, box, fields[i].field, fields[i].text);
		TRY(circles_box_insert(
			c, id_new(c->now_ms), str_of(of.subject), of.subject_id, str_of(fields[i].field), ciphertext));
		sealed_count++;
	}
	if (sealed_count == 0)
		return OK;
	TRY(seal_to_posts(c, of, box, post_ids, posts_count));
	return receipt_public ? seal_to(c, of, box, "receipt", report_id, receipt_public) : OK;
}

/* Fills *BOX with the content key of a row, by whatever circle of the session's opens it. */
static enum err open_key(struct ctx *c, struct box_of of, struct vault_box *box)
{
	struct circles_box_ways_row *ways;
	size_t ways_count;
	struct vault_row row = row_of(c, of);
	if (!c->session)
		return REFUSE(c, ERR_DENIED, "This is sealed to other people.");
	TRY(circles_box_ways(c, str_of(of.subject), of.subject_id, c->account_id, &ways, &ways_count));
	struct key_pair *mine = circles_pair(c), *circle = circles_pair(c);
	vault_pair_of(c->session->secret_key, mine);
	for (size_t i = 0; i < ways_count; i++)
		if (circles_unseal(
			    c, ways[i].circle_id, "account", mine, ways[i].circle_key, ways[i].public_key, circle) &&
			vault_box_open_key(box, &row, circle, ways[i].sealed_key))
			return OK;
	return REFUSE(c, ERR_DENIED, "This is sealed to other people.");
}

/* The ciphertext of a field; *there is false when it was never written or was withdrawn. */
static enum err find(struct ctx *c, struct box_of of, const char *field, struct str *ciphertext, bool *there)
{
	struct circles_box_get_row box;
	TRY(circles_box_get(c, str_of(of.subject), of.subject_id, str_of(field), &box, there));
	if (!*there)
		return OK;
	*ciphertext = box.ciphertext;
	*there = box.ciphertext.n > 0;
	return OK;
}

/* What one page has opened, until it is made: its audit row says of which tables how many texts. */
enum { KINDS_MAX = 8 };
struct openings {
	struct box_of of; /* what the page is about, or the first text */
	struct {
		const char *subject;
		int64_t count;
	} kinds[KINDS_MAX];
};

static enum err note_openings(struct ctx *c, void *arg)
{
	const struct openings *o = arg;
	struct str detail = S("");
	for (int i = 0; i < KINDS_MAX && o->kinds[i].count; i++)
		detail = arena_printf(c->mem, "%.*s%s%s %" PRId64, STR_ARG(detail), i ? ", " : "", o->kinds[i].subject,
			o->kinds[i].count);
	return detail.n ? audit_note(c, AUDIT_BOX_OPENED, o->of.subject, o->of.subject_id, detail) : OK;
}

static void count_one(struct openings *o, const char *subject)
{
	int i = 0;
	while (i < KINDS_MAX - 1 && o->kinds[i].count && strcmp(o->kinds[i].subject, subject) != 0)
		i++;
	o->kinds[i].subject = subject;
	o->kinds[i].count++;
}

static struct openings *openings_about(struct ctx *c, struct box_of of)
{
	struct openings *o = arena_new_of(c->mem, struct openings);
	o->of = of;
	return o;
}

enum err circles_reading(struct ctx *c, struct box_of what)
{
	bool reads = request_after_given(c, note_openings) == NULL;
	return reads ? request_after(c, note_openings, openings_about(c, what)) : OK;
}

/* Beyond a page, in a transaction that writes, each text has a row of its own. */
static enum err note_later(struct ctx *c, struct box_of of)
{
	struct openings *o = request_after_given(c, note_openings);
	bool first = !o;
	if (first)
		o = openings_about(c, of);
	count_one(o, of.subject);
	return first ? request_after(c, note_openings, o) : OK;
}

enum err circles_open(struct ctx *c, struct box_of of, const char *field, struct str *text)
{
	struct str ciphertext;
	bool there;
	*text = (struct str){ 0 };
	TRY(find(c, of, field, &ciphertext, &there));
	if (!there)
		return OK;
	struct vault_box *box = new_box(c);
	TRY(open_key(c, of, box));
	if (!vault_box_open(c->mem, box, field, ciphertext, text))
		return FAIL(c, ERR_DB, "a box of %s does not open with its own key", of.subject);
	return note_later(c, of);
}

enum err circles_share(struct ctx *c, struct box_of of, const int64_t *post_ids, size_t posts_count)
{
	struct vault_box *box = new_box(c);
	TRY(open_key(c, of, box));
	return seal_to_posts(c, of, box, post_ids, posts_count);
}

enum err circles_open_receipt(struct ctx *c, struct box_of of, const char *field, int64_t report_id,
	const struct key_pair *receipt, struct str *text)
{
	struct circles_box_key_get_row key;
	struct str ciphertext;
	bool there, sealed;
	*text = (struct str){ 0 };
	TRY(find(c, of, field, &ciphertext, &there));
	if (!there)
		return OK;
	TRY(circles_box_key_get(c, str_of(of.subject), of.subject_id, S("receipt"), report_id, &key, &sealed));
	struct vault_box *box = new_box(c);
	struct vault_row row = row_of(c, of);
	if (!sealed || !vault_box_open_key(box, &row, receipt, key.sealed_key) ||
		!vault_box_open(c->mem, box, field, ciphertext, text))
		return FAIL(c, ERR_DENIED, "a box of %s does not open with this receipt", of.subject);
	return OK;
}

enum err circles_withdraw(struct ctx *c, struct box_of of)
{
	TRY(circles_boxes_empty(c, str_of(of.subject), of.subject_id, NOTHING));
	return circles_box_keys_forget(c, str_of(of.subject), of.subject_id);
}

enum err circles_verify(struct ctx *c, int64_t *boxes, int64_t *unreadable,
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	struct circles_boxes_unreadable_row some = { 0 };
	*boxes = *unreadable = 0;
	do {
		TRY(circles_boxes_unreadable(c, some.last_id.v, &some));
		*boxes += some.n;
		*unreadable += some.unreadable;
		if (progress)
			progress(arg, *boxes, 0);
	} while (some.last_id.is);
	return OK;
}
