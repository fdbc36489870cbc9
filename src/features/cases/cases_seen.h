/* cases_seen.h - who sees what of a case. It is decided here and nowhere else, from three facts:
 *
 *	a post takes part        a row of case_posts: called, handed over to, joined, or it opened the case
 *	a post reads a report    a row of report_readers: its reporter was shown the post, or it was shared on purpose
 *	a report spares          what it brings about is seen by no post of the neighbourhood (kind "rw")
 *
 * A person sees what their posts see, each with the role held at that very post, while the membership lasts. Of a case a post
 * sees: its place and state, its calls and who has them; the reports it reads that do not spare it; of the timeline what began
 * after the first of these and does not stem from what it does not see. Level, reason and number of reports are those of the
 * reports it sees.
 *
 * A case is of one kind for good: it spares the neighbourhood or not (cases.spares_neighbours). No post of the neighbourhood
 * takes part in one that does, no report of the other kind comes into it, and two of different kind are never joined;
 * whoever sees both finds a link from one to the other. So nothing that is done in the one, no end, no owner, no ring, can
 * show in the other, and what all posts of a case share, its state and its calls, tells none of them of what spares it.
 *
 * What a post sees stands in its row of case_posts as well, so that boards and lists read it there, by post, without going
 * through the case (index case_posts_open: what is open or closing; case_posts_by_time: all, by from_ms). A person of several
 * posts has several rows of one case: cases_seen_join() makes one of two. */
#ifndef ADEM_CASES_SEEN_H
#define ADEM_CASES_SEEN_H
#include "db/stmt.h"
#include "features/cases/cases.h"

/* So long after its last call has ended an open case is to be closed: that is its deadline then, and it is late after it, so that
 * "calm" without an end does not stand for ever. */
#define CASES_CLOSE_MS (24 * INT64_C(3600000))

/* What the signed-in person sees of a case, of all their posts together. */
struct case_seen {
	int64_t case_id, post_id; /* post_id: the post they act for, the one that takes part for longest */
	int64_t from_ms, last_ms; /* of the first and last thing they see */
	enum level level;
	struct str reason;
	int64_t reports;
	int64_t alert_id; /* 0: no call that they see */
	struct str alert_state;
	struct opt_int owner_id; /* who takes care of it: of this call, or of a case without one */
	struct opt_int next_ms;
	bool neighbour; /* none of their posts is of another kind: they see nothing that spares the neighbourhood */
};
/* ERR_DENIED where they take no part, ERR_NOT_FOUND where there is no such case. */
MUST_CHECK enum err cases_seen(struct ctx *c, int64_t case_id, struct case_seen *seen);
/* The same question of one report or one alert; *case_id and *post_id (of the person) may be NULL. ERR_DENIED also for what
 * spares the neighbourhood, where their posts are of it. */
MUST_CHECK enum err cases_check_report(struct ctx *c, int64_t report_id, int64_t *case_id, int64_t *post_id);
MUST_CHECK enum err cases_check_alert(struct ctx *c, int64_t alert_id, int64_t *case_id, int64_t *post_id);

/* Whether somebody else has done something since a moment, or anybody with the case as a whole, as far as the signed-in person
 * sees it: what they do not see neither keeps them from anything nor shows by what they may still do. */
MUST_CHECK enum err cases_others_acted(struct ctx *c, int64_t case_id, int64_t since_ms, bool *acted);

/* What a page of a case showed, for the answers that are tapped on it: 1 and how often a reporter's word has come in, of those
 * that the person sees. It is another one after each of them, says nothing of what they do not see, and no moment. A row of
 * the board that all members of a post are shown: as the post sees it. */
MUST_CHECK enum err cases_shown(struct ctx *c, int64_t case_id, int64_t *shown);
MUST_CHECK enum err cases_shown_at(struct ctx *c, int64_t case_id, int64_t post_id, int64_t *shown);
/* The posts that read a report, and may: what spares the neighbourhood no post of it does. */
MUST_CHECK enum err cases_report_posts(struct ctx *c, int64_t report_id, int64_t **post_ids, size_t *posts_count);

/* Who will read a note that the signed-in person writes: the posts that read all the reports that this person sees, called
 * already or later, and the person's own; where there is no such report, the posts that take part. Nobody else learns of
 * the note, and a join gives it to nobody. */
struct cases_reader {
	int64_t post_id;
	struct str name;
};
MUST_CHECK enum err cases_note_readers(
	struct ctx *c, const struct case_seen *seen, struct cases_reader **readers, size_t *readers_count);

bool cases_reader_among(const struct cases_reader *rows, size_t count, int64_t post_id);

/* Of two alerts the one that needs somebody more: codes of their states. Below 0: the first. */
int cases_alert_order(struct str one, struct str other);
/* Whether a call of this state has ended. */
bool cases_call_is_over(struct str state);

/* The first report has come into the case; cases_changed() follows, after the posts that see it were let in. */
MUST_CHECK enum err cases_first_report_came(struct ctx *c, int64_t case_id);
/* A further report has come into the case, its readers stand in report_readers: like cases_changed(), once for each. */
MUST_CHECK enum err cases_report_came(struct ctx *c, int64_t case_id, int64_t report_id);
/* Counts anew what each post sees of the reports, and tells like cases_changed(): after a join, a split, or new readers. */
MUST_CHECK enum err cases_seen_anew(struct ctx *c, int64_t case_id);
#endif
