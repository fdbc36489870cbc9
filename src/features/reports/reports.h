/* reports.h - one person's word about tension, without a name; the receipt that opens its thread again. */
#ifndef ADEM_REPORTS_H
#define ADEM_REPORTS_H
#include "features/alerts/alerts.h"
#include "vault/proof.h"

enum { TEXT_CHARS_MAX = 4000, CONTACT_CHARS_MAX = 200, MESSAGES_MAX = 200, MESSAGES_AN_HOUR = 20, THREAD_PAGE = 50 };
enum { REPORTS_AGAIN_MINUTES = 10 }; /* for so long the same form gives its receipt again */

/* Set once at start from the configuration. */
extern struct reports_settings {
	int proof_bits;   /* work asked of a browser; 0: none */
	int proof_wait_s; /* what a browser without script waits instead */
} reports_settings;

struct report_new {
	enum level level;
	enum trigger why;
	enum timing timing;
	int64_t place_id;
	struct str text, contact; /* may be empty */
	bool spares_neighbours;   /* counts for potensi and ambang only */
	const char *channel;      /* web, api or desk */
	int64_t taken_at; /* the signed-in person, member of this post, writes down a caller's words; 0: the reporter
	                              sends, and nobody is named, whoever is signed in */
	const struct proof *proof; /* of the form's token, checked already; NULL: none was asked for */
};
struct report_made {
	int64_t id, case_id;
	struct str receipt;           /* shown once */
	struct alert_target *readers; /* each post once, in order of steps */
	size_t readers_count;
	bool again; /* the same form was sent a moment ago: this is the report made then */
};

/* Seals, opens a case, raises the alert, writes the timeline and enqueues the first deadline, all in the caller's write
 * transaction. The receipt may be shown only after the commit. ERR_CONFLICT: the form was sent long before. */
MUST_CHECK enum err reports_create(struct ctx *c, const struct report_new *what, struct report_made *made);
/* ERR_CONFLICT, in words: the form was sent long before, and its receipt cannot be shown again. */
MUST_CHECK enum err reports_refuse_again(struct ctx *c);
/* The posts that may open a report, each once, by step. */
MUST_CHECK enum err reports_readers_of(
	struct ctx *c, int64_t report_id, struct alert_target **rows, size_t *rows_count);
/* Whether a reporter may say more of a report in CASE_ID, be it a message or that it is not calm: MESSAGES_AN_HOUR (ERR_RATE) and
 * MESSAGES_MAX in all (ERR_CONFLICT). */
MUST_CHECK enum err reports_may_say(struct ctx *c, int64_t report_id, int64_t case_id);
/* Adds a message to the thread: of the signed-in member of POST_ID, or of the reporter (0) within the limits above. TEXT is not
 * empty. Sealed to the readers and the receipt. *id may be NULL. */
MUST_CHECK enum err reports_say(struct ctx *c, int64_t report_id, int64_t post_id, struct str text, int64_t *id);
/* The reporter takes back all that they wrote (text, contact, messages), or one message: gone at once, for everybody. Level,
 * place, times and what posts answered stay. ERR_CONFLICT: there is nothing of it any more. */
MUST_CHECK enum err reports_take_back(struct ctx *c, int64_t report_id);
MUST_CHECK enum err reports_take_back_message(struct ctx *c, int64_t report_id, int64_t message_id);

/* Daily: form tokens older than a day are forgotten. */
enum err reports_forget_tokens_job(struct ctx *c, int64_t unused);
#endif
