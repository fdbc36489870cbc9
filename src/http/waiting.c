#include "http/waiting.h"
#include "base/clock.h"
#include "base/id.h"
#include "vault/hash.h"
#include "vault/ticket.h"
#include <zlib.h>

static const int64_t AHEAD_MS = 5 * MINUTE_MS;

enum { SINCE_BYTES = sizeof(int64_t), PLAIN_BYTES_MAX = 32 * 1024 };

bool waiting_is_tag(struct str tag)
{
	for (size_t i = 0; i < tag.n; i++)
		if (!((tag.p[i] >= 'a' && tag.p[i] <= 'z') || (tag.p[i] >= '2' && tag.p[i] <= '7')))
			return false;
	return tag.n == WAITING_TAG_BYTES;
}

void waiting_tag(struct str wanted, char tag[WAITING_TAG_BYTES + 1])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t random[WAITING_TAG_BYTES];
	random_bytes(random, sizeof random);
	for (size_t i = 0; i < WAITING_TAG_BYTES; i++)
		tag[i] = waiting_is_tag(wanted) ? wanted.p[i] : alphabet[random[i] % (sizeof alphabet - 1)];
	tag[WAITING_TAG_BYTES] = 0;
}

static size_t put(char *to, struct str s)
{
	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = 0;
	return s.n + 1;
}

/* Names and values of the fields, each with a NUL behind it, which no form has in it. 0: more than waits. */
static size_t write_plain(const struct waiting *w, char plain[PLAIN_BYTES_MAX])
{
	const struct form_value key = { S(FORM_KEY_NAME), w->form_key };
	size_t n = 0;
	for (size_t i = 0; i <= w->state.values_count; i++) {
		const struct form_value *v = i < w->state.values_count ? &w->state.values[i] : &key;
		if (n + v->name.n + v->value.n + 2 > PLAIN_BYTES_MAX)
			return 0;
		n += put(plain + n, v->name);
		n += put(plain + n, v->value);
	}
	return n;
}

static void read_plain(struct str plain, struct waiting *w)
{
	struct form_value v;
	while (w->state.values_count < FORM_VALUES_MAX && str_cut(&plain, 0, &v.name) && v.name.n &&
		str_cut(&plain, 0, &v.value))
		w->state.values[w->state.values_count++] = v;
	w->form_key = form_take(&w->state, FORM_KEY_NAME);
}

bool waiting_keep(struct ctx *c, struct response *r, const struct waiting_place *at, const struct waiting *w)
{
	char *plain = arena_alloc(c->mem, PLAIN_BYTES_MAX, 1), text[TICKET_LONG_TEXT_BYTES_MAX + 1];
	uint8_t content[TICKET_LONG_BYTES_MAX];
	size_t n = write_plain(w, plain);
	uLongf packed = sizeof content - SINCE_BYTES;
	memcpy(content, &c->now_ms, SINCE_BYTES);
	bool fits = n && compress2(content + SINCE_BYTES, &packed, (const Bytef *)plain, n, Z_BEST_COMPRESSION) == Z_OK;
	if (fits) {
		vault_ticket_seal_long(c->vault, at->bound, content, SINCE_BYTES + packed, text);
		response_cookie_at(
			c, r, at->cookie, arena_str(c->mem, str_of(text)), at->path, at->kept_ms / SECOND_MS);
	}
	vault_wipe(plain, PLAIN_BYTES_MAX);
	vault_wipe(content, sizeof content);
	return fits;
}

bool waiting_find(struct ctx *c, const struct request *q, const struct waiting_place *at, struct waiting *w)
{
	char *plain = arena_alloc(c->mem, PLAIN_BYTES_MAX, 1);
	uint8_t content[TICKET_LONG_BYTES_MAX];
	uLongf n = PLAIN_BYTES_MAX;
	int64_t since_ms;
	size_t have;
	if (!vault_ticket_open_long(c->vault, at->bound, request_cookie_at(q, at->cookie), content, &have) ||
		have <= SINCE_BYTES)
		return false;
	memcpy(&since_ms, content, SINCE_BYTES);
	bool open = since_ms + at->kept_ms > c->now_ms && since_ms < c->now_ms + AHEAD_MS &&
		    uncompress((Bytef *)plain, &n, content + SINCE_BYTES, have - SINCE_BYTES) == Z_OK;
	vault_wipe(content, sizeof content);
	if (open)
		read_plain((struct str){ plain, n }, w);
	w->over = open && since_ms + at->open_ms <= c->now_ms;
	return open;
}

void waiting_end(struct ctx *c, struct response *r, const struct waiting_place *at)
{
	response_cookie_at(c, r, at->cookie, S(""), at->path, 0);
}
