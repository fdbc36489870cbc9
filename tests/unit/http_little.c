#include "http_little.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "db/db.h"
#include "events_sql.h"
#include "http/form.h"
#include "http/health.h"
#include "http/session.h"
#include "http/static.h"
#include "vault/hash.h"
#include "web/asset.h"
#include "web/words.h"

struct little little;

enum { SHORT_PAGE_BYTES = 2000, REPORTS_PER_MINUTE = 60, FAILED_PER_MINUTE = 60 };

/* The program's words and files are no part of these tests. */
const struct word_entry words_id[] = {
	{"Fill this in.", "Isi bagian ini.", NULL}
};
const size_t words_id_count = COUNT(words_id);
const struct word_entry words_en[] = {
	{NULL, NULL, NULL}
};
const size_t words_en_count = 0;

static const unsigned char style[] = "body{color:teal}", style_gzip[] = "smaller";
static const struct asset asset = { "style.css", "/assets/style.0123456789.css", "text/css", "\"0123456789\"", style,
	sizeof style - 1, style_gzip, sizeof style_gzip - 1 };

const struct asset *asset_by_path(struct str path)
{
	return str_is(path, asset.path) ? &asset : NULL;
}

struct note_form {
	struct str title, pin;
	int level;
};

static const char *const levels[] = { "calm", "tense", NULL };

static const struct field note_fields[] = {
	FIELD(note_form, title, FIELD_LINE, 1, 20, true, "Title"),
	FIELD(note_form, pin, FIELD_SECRET, 0, 100, false, "Pin"),
	FIELD_OF(note_form, level, FIELD_CODE, levels, false, "Level"),
};

static void put(struct response *r, const char *before, struct str text)
{
	html_put_z(&r->body, before);
	html_put_str(&r->body, text);
}

static enum err note_page(struct ctx *c, const struct request *q, struct response *r)
{
	put(r, "title=", form_value(q, "title", S("preset")));
	put(r, " pin=", form_value(q, "pin", S("")));
	put(r, " error=", form_error(c, q, "title"));
	put(r, " csrf=", form_token(c));
	put(r, " lang=", c->lang == LANG_EN ? S("en") : S("id"));
	return OK;
}

static const struct form note_form = FORM(note_form, note_fields, note_page);

/* Looks at the title as a proof is looked at. */
static enum err before_report(struct ctx *c, const struct request *q, struct response *r)
{
	const struct note_form *f = q->form;
	if (str_is(f->title, "forged"))
		return form_refuse(c, q, "title", "This form was not made here. Please press Send again.");
	if (str_is(f->title, "asked first")) {
		r->status = 200;
		put(r, "are you sure, crowd=", arena_i64(c->mem, q->crowd));
	}
	if (str_is(f->title, "writes"))
		return events_insert(c, id_new(c->now_ms), LITTLE_CHANNEL, S("note"), 1);
	r->spending = (struct spending){ .subject = f->level < 0 ? 0 : (uint64_t)f->level + 1, .waited = f->pin.n > 0 };
	return OK;
}

static const struct form report_form = FORM_FIRST(note_form, note_fields, note_page, before_report);

/* An id that is taken makes a conflict which the router is to repeat. */
static enum err write_note(struct ctx *c, int64_t subject_id)
{
	bool clash = little.clashes > 0;
	little.clashes -= clash;
	int64_t id = clash ? little.taken_id : id_new(c->now_ms);
	TRY(events_insert(c, id, LITTLE_CHANNEL, S("note"), subject_id));
	return db_notify(c);
}

static enum err note_create(struct ctx *c, const struct request *q, struct response *r)
{
	const struct note_form *f = q->form;
	little.handler_runs++;
	if (q->again)
		return note_page(c, q, r);
	if (!str_starts(f->title, S("once")))
		response_cookie(c, r, "made", S("yes"), 60);
	TRY(write_note(c, (int64_t)f->title.n));
	if (str_is(f->title, "taken"))
		return form_refuse(c, q, "title", "There is one of that name.");
	if (str_is(f->title, "broken"))
		return FAIL(c, ERR_DB, "as the test wishes");
	if (str_is(f->title, "json first")) {
		struct json j;
		json_init(&j, response_json(c, r, 201));
		json_null(&j);
		return REFUSE(c, ERR_CONFLICT, "Somebody else was faster. Please look at it again.");
	}
	if (q->wants_json) {
		struct json j;
		json_init(&j, response_json(c, r, 201));
		json_object(&j);
		json_key(&j, "level");
		json_int(&j, f->level);
		json_end(&j);
		return OK;
	}
	return redirect(c, r, S("/notes/1"));
}

/* As signing in does: a cookie, then the form that came along. */
static enum err carry(struct ctx *c, const struct request *q, struct response *r)
{
	response_cookie(c, r, "who", form_value(q, "who", S("7:1")), 60);
	TRY(write_note(c, 2));
	struct str own = form_value(q, "own", S(""));
	if (own.n == 0)
		own = S("7");
	if (str_is(own, "nobody"))
		own = S("");
	return form_carry_on(c, q, r, form_value(q, "to", S("/")), own) ? OK : redirect(c, r, S("/alone"));
}

static enum err home_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct str said = S("");
	if (request_query(c, q, "say", &said))
		put(r, "said=", said);
	put(r, "home of ", c->account_id ? S("somebody") : S("nobody"));
	put(r, " in ", c->region);
	return OK;
}

static enum err id_page(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	html_put_i64(&r->body, id);
	return OK;
}

static enum err writing_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q, (void)r;
	return write_note(c, 1);
}

static enum err write_down(struct ctx *c, void *fails)
{
	TRY(write_note(c, 1));
	return fails ? FAIL(c, ERR_DB, "cannot be written down") : OK;
}

static enum err audited_page(struct ctx *c, const struct request *q, struct response *r)
{
	put(r, "secret text", S(""));
	return request_after(c, write_down, str_is(q->query, "fails") ? c : NULL);
}

static enum err vast_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c, (void)q;
	for (int i = 0; i < PAGE_BYTES_MAX / 10; i++)
		HTML_LIT(&r->body, "0123456789ab");
	return OK;
}

/* As long as a slow disk takes to commit. */
static enum err slow_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c, (void)q;
	int64_t until = clock_monotonic_ms() + 15;
	while (clock_monotonic_ms() < until) {}
	put(r, "slowly", S(""));
	return OK;
}

static enum err long_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c;
	for (int i = 0; i < SHORT_PAGE_BYTES; i++)
		HTML_LIT(&r->body, "calm ");
	r->plain = str_is(q->query, "plain");
	return OK;
}

/* As signing in does: the key of what was typed. */
static enum err key_page(struct ctx *c, const struct request *q, struct response *r)
{
	static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1, 2, 3 };
	uint8_t key[VAULT_KEY_BYTES], other[VAULT_KEY_BYTES];
	struct str word = form_value(q, "word", S(""));
	TRY(slow_hash(c, word, (struct str){ (const char *)salt, sizeof salt }, PASSWORD_COST_LEAST, key));
	TRY(slow_hash(c, S("other"), (struct str){ (const char *)salt, sizeof salt }, PASSWORD_COST_LEAST, other));
	for (size_t i = 0; i < 4; i++)
		html_put_u64(&r->body, key[i]);
	put(r, vault_equal(key, other, sizeof key) ? " same" : " different", S(""));
	return OK;
}

static enum err live_page(struct ctx *c, const struct request *q, struct response *r)
{
	static const int64_t channels[] = { LITTLE_CHANNEL, LITTLE_CHANNEL + 1 };
	TRY(live_open(c, q, r, channels, COUNT(channels), c->account_id));
	return str_is(q->query, "fails") ? FAIL(c, ERR_DB, "after the stream was opened") : OK;
}

/* The title is the secret. */
static enum err guess(struct ctx *c, const struct request *q, struct response *r)
{
	const struct note_form *f = q->form;
	little.handler_runs++;
	if (str_is(f->title, "right") && form_carry_on(c, q, r, S("/notes"), S("7")))
		return OK;
	r->status = str_is(f->title, "right") ? 200 : 401;
	return note_page(c, q, r);
}

static enum err before_guess(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c;
	(void)q;
	r->spending.guess = (struct guess){ .about = 4711 };
	return OK;
}

static const struct form guess_form = FORM_FIRST(note_form, note_fields, note_page, before_guess);

const struct route little_routes[] = {
	{GET,   "/",                home_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/long",            long_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/slow",            slow_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/vast",            vast_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/things/:id",      id_page,      ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/writes",          writing_page, ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/audited",         audited_page, ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/notes/new",       note_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ POST, "/notes",           note_create,  ROUTE_ANYONE,    ROUTE_OPEN,                &note_form  },
	{ POST, "/reports",         note_create,  ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_RATED,  &report_form},
	{ POST, "/again",           note_create,  ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_AGAIN,  &note_form  },
	{ POST, "/guesses",         guess,        ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_GUESS,  &guess_form },
	{ POST, "/members/notes",   note_create,  ROUTE_SIGNED_IN, 0,                         &note_form  },
	{ GET,  "/members",         home_page,    ROUTE_SIGNED_IN, 0,                         NULL        },
	{ GET,  "/said",            home_page,    ROUTE_ANYONE,    ROUTE_NOBODY,              NULL        },
	{ POST, "/said",            note_create,  ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_NOBODY, &note_form  },
	{ GET,  "/keepers",         home_page,    LITTLE_KEEPER,   0,                         NULL        },
	{ POST, "/lookups",         home_page,    ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_READS,  NULL        },
	{ POST, "/lookups/writing", writing_page, ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_READS,  NULL        },
	{ POST, "/carry",           carry,        ROUTE_ANYONE,    ROUTE_OPEN,                NULL        },
	{ POST, "/carry/nobody",    carry,        ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_NOBODY, NULL        },
	{ POST, "/keys",            key_page,     ROUTE_ANYONE,    ROUTE_OPEN,                NULL        },
	{ GET,  "/live",            live_page,    ROUTE_ANYONE,    0,                         NULL        },
	{ GET,  "/healthz",         health_page,  ROUTE_ANYONE,    ROUTE_NO_DB,               NULL        },
	{ GET,  "/assets/:file",    static_page,  ROUTE_ANYONE,    ROUTE_NO_DB,               NULL        },
};
const size_t little_routes_count = COUNT(little_routes);

static enum err identify(struct ctx *c, const struct request *q)
{
	struct events_since_row *rows;
	size_t rows_count;
	struct str who = request_cookie(q, "who"), account;
	int64_t roles;
	c->region = S("31.71");
	if (str_is(request_cookie(q, "lang"), "en"))
		c->lang = LANG_EN;
	TRY(events_since(c, INT64_MAX, &rows, &rows_count));
	if (!str_cut(&who, ':', &account) || !str_to_i64(account, 1, INT64_MAX, &c->account_id) ||
		!str_to_i64(who, 0, INT32_MAX, &roles))
		return OK;
	c->roles = (unsigned)roles;
	c->session = arena_new_of(c->mem, struct session);
	c->session->id = c->account_id;
	c->session->seen_ms = c->now_ms - little.unused_ms;
	char cookie[SESSION_TEXT_BYTES];
	memset(cookie, 'A', sizeof cookie);
	return vault_session_read((struct str){ cookie, sizeof cookie }, &c->session->token)
		       ? OK
		       : FAIL(c, ERR_DB, "no session");
}

static void error_page(struct ctx *c, const struct request *q, struct response *r, enum err e)
{
	const struct form_value *kept;
	size_t kept_count = form_kept(c, q, &kept);
	assert(!db_in_transaction(c->db));
	put(r, "error page ", str_of(err_code(e)));
	put(r, ": ", router_message(c, e));
	for (size_t i = 0; i < kept_count; i++) {
		put(r, " kept ", kept[i].name);
		put(r, "=", kept[i].value);
	}
}

static enum err refused(struct ctx *c, const struct request *q)
{
	(void)q;
	little.refusals++;
	return write_note(c, 1);
}

static enum err speaks(struct ctx *c, enum lang lang)
{
	little.spoke = lang == LANG_EN ? "en" : "id";
	return write_note(c, 3);
}

static enum err used(struct ctx *c)
{
	little.uses++;
	TRY(write_note(c, 4));
	return little.use_fails ? FAIL(c, ERR_DB, "no room") : OK;
}

const struct http_hooks little_hooks = { identify, error_page, refused, speaks, used };

struct router little_router(void)
{
	return (struct router){ .routes = little_routes,
		.routes_count = little_routes_count,
		.hooks = little_hooks,
		.sign_in = "/sign-in",
		.limits = limits_new(),
		.reports_per_minute = REPORTS_PER_MINUTE,
		.failed_sign_ins_per_minute = FAILED_PER_MINUTE };
}

enum err little_render(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out)
{
	if (str_is(e->kind, "secret"))
		return OK;
	if (str_is(e->kind, "broken"))
		return FAIL(c, ERR_DB, "cannot be rendered");
	for (int i = 0; str_is(e->kind, "long") && i <= LIVE_MESSAGE_BYTES_MAX; i++)
		buf_put_char(out, 'x');
	struct events_since_row *rows;
	size_t rows_count;
	if (str_is(e->kind, "asks"))
		TRY(events_since(c, e->id, &rows, &rows_count));
	buf_printf(out, "event: %.*s\ndata: %" PRId64 " %s\n\n", STR_ARG(e->kind), e->subject_id,
		lang == LANG_EN ? "en" : "id");
	return OK;
}

struct vault *little_vault(const char *dir)
{
	char path[200];
	const char *why = NULL;
	snprintf(path, sizeof path, "%s/pepper.key", dir);
	struct vault *v = vault_open(path, true, &why);
	if (!v)
		fail_msg("%s", why);
	return v;
}
