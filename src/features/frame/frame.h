/* frame.h - what stands around every page: header, navigation by role, messages, footer; and the parts that pages share. */
#ifndef ADEM_FRAME_H
#define ADEM_FRAME_H
#include "base/clock.h"
#include "features/frame/roles.h"
#include "http/form.h"
#include "http/http.h"
#include "web/words.h"

struct frame {
	struct str title;
	const char *current; /* path of the navigation's entry that this page belongs to; NULL: none */
	const char *script;  /* name of a script asset; NULL: none */
	bool leaves;         /* after ten minutes it goes away by itself: it shows what nobody else is to see */
	bool several;        /* several of its forms take text */
	bool again;          /* though it answers a form that was handled, it can be shown again */
	bool proof;          /* a form of the page has data-proof: work that proof.js does */
	int64_t reload_s;    /* without script the page reloads after so many seconds; 0: never */
};

/* Begins the page in R; what follows goes into <main>. */
void frame_begin(struct ctx *c, const struct request *q, struct response *r, const struct frame *f);
/* Ends it. Returns OK, so that a handler can end with it. */
enum err frame_end(struct ctx *c, struct response *r);
/* The list of what is wrong with the form, with links to its fields; nothing when nothing is. */
void frame_errors(struct ctx *c, const struct request *q, struct response *r);
/* The message of an error that belongs to no field (c->err.say), as a notice above the form; nothing without one. */
void frame_refusal(struct ctx *c, const struct request *q, struct response *r);

/* For what is about the whole region: ERR_DENIED unless the signed-in person holds one of ROLES where the region is led from. */
MUST_CHECK enum err frame_check_leads(struct ctx *c, unsigned roles);

/* One line of a form: label, hint, what is wrong, the input itself. Texts are word keys. */
struct frame_field {
	const char *name, *label, *hint, *type,
		*autocomplete; /* hint NULL: none; type: text, password, tel, date, textarea */
	struct str value, error;
	struct str told; /* instead of a hint: a text that is made, such as who will read it */
	struct str id;   /* the name; something else where several fields of a page have the same name */
	int rows;        /* of a textarea */
	bool required;   /* the browser asks for it */
	int64_t max;     /* so many characters at most, which is said and counted (count.js); 0: nothing is said */
	struct str max_text;
};
/* What a browser lets somebody type or paste, in units of UTF-16: so much more than any limit that nothing is cut off before it
 * was said to be too long, and so little that no form becomes larger than the server reads. */
enum { FRAME_TEXT_MAX = 20000, FRAME_LINE_MAX = 2000 };
/* The field with what was typed last time (never for passwords), or PRESET. LABEL and HINT are literals marked by N_(). */
struct frame_field frame_field_of(struct ctx *c, const struct request *q, const char *name, const char *label,
	const char *hint, const char *type, const char *autocomplete, struct str preset);
void frame_field(struct html *h, const struct frame_field *f);
/* Says the limit that FORM declares for the field of that name. For fields in which people write; a code is as long as it is. */
void frame_limit(struct ctx *c, struct frame_field *f, const struct form *form);
/* The same for a form of a feature above. */
void frame_limit_to(struct ctx *c, struct frame_field *f, int64_t max);

/* A list to choose from. */
struct frame_option {
	struct str value;
	const char *key; /* word key */
	bool chosen;
};
/* One of each of CODES (ends with NULL), called by KEYS; CHOSEN is chosen. */
struct frame_option *frame_options(
	struct ctx *c, const char *const *codes, const char *const *keys, struct str chosen, size_t *count);
struct frame_choice {
	const char *name, *label;
	struct str error;
	struct frame_option *options;
	size_t options_count;
};
/* The field with what was chosen last time, or PRESET. LABEL is a literal marked by N_(). */
struct frame_choice frame_choice_of(struct ctx *c, const struct request *q, const char *name, const char *label,
	const char *const *codes, const char *const *keys, struct str preset);
void frame_choice(struct html *h, const struct frame_choice *f);

/* The session's value for forms; empty for visitors. */
struct str frame_csrf(struct ctx *c);

/* Times in words, by the clock of c->region. */
struct str frame_span(struct ctx *c, int64_t ms);       /* "3 minutes" */
struct str frame_left(struct ctx *c, int64_t until_ms); /* "3 minutes left", "2 hours late" */
struct str frame_ago(struct ctx *c, int64_t then_ms);   /* "3 minutes ago" */
/* For <time data-ago> and <time data-for>: seconds, whole minutes of them from the first minute on. */
int64_t frame_seconds_since(const struct ctx *c, int64_t then_ms);
struct str frame_clock(struct ctx *c, int64_t ms); /* "22.30 WIB" */
/* The same, with the day where it is not the day of BESIDE_MS: "Sunday, 06.00 WIB" */
struct str frame_clock_beside(struct ctx *c, int64_t ms, int64_t beside_ms);
struct str frame_date(struct ctx *c, int64_t ms);           /* "Tuesday 19 November 2024" */
struct str frame_date_clock(struct ctx *c, int64_t ms);     /* "19 November 2024, 22.30 WIB" */
struct str frame_month(struct ctx *c, int year, int month); /* "November 2024"; MONTH from 1 */
/* Local midnight of the day that MS is in, and the calendar of a moment, by the same clock. */
int64_t frame_midnight(const struct ctx *c, int64_t ms);
struct clock_time frame_local(const struct ctx *c, int64_t ms);
/* The moment at which local clocks show what clock_ms() makes of a calendar time. */
int64_t frame_from_local(const struct ctx *c, int64_t local_ms);

/* A level is a shape and a word: index of "potensi ambang nyata". */
void frame_level(struct html *h, int level);
/* A QR code as an image of black squares; nothing when the text is too long. */
void frame_qr(struct html *h, struct str text, struct str label);
#endif
