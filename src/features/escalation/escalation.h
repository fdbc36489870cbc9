/* escalation.h - the state machine of an alert: what an answer, the clock and a further report turn it into, and when
 * it must ring next. Pure: no database, no clock of its own, no words. alerts.c applies it, pages ask it which buttons are
 * possible, and tests/unit/escalation_walk_test.c walks all of it.
 *
 * Four promises, whatever happens: an open alert always has a deadline; silence never ends one; what a reporter writes
 * after the end is another one; and it ends only
 *  - by its owner, who said "there" at least two minutes ago, or
 *  - in a flood, but for a fight, by a desk that proposed it for several and another account that agreed, or
 *  - by two people as members of two called posts, or, where only one of the called posts has anybody,
 *    by one of its members together with a second one, the post above or a desk. A sole member has to be there. */
#ifndef ADEM_ESCALATION_H
#define ADEM_ESCALATION_H
#include "base/str.h"

enum level { LEVEL_POTENSI, LEVEL_AMBANG, LEVEL_NYATA, LEVEL_COUNT };

enum alert_state {
	ALERT_RINGING,
	ALERT_SEEN,
	ALERT_MINE,
	ALERT_ON_THE_WAY,
	ALERT_THERE,
	ALERT_CALM,
	ALERT_FALSE_ALARM,
	ALERT_STATE_COUNT
};
enum answer {
	ANSWER_SEEN,
	ANSWER_MINE,
	ANSWER_ON_THE_WAY,
	ANSWER_THERE,
	ANSWER_CALM,
	ANSWER_HANDED_OVER,
	ANSWER_ACCEPTED,
	ANSWER_REFUSED,
	ANSWER_FALSE_ALARM,
	ANSWER_PLANNED, /* the owner goes on at a date; not for nyata */
	ANSWER_HELPING, /* somebody else has it, and this person helps */
	ANSWER_COUNT
};
/* Codes in order of the enums, stable in tables and forms; NULL ends the lists. */
extern const char *const alert_state_codes[], *const answer_codes[];
/* The state with this code; CODE is one of the list. */
enum alert_state alert_state_of(struct str code);

/* An alert as its row holds it. 0 is "none" for ids, "not yet" for times. */
struct escalation {
	enum level level;
	enum alert_state state;
	int64_t step;      /* the highest called so far; -1: none */
	int64_t rings;     /* how often the top has rung again in this silence */
	int64_t ladder_ms; /* from when the times of the ladder count */
	int64_t owner_id, owner_post_id, offered_to;
	int64_t owned_ms;  /* first "mine": the answer time ends here */
	int64_t there_ms;  /* since when the owner is there by their own word */
	int64_t next_ms;   /* the deadline */
	int64_t late_ms;   /* since when an answer is overdue */
	int64_t rung_ms;   /* when posts were last rung for a report or by the clock; 0: not yet, it is held */
	int64_t unread_ms; /* the reporter's word of that time waits for an answer */
	int64_t over_by, over_post_id; /* who says that it is over; somebody else has to agree */
	enum alert_state over_as;      /* calm or false alarm, when over_by is set */
	int64_t ended_ms;
};

/* Who answers, as a member of which post, and what counts of the world around. */
struct answerer {
	int64_t account_id, post_id;
	bool called;      /* their post was called */
	bool above;       /* they are a desk, or of the post above the called one */
	bool offered;     /* the alert is being handed over to a post of theirs */
	bool helps;       /* they have said so already */
	bool over_called; /* the post of over_by was called */
	bool related;     /* they and over_by count as one person */
	bool blind; /* the word that waits (unread_ms) is of a report that they do not see: they answer everything but it */
	/* A reporter's word has come that they see, but that was not on the page they tap on: they take the call and move on with
	 * it, but neither say that it is over nor that they have read. */
	bool stale;
	bool declined;    /* they have said "cannot take it" since it rang last for them */
	bool nobody_left; /* but for them, whoever hears its step has said so since it rang */
	int64_t staffed;  /* how many called posts have anybody who can answer */
};

/* What becomes of an answer. Only after VERDICT_CHANGES is there anything to write. */
enum verdict {
	VERDICT_CHANGES,
	VERDICT_SAME,        /* said already: a double tap */
	VERDICT_TAKEN,       /* somebody else has it */
	VERDICT_ENDED,       /* it has ended */
	VERDICT_NOT_OWNER,   /* only the owner can say this */
	VERDICT_NOT_OFFERED, /* it is not being handed over to them */
	VERDICT_NOT_CALLED,  /* only called posts can end it */
	VERDICT_SAME_POST,   /* somebody of their post has said so; another post has to agree */
	VERDICT_RELATED,     /* they and who has said so count as one person: a third one has to agree */
	VERDICT_UNSEEN,      /* a word has come that they have not seen: they read it and say so again */
	VERDICT_DATE         /* no date, or none within seven days; or not at this level */
};

/* A change: the row afterwards, and the code of its entry in the timeline (NULL: none). */
struct turn {
	struct escalation to;
	const char *entry;
	bool climbs; /* nobody who hears it is left to answer: the next step, where there is one, is called at once */
};

/* WHAT: the answer. WITH: the post it is handed over to, or the date (ms) of ANSWER_PLANNED; else 0. */
MUST_CHECK enum verdict escalation_answer(const struct escalation *a, const struct answerer *who, enum answer what,
	int64_t with, int64_t now_ms, struct turn *out);
/* The answers that would change something if WHO gave them now: bit ANSWER_X is 1 << ANSWER_X. */
unsigned escalation_possible(const struct escalation *a, const struct answerer *who, int64_t now_ms);
/* Would this person's "calm" end it at once? Otherwise it is kept until a second one agrees. */
bool escalation_may_end(const struct escalation *a, const struct answerer *who, int64_t now_ms);

/* The last answer that holds, and the row before it. */
struct answered {
	struct escalation before;
	enum answer what;
	int64_t account_id, at_ms;
	bool alone; /* nothing has moved since, not even the clock */
};
/* Takes the answer back; false when it is somebody else's, older than a minute, or OTHERS_ACTED on it since. What the clock or
 * further reports did since then stays. */
MUST_CHECK bool escalation_undo(const struct escalation *a, const struct answered *last, int64_t account_id,
	bool others_acted, int64_t now_ms, struct turn *out);

/* A new alert, before its first step is called. */
struct escalation escalation_new(enum level level, int64_t now_ms);
/* Nobody has been rung for it yet: it was raised by a word that is held back, stands on the board, and rings at its deadline
 * unless somebody takes it before. */
bool escalation_is_held(const struct escalation *a);
/* Its deadline has come without an answer. */
bool escalation_is_due(const struct escalation *a, int64_t now_ms);
/* Marks it late, but for one that was held. MORE: the ladder has a step after A's, to be called AFTER_S after the beginning: then
 * the caller calls it and says how far it came. Otherwise the top rings again, and the deadline is set. ZONE_MS: local time minus
 * UTC. */
void escalation_late(
	const struct escalation *a, bool more, int64_t after_s, int64_t now_ms, int64_t zone_ms, struct turn *out);
/* The step that is called AFTER_S after the beginning is called now, before its time or after it: further ones keep their
 * distances from it. */
void escalation_steps_from(struct escalation *a, int64_t after_s, int64_t now_ms);
/* The steps up to STEP were called. MORE, AFTER_S as above, of the step after that. */
void escalation_climbed(
	struct escalation *a, int64_t step, bool more, int64_t after_s, int64_t now_ms, int64_t zone_ms);

enum joined { JOINED_QUIET, JOINED_RINGS, JOINED_CLIMBS };
/* A further report of LEVEL belongs to the same incident. JOINED_CLIMBS: it is graver, and its level's ladder is to
 * be climbed from step 0. JOINED_RINGS: the posts of the current step ring again. JOINED_QUIET: they have rung a
 * moment ago, and ring when the interval ends unless somebody answers before. An owner's row is marked as unread, and the
 * two minutes of being there begin anew: nobody ends over a report that they have not seen. A call that is held climbs. */
enum joined escalation_joined(const struct escalation *a, enum level level, int64_t now_ms, struct turn *out);

/* How the words of one receipt have rung so far. All zero: it has said none. */
struct worded {
	int64_t rings;   /* how often, and nobody has answered since */
	int64_t rung_ms; /* when last, or when the word that is held will */
	int64_t calls;   /* how many calls they have raised, each within a day of the one before */
	int64_t held_ms; /* a word of that time waits on the board without having rung; 0: none does */
};
enum written { WRITTEN_QUIET, WRITTEN_RINGS, WRITTEN_CLIMBS, WRITTEN_ANEW, WRITTEN_HELD };
/* The reporter has written again, or says that it is not calm; W becomes *THEN. A receipt's first word, and its first one
 * after an answer, rings at once (WRITTEN_RINGS), or at FROM_MS where that is later (escalation_words_from_ms()); further
 * ones when escalation_gap_ms() has passed, and until then they wait on the board and bring the deadline that near
 * (WRITTEN_QUIET). A call that has ended stays ended, and what is written reaches somebody all the same: *OUT is another
 * call, before its first step, with the word waiting for its answer. The first such call of a receipt is to be climbed at
 * once (WRITTEN_ANEW), a further one is held for the gap (WRITTEN_HELD): its first posts are called without being rung.
 * WRITTEN_CLIMBS: somebody else's word is held, this one need not be, and the ladder begins now. */
enum written escalation_written(const struct escalation *a, const struct worded *w, int64_t from_ms, int64_t now_ms,
	struct turn *out, struct worded *then);
/* From when a further receipt may ring a call by its words. OTHERS have done so within escalation_gap_ms(LEVEL, 1), the first of
 * them at FIRST_MS; three do at once, so that a crowd of receipts in one hand rings no more often than a crowd of reports. */
int64_t escalation_words_from_ms(enum level level, int64_t others, int64_t first_ms);
/* Whether a word of W waits without having rung at a call that rang last at RUNG_MS. */
bool escalation_word_waits(const struct worded *w, int64_t rung_ms);
/* How long after it has rung TIMES times (1 or more) a receipt rings again: 3, 5, 10 minutes for nyata, 15, 30, 60 for ambang,
 * 30, 60, 120 for potensi, then twice as long each time: 20 minutes at most for nyata, an hour for ambang, four for potensi. */
int64_t escalation_gap_ms(enum level level, int64_t times);

/* A desk proposed to end it with others of a flood, and somebody else agrees. False: it is not to be ended like this (a fight, a
 * word that waits, somebody other than the desk has it, or it has ended). */
MUST_CHECK bool escalation_flooded(const struct escalation *a, int64_t proposer_id, int64_t now_ms, struct turn *out);

/* How long an owner may be silent, and when the top rings again after RINGS times. */
int64_t escalation_silence_ms(enum level level);
int64_t escalation_top_ms(enum level level, int64_t rings, int64_t now_ms, int64_t zone_ms);
#endif
