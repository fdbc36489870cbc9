/* form.h - fields are declared once and arrive typed. A form that does not fit never reaches its handler: the page that shows
 * it is made again, with what was typed and what is wrong beside each field. */
#ifndef ADEM_HTTP_FORM_H
#define ADEM_HTTP_FORM_H
#include "http/http.h"
#include "vault/tokens.h"

enum field_kind {
	FIELD_LINE, /* struct str: one line of text, trimmed; MIN to MAX characters, or none where it is not required */
	FIELD_TEXT, /* struct str: text of several lines, trimmed; MIN to MAX characters */
	FIELD_SECRET, /* struct str: as typed, never shown again; MIN to MAX bytes */
	FIELD_INT,    /* int64_t from MIN to MAX */
	FIELD_ID,     /* int64_t, a row, from 1: a sent 0 is refused; absent: 0 */
	FIELD_IDS,    /* struct field_ids: several rows, each once; MAX of them at most */
	FIELD_CODE,   /* int: index in CODES; absent: -1 */
	FIELD_SET,    /* unsigned: a bit for each of CODES that was sent */
	FIELD_BOOL,   /* bool: was it sent? */
	FIELD_DATE,   /* int64_t: ms of that day's midnight as if in UTC (YYYY-MM-DD); absent: 0 */
	FIELD_TIME,   /* int: minutes since midnight (HH:MM); absent: -1 */
};

/* What a field of FIELD_IDS arrives as, in the order in which they were sent. */
struct field_ids {
	int64_t *ids;
	size_t count;
};

struct field {
	const char *name;
	const char *label; /* word key, for the list of what is wrong */
	enum field_kind kind;
	size_t at;
	int64_t min, max;
	bool required;
	const char *const *codes; /* ends with NULL */
};
#define FIELD(T, member, kind, min, max, required, label)                                                              \
	{                                                                                                              \
#member, label, kind, offsetof(struct T, member), min, max, required, NULL                             \
	}
#define FIELD_OF(T, member, kind, codes, required, label)                                                              \
	{                                                                                                              \
#member, label, kind, offsetof(struct T, member), 0, 0, required, codes                                \
	}

struct form {
	const struct field *fields;
	size_t fields_count, size;
	handler_fn page; /* shows the form; runs in a reading transaction, with q->state saying what is wrong */
	/* Runs before the handler, in a reading transaction, before any rate is counted and anything is locked: refuses what must
	 * not cost others, says what the request is counted against (r->spending), or answers by itself what needs no writing
	 * (r->status is set). May be NULL. */
	handler_fn first;
};
#define FORM(T, fields, page) FORM_FIRST(T, fields, page, NULL)
#define FORM_FIRST(T, fields, page, first)                                                                             \
	{                                                                                                              \
		fields, COUNT(fields), sizeof(struct T), page, first                                                   \
	}

/* A field that does not fit, and why. */
struct form_error {
	const char *name, *label;
	const char *key; /* message; {min} and {max} stand for the field's limits */
	int64_t min, max;
};

enum { FORM_VALUES_MAX = 200, FORM_ERRORS_MAX = 20 };

/* Of the hidden field that form_token() fills. */
#define FORM_TOKEN_NAME "csrf"
/* Of the hidden field that every form of a view has by itself; what it holds is in q->form_key and never among the values. */
#define FORM_KEY_NAME HTML_FORM_KEY_NAME
/* Of the buttons that only have the page shown again, with what was typed (show.h). */
#define FORM_SHOW_NAME HTML_SHOW_NAME

struct form_state {
	struct form_value {
		struct str name, value;
	} values[FORM_VALUES_MAX];
	size_t values_count;
	struct form_error errors[FORM_ERRORS_MAX];
	size_t errors_count;
};

/* Takes the first value called NAME out of *STATE, or gives an empty text. */
struct str form_take(struct form_state *state, const char *name);
/* Reads BODY (application/x-www-form-urlencoded) into *STATE. ERR_INPUT: broken escapes, not UTF-8, too many values. */
MUST_CHECK enum err form_read(struct ctx *c, struct str body, struct form_state *state);
/* What of a BODY that was cut off somewhere can be read: without half an escape, and without half a character. */
struct str form_whole(struct str body);
/* Checks STATE against the form and fills OUT (form->size bytes, zeroed). False when fields do not fit; STATE says which. */
MUST_CHECK bool form_fill(struct ctx *c, const struct form *form, struct form_state *state, void *out);
/* For handlers: this field's value does not do. KEY is a literal. Returns ERR_INPUT; the form is shown again. */
enum err form_refuse(struct ctx *c, const struct request *q, const char *name, const char *key);

/* For views: what was typed last time, or PRESET when the form is shown for the first time, or when another form of the page was
 * sent, which has no such field. A secret is never shown again. */
struct str form_value(const struct request *q, const char *name, struct str preset);
/* Are the values of Q those of the form that goes to PATH? For pages on which two forms have a field of the same name. */
bool form_goes_to(const struct request *q, struct str path);
/* Was VALUE among what was sent for NAME? PRESET when the form is shown for the first time. */
bool form_checked(const struct request *q, const char *name, const char *value, bool preset);
/* The message about a field in the language of C, or empty. */
struct str form_error(struct ctx *c, const struct request *q, const char *name);
/* All of them, in the order of fields; *ROWS is borrowed. */
size_t form_errors(const struct request *q, const struct form_error **rows);
struct str form_error_text(struct ctx *c, const struct form_error *e);
/* For the page of an error: all that was sent but secrets, the token as it was sent too, as hidden fields of a form that sends it
 * again to the same address. */
size_t form_kept(struct ctx *c, const struct request *q, const struct form_value **rows);

/* A form inside another: what somebody typed goes along while they sign in, and is handled then. As
 * hidden fields of the other form: all that was sent but secrets, under names of their own. None of a GET. */
size_t form_carried(struct ctx *c, const struct request *q, const struct form_value **rows);
/* What Q carries itself, for showing the form again in which it travels. */
size_t form_carried_on(struct ctx *c, const struct request *q, const struct form_value **rows);
/* Whether Q carries a form, for the handler of the other one. Then, after its commit, the router goes on with that form as if it
 * had been sent to PATH; *R needs no page. OWN: what stands for the session that it was begun in, so that the same form is done
 * once (once.h) however often somebody signs in with it. Empty: nobody knows who began it, or it is for a press of its own. Then
 * nothing is done; its page is shown again, for whoever is signed in to look at it and send it. */
MUST_CHECK bool form_carry_on(
	struct ctx *c, const struct request *q, struct response *r, struct str path, struct str own);
/* Whether Q's form holds a text that somebody typed. */
MUST_CHECK bool form_is_written(const struct request *q);

/* The value of the field "csrf" that every form has while somebody is signed in; empty when nobody is. Another one each time,
 * so that the length of a compressed page says nothing about it. */
struct str form_token(struct ctx *c);
/* Whether Q's form was made for the session of C; for SESSION. */
MUST_CHECK bool form_token_check(struct ctx *c, const struct request *q);
MUST_CHECK bool form_token_of(const struct session_token *session, const struct request *q);
#endif
