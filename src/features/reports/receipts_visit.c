#include "features/reports/receipts_visit.h"
#include "base/clock.h"
#include "base/id.h"
#include "http/once.h"
#include "vault/hash.h"
#include "vault/ticket.h"
#include "web/words.h"

static const int64_t OPEN_MS = 10 * MINUTE_MS, ALL_MS = HOUR_MS, AHEAD_MS = 5 * MINUTE_MS;
static const char cookie[] = "page", left_kind[] = "receipts/left";

/* What the ticket holds. */
struct content {
	char receipt[RECEIPT_TEXT_BYTES];
	int64_t since_ms, made_ms;
	uint32_t began_s;
	uint8_t notice, caller, rest[2];
};
_Static_assert(sizeof(struct content) == TICKET_BYTES, "no holes, nothing left over");

static struct str path_of(struct ctx *c, const char *tag)
{
	return arena_printf(c->mem, "/receipts/%s", tag);
}

static void wipe(void *content)
{
	vault_wipe(content, sizeof(struct content));
}

static struct content *new_content(struct ctx *c)
{
	struct content *content = arena_new_of(c->mem, struct content);
	arena_defer(c->mem, wipe, content);
	return content;
}

static void wipe_visit(void *visit)
{
	vault_wipe(visit, sizeof(struct visit));
}

/* A tag alone is known to whoever saw the address, and a form may bring any. */
static struct str visit_of(struct ctx *c, struct str tag, int64_t report_id)
{
	return arena_printf(c->mem, "%.*s %" PRId64, STR_ARG(tag), report_id);
}

enum err visit_left(struct ctx *c, struct str tag, int64_t report_id, bool *left)
{
	return once_ended(c, left_kind, visit_of(c, tag, report_id), left);
}

enum err visit_begin(struct ctx *c, struct str tag, int64_t report_id, const char *receipt, struct visit *visit)
{
	bool left = false;
	*visit = (struct visit){ 0 };
	arena_defer(c->mem, wipe_visit, visit);
	if (waiting_is_tag(tag))
		TRY(visit_left(c, tag, report_id, &left));
	waiting_tag(left ? S("") : tag, visit->tag);
	visit->began_ms = c->now_ms;
	assert(strlen(receipt) == RECEIPT_TEXT_BYTES);
	memcpy(visit->receipt, receipt, RECEIPT_TEXT_BYTES);
	return OK;
}

enum err visit_read(struct ctx *c, const struct request *q, struct str tag, struct visit *visit, bool *open)
{
	struct content *content = new_content(c);
	*visit = (struct visit){ 0 };
	arena_defer(c->mem, wipe_visit, visit);
	if (!waiting_is_tag(tag))
		return FAIL(c, ERR_NOT_FOUND, "no address of a thread");
	memcpy(visit->tag, tag.p, tag.n);
	*open = vault_ticket_open(c->vault, tag, request_cookie_at(q, cookie), (uint8_t *)content) &&
		content->since_ms + OPEN_MS > c->now_ms && content->since_ms < c->now_ms + AHEAD_MS &&
		content->began_s * SECOND_MS + ALL_MS > c->now_ms;
	if (!*open)
		return OK;
	memcpy(visit->receipt, content->receipt, sizeof content->receipt);
	visit->began_ms = content->began_s * SECOND_MS;
	visit->made_ms = content->made_ms;
	visit->notice = content->notice < VISIT_NOTICES ? (enum visit_notice)content->notice : VISIT_NOTHING;
	visit->caller = content->caller != 0;
	return OK;
}

void visit_keep(struct ctx *c, struct response *r, const struct visit *visit)
{
	struct content *content = new_content(c);
	char text[TICKET_TEXT_BYTES + 1];
	*content = (struct content){ .since_ms = c->now_ms,
		.made_ms = visit->made_ms,
		.began_s = (uint32_t)(visit->began_ms / SECOND_MS),
		.notice = (uint8_t)visit->notice,
		.caller = visit->caller };
	memcpy(content->receipt, visit->receipt, sizeof content->receipt);
	vault_ticket_seal(c->vault, str_of(visit->tag), (const uint8_t *)content, text);
	int64_t rest_ms = visit->began_ms + ALL_MS - c->now_ms;
	response_cookie_at(c, r, cookie, arena_str(c->mem, str_of(text)), path_of(c, visit->tag),
		(rest_ms < OPEN_MS ? rest_ms : OPEN_MS) / SECOND_MS);
}

enum err visit_note_left(struct ctx *c, struct str tag, int64_t report_id)
{
	return once_end(c, left_kind, visit_of(c, tag, report_id));
}

enum err visit_end(struct ctx *c, struct response *r, struct str tag)
{
	if (!waiting_is_tag(tag))
		return FAIL(c, ERR_NOT_FOUND, "no address of a thread");
	response_cookie_at(c, r, cookie, S(""), arena_printf(c->mem, "/receipts/%.*s", STR_ARG(tag)), 0);
	return OK;
}

enum err visit_go(struct ctx *c, struct response *r, const struct visit *visit, bool new)
{
	visit_keep(c, r, visit);
	return redirect(c, r, arena_printf(c->mem, "/receipts/%s%s", visit->tag, new ? "/new" : ""));
}

bool visit_is_new(const struct ctx *c, const struct visit *visit)
{
	return visit->made_ms && visit->made_ms + OPEN_MS > c->now_ms;
}

const char *visit_notice_words(enum visit_notice notice, bool rings)
{
	switch (notice) {
	case VISIT_SAID: return N_("Your message has arrived.");
	case VISIT_TAKEN: return N_("Taken back. Nobody can read it any more.");
	case VISIT_CALM: return N_("Thank you. It is closed when others confirm it too, such as a second officer.");
	case VISIT_CLOSED: return N_("Thank you. It is closed.");
	case VISIT_OPEN_AGAIN: return N_("Your word has arrived. It is open again, and the posts are called.");
	case VISIT_HELD:
		return rings ? N_("Your word has arrived, and the posts see it. When they are called again is said "
				  "below.")
			     : N_("Your word has arrived, and the posts see it.");
	case VISIT_THANKED: return N_("Your thanks have arrived. Nobody was called for them.");
	case VISIT_NOTHING:
	case VISIT_NOTICES: break;
	}
	return NULL;
}
