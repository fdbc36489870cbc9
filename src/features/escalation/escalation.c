#include "features/escalation/escalation.h"
#include "base/clock.h"

const char *const alert_state_codes[] = { "ringing", "seen", "mine", "on_the_way", "there", "calm", "false_alarm",
	NULL };
const char *const answer_codes[] = { "seen", "mine", "on_the_way", "there", "calm", "handed_over", "accepted",
	"refused", "false_alarm", "planned", "helping", NULL };

static const int64_t UNDO_MS = MINUTE_MS;
static const int64_t OFFER_MS = 5 * MINUTE_MS;
static const int64_t THERE_MS = 2 * MINUTE_MS;
/* Two taps on the same button so close together are one. */
static const int64_t DOUBLE_MS = MINUTE_MS;
static const int64_t MORNING_MS = 8 * HOUR_MS;
static const int64_t PLAN_MS = 7 * DAY_MS +
			       MORNING_MS; /* the morning of the seventh day, asked for just after midnight */

/* How long an owner may be silent before it rings on. */
static const int64_t silence_ms[LEVEL_COUNT] = {
	[LEVEL_POTENSI] = DAY_MS,
	[LEVEL_AMBANG] = 2 * HOUR_MS,
	[LEVEL_NYATA] = 15 * MINUTE_MS,
};
/* How the top rings again: after the first, the second, every further time. Potensi: each morning. */
enum { REPEATS = 3 };
static const int64_t repeat_ms[LEVEL_COUNT][REPEATS] = {
	[LEVEL_AMBANG] = {15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS       },
	[LEVEL_NYATA] = { 3 * MINUTE_MS, 5 * MINUTE_MS,  10 * MINUTE_MS},
};
/* Further reports ring at most once in such a time. */
static const int64_t interval_ms[LEVEL_COUNT] = {
	[LEVEL_POTENSI] = 12 * HOUR_MS,
	[LEVEL_AMBANG] = 15 * MINUTE_MS,
	[LEVEL_NYATA] = 3 * MINUTE_MS,
};

/* How long the words of one receipt are apart when they ring: after the first, the second, the third, each further time twice as
 * long, and never longer than that. */
static const int64_t gaps_ms[LEVEL_COUNT][REPEATS] = {
	[LEVEL_POTENSI] = {30 * MINUTE_MS,  HOUR_MS,        2 * HOUR_MS   },
	[LEVEL_AMBANG] = { 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS       },
	[LEVEL_NYATA] = { 3 * MINUTE_MS,  5 * MINUTE_MS,  10 * MINUTE_MS},
};
static const int64_t gap_max_ms[LEVEL_COUNT] = {
	[LEVEL_POTENSI] = 4 * HOUR_MS,
	[LEVEL_AMBANG] = HOUR_MS,
	[LEVEL_NYATA] = 20 * MINUTE_MS,
};
/* So many receipts ring a call by their words within the first gap of its level; whoever is the next waits for the end of it. */
enum { WORDS_AT_ONCE = 3 };
/* After a day of quiet a receipt begins anew. */
static const int64_t FORGIVEN_MS = DAY_MS;

enum alert_state alert_state_of(struct str code)
{
	int i = 0;
	while (i < ALERT_STATE_COUNT - 1 && !str_is(code, alert_state_codes[i]))
		i++;
	return (enum alert_state)i;
}

int64_t escalation_silence_ms(enum level level)
{
	return silence_ms[level];
}

int64_t escalation_top_ms(enum level level, int64_t rings, int64_t now_ms, int64_t zone_ms)
{
	if (level != LEVEL_POTENSI)
		return now_ms + repeat_ms[level][rings < REPEATS ? rings : REPEATS - 1];
	int64_t local = now_ms + zone_ms, morning = local - local % DAY_MS + MORNING_MS;
	return (morning > local ? morning : morning + DAY_MS) - zone_ms;
}

static int64_t sooner(int64_t one_ms, int64_t other_ms)
{
	return one_ms < other_ms ? one_ms : other_ms;
}

int64_t escalation_gap_ms(enum level level, int64_t times)
{
	assert(times > 0);
	int64_t gap = gaps_ms[level][times <= REPEATS ? times - 1 : REPEATS - 1];
	for (int64_t i = REPEATS; i < times && gap < gap_max_ms[level]; i++)
		gap *= 2;
	return sooner(gap, gap_max_ms[level]);
}

int64_t escalation_words_from_ms(enum level level, int64_t others, int64_t first_ms)
{
	return others < WORDS_AT_ONCE ? 0 : first_ms + gaps_ms[level][0];
}

static int64_t later(int64_t one_ms, int64_t other_ms)
{
	return one_ms > other_ms ? one_ms : other_ms;
}

struct escalation escalation_new(enum level level, int64_t now_ms)
{
	return (struct escalation){
		.level = level, .state = ALERT_RINGING, .step = -1, .ladder_ms = now_ms, .rung_ms = now_ms
	};
}

bool escalation_is_held(const struct escalation *a)
{
	return !a->ended_ms && !a->rung_ms && !a->owner_id;
}

bool escalation_is_due(const struct escalation *a, int64_t now_ms)
{
	return !a->ended_ms && a->next_ms <= now_ms;
}

/* Whether a word waits that WHO can answer. */
static bool waits(const struct escalation *a, const struct answerer *who)
{
	return a->unread_ms && !who->blind;
}

/* Something new has come in: the deadline is not further off than one interval. */
static void heard_within_interval(struct escalation *to, int64_t now_ms)
{
	int64_t soon = now_ms + interval_ms[to->level];
	if (to->next_ms > soon)
		to->next_ms = soon;
}

/* A sign of life of whoever has it: the time for the next word begins anew. Not where a word waits that they do not see: then the
 * deadline stays, so that it climbs to those who do; who can read it has as long as for any word. */
static void heard_of(struct escalation *to, const struct answerer *who, int64_t until_ms, int64_t now_ms)
{
	bool unseen = to->unread_ms && who->blind;
	to->next_ms = unseen && to->next_ms < until_ms ? to->next_ms : until_ms;
	to->late_ms = unseen ? to->late_ms : 0;
	to->rings = unseen ? to->rings : 0;
	to->unread_ms = unseen || who->stale ? to->unread_ms : 0;
	if (to->unread_ms && !unseen)
		heard_within_interval(to, now_ms);
}

static void nobody_says_over(struct escalation *to)
{
	to->over_by = 0;
	to->over_post_id = 0;
	to->over_as = ALERT_RINGING;
}

static void take(struct escalation *to, const struct answerer *who, int64_t post_id, int64_t now_ms)
{
	to->state = ALERT_MINE;
	to->owner_id = who->account_id;
	to->owner_post_id = post_id;
	to->offered_to = 0;
	to->there_ms = 0;
	if (!to->owned_ms)
		to->owned_ms = now_ms;
	nobody_says_over(to);
	heard_of(to, who, now_ms + silence_ms[to->level], now_ms);
}

/* Whether the owner has said just this a moment ago. */
static bool said_just_now(
	const struct escalation *a, const struct answerer *who, enum alert_state state, int64_t now_ms)
{
	return a->state == state && !a->late_ms && !waits(a, who) && !a->offered_to &&
	       (a->unread_ms || a->next_ms >= now_ms + silence_ms[a->level] - DOUBLE_MS);
}

static enum verdict answer_mine(
	const struct escalation *a, const struct answerer *who, int64_t now_ms, struct escalation *to)
{
	if (a->owner_id && a->owner_id != who->account_id && !a->late_ms)
		return VERDICT_TAKEN;
	if (a->owner_id == who->account_id && !a->late_ms && !waits(a, who))
		return VERDICT_SAME;
	if (a->owner_id == who->account_id && !a->late_ms && who->stale)
		return VERDICT_UNSEEN; /* "read, I go on" */
	if (a->owner_id != who->account_id) {
		take(to, who, who->post_id, now_ms);
		return VERDICT_CHANGES;
	}
	heard_of(to, who, now_ms + silence_ms[a->level], now_ms); /* still there, or on the way: only late */
	return VERDICT_CHANGES;
}

static enum verdict answer_offer(
	const struct escalation *a, const struct answerer *who, enum answer what, int64_t now_ms, struct escalation *to)
{
	if (!a->offered_to && what == ANSWER_ACCEPTED && a->owner_id == who->account_id)
		return VERDICT_SAME;
	if (!a->offered_to || !who->offered)
		return VERDICT_NOT_OFFERED;
	if (what == ANSWER_ACCEPTED)
		take(to, who, a->offered_to, now_ms);
	to->offered_to = 0;
	return VERDICT_CHANGES;
}

static enum verdict answer_as_owner(const struct escalation *a, const struct answerer *who, enum answer what,
	int64_t with, int64_t now_ms, struct escalation *to)
{
	enum alert_state moved = what == ANSWER_THERE ? ALERT_THERE : ALERT_ON_THE_WAY;
	switch (what) {
	case ANSWER_ON_THE_WAY:
	case ANSWER_THERE:
		if (said_just_now(a, who, moved, now_ms))
			return VERDICT_SAME;
		to->state = moved;
		to->there_ms = moved != ALERT_THERE ? 0 : a->there_ms ? a->there_ms : now_ms;
		heard_of(to, who, now_ms + silence_ms[a->level], now_ms);
		return VERDICT_CHANGES;
	case ANSWER_HANDED_OVER:
		if (with && a->offered_to == with)
			return VERDICT_SAME;
		to->offered_to = with;
		heard_of(to, who, now_ms + OFFER_MS, now_ms);
		return VERDICT_CHANGES;
	case ANSWER_PLANNED:
		if (who->stale)
			return VERDICT_UNSEEN;
		if (a->level == LEVEL_NYATA || with <= now_ms || with > now_ms + PLAN_MS)
			return VERDICT_DATE;
		if (a->next_ms == with && !a->late_ms)
			return VERDICT_SAME;
		heard_of(to, who, with, now_ms);
		return VERDICT_CHANGES;
	default: return VERDICT_NOT_OWNER;
	}
}

static bool long_there(const struct escalation *a, int64_t account_id, int64_t now_ms)
{
	return a->owner_id == account_id && a->state == ALERT_THERE && a->there_ms && a->there_ms + THERE_MS <= now_ms;
}

/* Whether WHO and over_by together can end it. */
static bool agree(const struct escalation *a, const struct answerer *who)
{
	if (!a->over_by || a->over_by == who->account_id || who->related)
		return false;
	if (who->staffed > 1)
		return who->called && who->over_called && a->over_post_id != who->post_id;
	return who->called || who->over_called;
}

bool escalation_may_end(const struct escalation *a, const struct answerer *who, int64_t now_ms)
{
	bool counts = who->called || (who->above && who->staffed <= 1), unseen = a->unread_ms && who->blind;
	return !a->ended_ms && !unseen && (long_there(a, who->account_id, now_ms) || (counts && agree(a, who)));
}

static enum verdict answer_over(const struct escalation *a, const struct answerer *who, enum alert_state as,
	int64_t now_ms, struct escalation *to)
{
	if (who->stale)
		return VERDICT_UNSEEN;
	if (escalation_may_end(a, who, now_ms)) {
		to->state = as;
		to->next_ms = 0;
		to->late_ms = 0;
		to->unread_ms = 0;
		to->offered_to = 0;
		to->ended_ms = now_ms;
		return VERDICT_CHANGES;
	}
	if (!who->called && !(who->above && who->staffed <= 1))
		return VERDICT_NOT_CALLED;
	if (a->over_by == who->account_id && a->over_as == as)
		return VERDICT_SAME;
	if (a->over_by && a->over_by != who->account_id && a->over_post_id == who->post_id)
		return VERDICT_SAME_POST;
	if (a->over_by && a->over_by != who->account_id && who->related)
		return VERDICT_RELATED;
	to->over_by = who->account_id;
	to->over_post_id = who->post_id;
	to->over_as = as;
	to->unread_ms = who->blind ? a->unread_ms : 0; /* said having read it */
	return VERDICT_CHANGES;
}

static enum verdict decide(const struct escalation *a, const struct answerer *who, enum answer what, int64_t with,
	int64_t now_ms, struct escalation *to)
{
	switch (what) {
	case ANSWER_SEEN: /* "cannot take it": who has it says what they do, or hands it over */
		if (a->owner_id == who->account_id || ((a->owner_id || who->declined) && !waits(a, who)))
			return VERDICT_SAME;
		if (who->stale)
			return VERDICT_UNSEEN;
		to->state = a->state == ALERT_RINGING ? ALERT_SEEN : a->state;
		to->unread_ms = who->blind ? a->unread_ms : 0;
		return VERDICT_CHANGES;
	case ANSWER_MINE: return answer_mine(a, who, now_ms, to);
	case ANSWER_ACCEPTED:
	case ANSWER_REFUSED: return answer_offer(a, who, what, now_ms, to);
	case ANSWER_CALM: return answer_over(a, who, ALERT_CALM, now_ms, to);
	case ANSWER_FALSE_ALARM: return answer_over(a, who, ALERT_FALSE_ALARM, now_ms, to);
	case ANSWER_HELPING:
		if (!a->owner_id)
			return VERDICT_NOT_OWNER;
		return a->owner_id == who->account_id || who->helps ? VERDICT_SAME : VERDICT_CHANGES;
	default:
		if (a->owner_id != who->account_id)
			return VERDICT_NOT_OWNER;
		return answer_as_owner(a, who, what, with, now_ms, to);
	}
}

/* What the timeline calls it. */
static const char *entry_of(const struct escalation *to, enum answer what)
{
	if (what == ANSWER_CALM && !to->ended_ms)
		return "says_calm";
	if (what == ANSWER_FALSE_ALARM && !to->ended_ms)
		return "says_false_alarm";
	return answer_codes[what];
}

enum verdict escalation_answer(const struct escalation *a, const struct answerer *who, enum answer what, int64_t with,
	int64_t now_ms, struct turn *out)
{
	assert(what < ANSWER_COUNT && who->account_id);
	*out = (struct turn){ .to = *a };
	if (a->ended_ms)
		return VERDICT_ENDED;
	enum verdict v = decide(a, who, what, with, now_ms, &out->to);
	if (v != VERDICT_CHANGES)
		return v;
	out->entry = entry_of(&out->to, what);
	out->climbs = what == ANSWER_SEEN && !a->owner_id && !escalation_is_held(a) && who->nobody_left;
	return VERDICT_CHANGES;
}

unsigned escalation_possible(const struct escalation *a, const struct answerer *who, int64_t now_ms)
{
	unsigned possible = 0;
	for (int what = 0; what < ANSWER_COUNT; what++) {
		struct turn t;
		int64_t with = what == ANSWER_PLANNED ? now_ms + DAY_MS : what == ANSWER_HANDED_OVER ? -1 : 0;
		if (escalation_answer(a, who, (enum answer)what, with, now_ms, &t) == VERDICT_CHANGES)
			possible |= 1U << what;
	}
	return possible;
}

bool escalation_undo(const struct escalation *a, const struct answered *last, int64_t account_id, bool others_acted,
	int64_t now_ms, struct turn *out)
{
	*out = (struct turn){ .to = *a, .entry = "undone" };
	if (last->account_id != account_id || last->at_ms + UNDO_MS < now_ms || others_acted)
		return false;
	const struct escalation *was = &last->before;
	struct escalation *to = &out->to;
	to->state = was->state;
	to->owner_id = was->owner_id;
	to->owner_post_id = was->owner_post_id;
	to->offered_to = was->offered_to;
	to->owned_ms = was->owned_ms;
	to->there_ms = was->there_ms;
	to->ended_ms = 0;
	to->over_by = was->over_by;
	to->over_post_id = was->over_post_id;
	to->over_as = was->over_as;
	if (last->alone || !a->next_ms) {
		to->next_ms = was->next_ms;
		to->late_ms = was->late_ms;
		to->rings = was->rings;
		to->unread_ms = was->unread_ms;
	} else if (was->next_ms && a->level == was->level && a->step == was->step && a->rings == was->rings) {
		/* Nobody has it any more, so nothing that came meanwhile may wait for longer than the call would have. */
		to->next_ms = sooner(a->next_ms, was->next_ms);
	}
	return true;
}

/* The first rings of the top stand in the timeline, then one in six: a night of silence must not bury what people wrote. */
static bool is_told(int64_t rings)
{
	return rings < REPEATS || rings % 6 == 0;
}

void escalation_late(
	const struct escalation *a, bool more, int64_t after_s, int64_t now_ms, int64_t zone_ms, struct turn *out)
{
	*out = (struct turn){ .to = *a };
	struct escalation *to = &out->to;
	bool held = escalation_is_held(a);
	if (!a->late_ms && !held)
		to->late_ms = a->next_ms;
	if (more && held) {
		to->ladder_ms = now_ms;
		return;
	}
	if (more) {
		out->entry = a->owner_id ? "late" : "unanswered";
		/* An owner may have fallen silent long after the beginning: then the steps keep their distances from
		 * now on, instead of all being overdue at once. */
		if (a->owner_id)
			escalation_steps_from(to, after_s, now_ms);
		return;
	}
	to->rings = a->rings + 1;
	to->rung_ms = now_ms;
	to->next_ms = escalation_top_ms(a->level, to->rings, now_ms, zone_ms);
	if (is_told(a->rings))
		out->entry = a->owner_id ? "late_again" : "unanswered_again";
}

void escalation_steps_from(struct escalation *a, int64_t after_s, int64_t now_ms)
{
	a->ladder_ms = now_ms - after_s * SECOND_MS;
}

void escalation_climbed(struct escalation *a, int64_t step, bool more, int64_t after_s, int64_t now_ms, int64_t zone_ms)
{
	a->step = step;
	a->rings = 0;
	a->rung_ms = now_ms;
	a->next_ms = more ? a->ladder_ms + after_s * SECOND_MS : escalation_top_ms(a->level, 0, now_ms, zone_ms);
	if (a->next_ms < now_ms + SECOND_MS)
		a->next_ms = now_ms + SECOND_MS;
}

enum joined escalation_joined(const struct escalation *a, enum level level, int64_t now_ms, struct turn *out)
{
	*out = (struct turn){ .to = *a };
	struct escalation *to = &out->to;
	assert(!a->ended_ms);
	nobody_says_over(to);
	if (level > a->level || escalation_is_held(a)) {
		out->entry = level > a->level ? "level" : NULL;
		to->level = level > a->level ? level : a->level;
		to->step = -1;
		to->rings = 0;
		to->late_ms = 0;
		to->ladder_ms = now_ms;
		return JOINED_CLIMBS;
	}
	/* Who owns it may know nothing of this one yet: it is marked, being there counts from now, and a ring that the
	 * interval holds back comes at its end. */
	if (a->owner_id)
		to->unread_ms = now_ms;
	if (a->there_ms)
		to->there_ms = now_ms;
	heard_within_interval(to, now_ms);
	if (a->rung_ms + interval_ms[a->level] > now_ms)
		return JOINED_QUIET;
	to->rung_ms = now_ms;
	return JOINED_RINGS;
}

/* A word after the end, or beside one that is held back: the first of a receipt rings at once, a further one when its time has
 * come. */
static enum written raised_anew(
	const struct escalation *a, int64_t from_ms, int64_t now_ms, struct escalation *to, struct worded *then)
{
	bool goes_on = !a->ended_ms;
	int64_t calls = then->rung_ms + FORGIVEN_MS <= now_ms ? 0 : then->calls, at_ms = now_ms;
	if (calls) {
		int64_t gap = escalation_gap_ms(a->level, calls);
		at_ms = sooner(then->rung_ms + gap, now_ms + gap);
	}
	at_ms = later(at_ms, from_ms);
	bool rings = at_ms <= now_ms;
	*then = (struct worded){ .rings = 1, .calls = calls + 1, .rung_ms = rings ? now_ms : at_ms };
	to->unread_ms = goes_on && a->unread_ms ? a->unread_ms : now_ms;
	if (rings) {
		to->ladder_ms = now_ms;
		return goes_on ? WRITTEN_CLIMBS : WRITTEN_ANEW;
	}
	then->held_ms = now_ms;
	to->rung_ms = 0;
	to->next_ms = goes_on ? sooner(a->next_ms, at_ms) : at_ms;
	return goes_on ? WRITTEN_QUIET : WRITTEN_HELD;
}

bool escalation_word_waits(const struct worded *w, int64_t rung_ms)
{
	return w->held_ms && w->held_ms >= rung_ms;
}

/* What has become of W by now: what was held back may have rung with the call. */
static struct worded until_now(const struct escalation *a, const struct worded *w)
{
	struct worded is = *w;
	if (w->held_ms && !escalation_word_waits(w, a->rung_ms)) {
		is.rings++;
		is.rung_ms = a->rung_ms;
		is.held_ms = 0;
	}
	/* Who has answered the call has read it. */
	if (!a->unread_ms)
		is.rings = 0;
	return is;
}

enum written escalation_written(const struct escalation *a, const struct worded *w, int64_t from_ms, int64_t now_ms,
	struct turn *out, struct worded *then)
{
	bool held = escalation_is_held(a);
	*out = (struct turn){ .to = a->ended_ms ? escalation_new(a->level, now_ms) : *a };
	*then = until_now(a, w);
	struct escalation *to = &out->to;
	nobody_says_over(to);
	if (a->ended_ms || (held && !then->rings))
		return raised_anew(a, from_ms, now_ms, to, then);
	if (held) { /* it stands beside the one that is held, and rings with it */
		then->held_ms = now_ms;
		return WRITTEN_QUIET;
	}
	heard_within_interval(to, now_ms);
	then->rung_ms = sooner(then->rung_ms, now_ms); /* the clock may have gone back */
	int64_t at_ms = then->rings ? then->rung_ms + escalation_gap_ms(a->level, then->rings) : now_ms;
	at_ms = later(at_ms, from_ms);
	if (at_ms > now_ms) {
		then->held_ms = now_ms;
		to->unread_ms = a->unread_ms ? a->unread_ms : now_ms;
		to->next_ms = sooner(to->next_ms, at_ms);
		return WRITTEN_QUIET;
	}
	to->unread_ms = now_ms;
	then->rings++;
	then->rung_ms = now_ms;
	then->held_ms = 0;
	return WRITTEN_RINGS;
}

bool escalation_flooded(const struct escalation *a, int64_t proposer_id, int64_t now_ms, struct turn *out)
{
	*out = (struct turn){ .to = *a, .entry = "false_alarm" };
	if (a->ended_ms || a->level == LEVEL_NYATA || a->unread_ms || (a->owner_id && a->owner_id != proposer_id))
		return false;
	out->to.state = ALERT_FALSE_ALARM;
	out->to.next_ms = 0;
	out->to.late_ms = 0;
	out->to.offered_to = 0;
	out->to.ended_ms = now_ms;
	return true;
}
