/* adem check: is everything as it must be? It says what it looked at and what it found, and tells on standard error how far it
 * is when that takes long. */
#include "app/command.h"
#include "app/copies.h"
#include "app/newest.h"
#include "app/place.h"
#include "app/program.h"
#include "base/clock.h"
#include "base/id.h"
#include "check_sql.h"
#include "db/migrate.h"
#include "features/alerts/alerts.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/frame/roles.h"
#include "features/places/places.h"

enum { MIB = 1 << 20 };
static const int64_t OVERDUE_MS = 5 * MINUTE_MS, PROGRESS_MS = 2 * SECOND_MS;

struct check {
	int problems;
	bool thorough;
	int64_t told_ms;  /* when progress was last told; monotonic */
	const char *what; /* what is being looked at */
	struct region *regions;
	size_t regions_count;
	struct str expected; /* where the anchor's region is named; empty: the only one */
	struct audit_anchor anchor;
	bool has_anchor, anchored;
};

static void tell(struct check *k, struct str region, int64_t done, int64_t of)
{
	int64_t now = clock_monotonic_ms();
	if (now - k->told_ms < PROGRESS_MS)
		return;
	k->told_ms = now;
	if (of)
		fprintf(stderr, "adem: %.*s: %s, %" PRId64 " of %" PRId64 "\n", STR_ARG(region), k->what, done, of);
	else if (done)
		fprintf(stderr, "adem: %.*s: %s, %" PRId64 " so far\n", STR_ARG(region), k->what, done);
	else
		fprintf(stderr, "adem: %.*s: %s\n", STR_ARG(region), k->what);
}

struct told {
	struct check *check;
	struct str region;
};

static void progress(void *arg, int64_t done, int64_t of)
{
	struct told *t = arg;
	tell(t->check, t->region, done, of);
}

static void found(void *arg, struct str what)
{
	struct check *k = arg;
	k->problems++;
	printf("database: %.*s\n", STR_ARG(what));
}

static void pages_at_hand(void *arg, int64_t done, int64_t of)
{
	struct check *k = arg;
	k->what = "reading the file, MiB";
	tell(k, S("database"), done / MIB, of / MIB);
}

static enum err check_chain(struct ctx *c, struct check *k)
{
	struct told t = { k, c->region };
	struct audit_verdict v;
	bool expects = k->has_anchor && str_eq(k->expected, c->region);
	k->what = "audit chain";
	k->anchored = k->anchored || expects;
	TRY(audit_verify(c, expects ? &k->anchor : NULL, &v, progress, &t));
	if (v.why) {
		k->problems++;
		printf("%.*s: the audit chain is broken at row %" PRId64
		       ": %s. Somebody changed it beside Adem: keep a copy "
		       "of the database as it is, and find out who can write to it\n",
			STR_ARG(c->region), v.broken_at, v.why);
		return OK;
	}
	printf("%.*s: audit chain holds, %" PRId64 " rows%s\n", STR_ARG(c->region), v.count,
		expects ? ", the one that was noted among them" : "");
	if (v.count)
		printf("%.*s: to be noted outside of the database, for --expect: %.*s\n", STR_ARG(c->region),
			STR_ARG(audit_anchor_text(c->mem, v.count, v.hash)));
	return OK;
}

/* Posts whose members all wait for the key. */
static enum err tell_unheld(struct ctx *c, size_t *count)
{
	struct circle_post *rows;
	TRY(circles_holderless(c, &rows, count));
	for (size_t i = 0; i < *count; i++)
		printf("%.*s: post %" PRId64 " (%.*s)\n", STR_ARG(c->region), rows[i].id, STR_ARG(rows[i].name));
	printf("%.*s: %zu posts whose newest key no member holds%s\n", STR_ARG(c->region), *count,
		*count ? ": what is reported to them now nobody there can read. A member of the post above "
			 "gives them the key on its page"
		       : "");
	return OK;
}

static enum err check_texts(struct ctx *c, void *arg)
{
	struct check *k = arg;
	struct check_unread_row unread;
	struct told t = { k, c->region };
	size_t unheld;
	int64_t boxes, unreadable;
	k->what = "sealed boxes";
	TRY(circles_verify(c, &boxes, &unreadable, progress, &t));
	printf("%.*s: %" PRId64 " sealed boxes, %" PRId64 " that no member can open%s\n", STR_ARG(c->region), boxes,
		unreadable,
		unreadable ? ": a member of the post above gives the key again, or a copy of the database still has it"
			   : "");
	k->what = "reports";
	tell(k, c->region, 0, 0);
	TRY(check_unread(c, &unread));
	printf("%.*s: %" PRId64 " reports without a reader%s\n", STR_ARG(c->region), unread.n,
		unread.n ? ": rows of report_readers are missing; a copy of the database may still have them" : "");
	TRY(tell_unheld(c, &unheld));
	k->problems += (unreadable > 0) + (unread.n > 0) + (unheld > 0);
	return OK;
}

static bool is_urgent(struct str kind)
{
	for (size_t i = 0; i < tasks_count; i++)
		if (str_is(kind, tasks[i].name))
			return tasks[i].priority == JOB_URGENT;
	return false;
}

static enum err check_given_up_jobs(struct ctx *c, struct check *k)
{
	struct check_given_up_row *rows;
	size_t count;
	int64_t all = 0, urgent = 0;
	TRY(check_given_up(c, JOBS_ATTEMPTS_MAX, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		all += rows[i].n;
		urgent += is_urgent(rows[i].kind) ? rows[i].n : 0;
	}
	printf("%.*s: %" PRId64 " jobs given up%s\n", STR_ARG(c->region), all,
		all ? "; an administrator finds them at /jobs" : "");
	if (urgent)
		printf("%.*s: %" PRId64
		       " of them urgent: calls may stand still. Look into the log for job_failed, mend what "
		       "it says, and let them be tried again at /jobs\n",
			STR_ARG(c->region), urgent);
	k->problems += all > 0;
	return OK;
}

static enum err check_jobs(struct ctx *c, void *arg)
{
	struct check *k = arg;
	struct check_overdue_row late;
	TRY(check_given_up_jobs(c, k));
	TRY(check_overdue(c, JOBS_ATTEMPTS_MAX, c->now_ms - OVERDUE_MS, &late));
	printf("%.*s: %" PRId64 " jobs overdue", STR_ARG(c->region), late.n);
	if (late.oldest_ms.is)
		printf(", the oldest by %" PRId64 " minutes: is \"adem serve\" running?",
			(c->now_ms - late.oldest_ms.v) / MINUTE_MS);
	printf("\n");
	k->problems += late.n > 0;
	return OK;
}

/* Whether whoever is called can hear it, and whether it goes on when they do not. */
static enum err check_calls(struct ctx *c, void *arg)
{
	struct check *k = arg;
	struct check_on_duty_row duty;
	size_t stuck;
	TRY(alerts_stuck_count(c, OVERDUE_MS, &stuck));
	TRY(check_on_duty(c, &duty));
	printf("%.*s: %zu open calls that no job will move in time%s\n", STR_ARG(c->region), stuck,
		stuck ? ": they ring for nobody else. \"adem serve\" gives each a job when it starts and within five "
			"minutes: start it, or look into its log for alerts_stuck"
		      : "");
	printf("%.*s: %" PRId64 " on duty now%s\n", STR_ARG(c->region), duty.n,
		duty.n == 0 && duty.posts > 0
			? ": calls reach only who looks at a board. Posts put their members on duty at /posts"
			: "");
	k->problems += (stuck > 0) + (duty.n == 0 && duty.posts > 0);
	return OK;
}

/* Rows that a clock which was ahead has left: nothing mends them but time. It is a problem while the clock itself is wrong. */
static enum err check_clock(struct ctx *c, void *arg)
{
	struct check *k = arg;
	struct check_of_the_future_row *rows;
	size_t count;
	struct check_newest_row newest;
	TRY(check_of_the_future(c, id_floor(c->now_ms + NEWEST_APART_MS), &rows, &count));
	for (size_t i = 0; i < count; i++)
		printf("%.*s: %" PRId64 " rows of %.*s were made in the future\n", STR_ARG(c->region), rows[i].n,
			STR_ARG(rows[i].name));
	if (count)
		printf("%.*s: the clock was ahead when these were made, or is behind now. Compare it; what is shown of "
		       "them is in order again when their time has come\n",
			STR_ARG(c->region));
	TRY(check_newest(c, &newest));
	if (newest.looked_ms.is && newest.looked_ms.v > c->now_ms + NEWEST_APART_MS) {
		k->problems++;
		printf("%.*s: Adem last ran in what is now the future, by %" PRId64
		       " minutes: put the clock right, and then start Adem again\n",
			STR_ARG(c->region), (newest.looked_ms.v - c->now_ms) / MINUTE_MS);
	}
	return OK;
}

static enum err read_regions(struct ctx *c, void *arg)
{
	struct check *k = arg;
	return places_regions(c, &k->regions, &k->regions_count);
}

/* What was looked at, and what only --thorough looks at. */
static enum err check_database(struct ctx *c, struct check *k)
{
	bool server = db_kind(c->db) == DB_POSTGRES;
	TRY(db_check(c, k->thorough, found, pages_at_hand, k));
	if (k->thorough)
		printf("database: %sreferences were read%s\n", server ? "" : "pages, indexes, rules of tables and ",
			server ? "; its server watches over pages and indexes" : "");
	else
		printf("database: %s; only --thorough reads %sreferences\n",
			server ? "its server watches over pages and indexes" : "all pages were read",
			server ? "" : "indexes, rules of tables and ");
	return OK;
}

static enum err check_all(struct ctx *c, struct check *k)
{
	TRY(migrate_check(c));
	printf("pepper: the database's\nschema: newest\n");
	db_patient(c->db);
	TRY(check_database(c, k));
	TRY(db_within(c, false, read_regions, k));
	if (k->regions_count == 0) {
		k->problems++;
		printf("regions: none, so that nobody can report; \"adem demo\" makes an invented one\n");
	}
	if (k->expected.n == 0 && k->regions_count > 0)
		k->expected = k->regions[0].region;
	for (size_t i = 0; i < k->regions_count; i++) {
		c->region = k->regions[i].region;
		TRY(check_chain(c, k));
		TRY(db_within(c, false, check_texts, k));
		c->now_ms = clock_now_ms();
		TRY(db_within(c, false, check_jobs, k));
		TRY(db_within(c, false, check_calls, k));
		TRY(db_within(c, false, check_clock, k));
	}
	if (k->has_anchor && !k->anchored) {
		k->problems++;
		printf("%.*s: there is no such region, and its audit was expected\n", STR_ARG(k->expected));
	}
	return OK;
}

/* Whether there is room for what is to be kept aside. */
static void check_reserve(const struct db *db, struct check *k, int64_t bytes)
{
	int64_t left;
	if (bytes == 0 || db_reserve_fits(db, bytes, &left))
		return;
	k->problems++;
	printf("disk: %" PRId64 " MiB are free, too little to keep disk_reserve_mib = %" PRId64
	       " aside: reports that are not urgent are refused. Free room on that disk, or lower disk_reserve_mib\n",
		left / MIB, bytes / MIB);
}

/* Copies from before an upgrade, which hold what was withdrawn since. */
static void check_copies(const struct program *p, struct check *k)
{
	enum { LATE_DAYS = 2 };
	struct copies found = copies_look(place_file(p));
	if (found.count == 0)
		return;
	int64_t days = (clock_now_ms() - found.oldest_ms) / DAY_MS;
	bool late = days > COPIES_KEPT_DAYS + LATE_DAYS;
	k->problems += late;
	printf("database: %zu copies from before an upgrade lie beside it, the oldest %" PRId64
	       " days old. %s what was withdrawn since is still in them\n",
		found.count, days,
		late ? "\"adem serve\" should have removed them: look into its log for copy_not_removed, or remove "
		       "them yourself;"
		     : "\"adem serve\" removes each after a week;");
}

/* "[REGION:]NUMBER:HASH". Two colons: a region is named. */
static bool read_expected(struct check *k, struct str text)
{
	struct str rest = text, first;
	ptrdiff_t colon = str_find(text, ':');
	struct str behind = { text.p + colon + 1, text.n - (size_t)(colon + 1) };
	if (colon >= 0 && str_find(behind, ':') >= 0 && str_cut(&rest, ':', &first))
		k->expected = first;
	return audit_anchor_read(rest, &k->anchor);
}

/* What the command is given. */
struct words {
	struct str expect; /* [REGION:]NUMBER:HASH */
	bool thorough;
};

static bool is_anchor(struct str value)
{
	struct check unused = { 0 };
	return read_expected(&unused, value);
}

int check_command(int argc, char **argv)
{
	static const struct arg options[] = {
		ARG(struct words, thorough, ARG_SWITCH, "thorough",
			"also indexes, rules of tables and references; takes several times as long"),
		ARG(struct words, expect, ARG_TEXT, "expect",
			"a row of the audit, noted before outside of the database as NUMBER:HASH or "
			"REGION:NUMBER:HASH, must still be there",
			.value = "ANCHOR", .fits = is_anchor,
			.accepts = "NUMBER:HASH or REGION:NUMBER:HASH, as \"adem check\" prints it"),
	};
	static const struct args args = { .name = "adem check",
		.about =
			"Verifies that the pepper is the database's, schema, pages, audit chain, that somebody can "
			"open every sealed box and read every report, that each post has who holds its key, that no "
			"work in the background is overdue or was given up, that open calls go on ringing, that "
			"somebody is on duty, and that the clock can be right. 0: all is well, 1: something was found.",
		.arg = options,
		.count = COUNT(options),
		.settings = true };
	struct words w = { 0 };
	struct program p;
	struct check k = { .told_ms = clock_monotonic_ms() };
	int status;
	if (!program_begin(&p, &args, argc, argv, &w, &status))
		return status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB))
		return 1;
	k.expected = p.cfg.region;
	k.thorough = w.thorough;
	k.has_anchor = w.expect.n > 0 && read_expected(&k, w.expect);
	check_reserve(p.ctx.db, &k, p.cfg.disk_reserve_mib << 20);
	check_copies(&p, &k);
	status = check_all(&p.ctx, &k) == OK ? 0 : program_failed(&p.ctx);
	if (status == 0)
		printf(k.problems ? "%d problems\n" : "all is well\n", k.problems);
	program_close(&p);
	return status ? status : k.problems > 0;
}
