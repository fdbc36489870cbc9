#include "app/work.h"
#include "app/newest.h"
#include "app/program.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"
#include "os/supervisor.h"
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum {
	AT_ONCE = 10,  /* jobs, before somebody who calls is heard */
	LOOK_MS = 500, /* at a rehearsal clock */
};

static const int64_t LOOK_AFTER_MS = 10 * SECOND_MS, LOOK_AGAIN_MS = 500, SCHEMA_MS = 30 * SECOND_MS;

/* Whether the database is still at the step that this program was made for. "adem migrate" of a newer one may run beside it:
 * what this one then reads and writes is wrong, and some of it would even pass. */
static bool schema_is_ours(struct ctx *c, int64_t *again_ms)
{
	if (clock_monotonic_ms() < *again_ms)
		return true;
	*again_ms = clock_monotonic_ms() + SCHEMA_MS;
	enum err e = migrate_check(c);
	/* A connection that is made again is refused before anything is read. */
	if (e == OK || (e != ERR_CONFLICT && db_differs(c->db) != DB_OTHER_SCHEMA))
		return true;
	log_error("schema_moved", "why=\"%.*s\"", STR_ARG(c->err.why));
	return false;
}

/* Whether siblings or the database called within WAIT_MS. */
static bool was_called(struct ctx *c, const struct work *w, struct jobs_worker *jobs, int64_t wait_ms)
{
	struct pollfd fds[] = {
		{.fd = w->wake_fd,         .events = POLLIN},
		{ .fd = db_wake_fd(c->db), .events = POLLIN},
	};
	uint64_t count;
	struct timespec wait = { .tv_sec = wait_ms / SECOND_MS, .tv_nsec = wait_ms % SECOND_MS * 1000000 };
	sigset_t none; /* signals come here and nowhere else */
	sigemptyset(&none);
	if (ppoll(fds, COUNT(fds), &wait, &none) <= 0)
		return false;
	bool sibling = fds[0].revents & POLLIN;
	if (sibling && read(w->wake_fd, &count, sizeof count) < 0)
		log_warn("wake_unread", "why=\"%s\"", strerror(errno));
	/* On a database that tells, siblings call through it as well, and say about what. */
	if (sibling && db_kind(c->db) == DB_SQLITE)
		jobs_worker_called(jobs, NULL);
	bool told = fds[1].revents && db_wake_drain(c);
	if (told)
		jobs_worker_called(jobs, c->db);
	return told || sibling;
}

/* Sleeps until a job may be due: until somebody calls, or WAIT_MS are over. What else comes from the database (the answer to
 * the end of a transaction, a keep-alive) is no reason to look into the queue, which would bring the next such answer. */
static void sleep_until_called(struct ctx *c, const struct work *w, struct jobs_worker *jobs, int64_t wait_ms)
{
	int64_t until_ms = clock_monotonic_ms() + wait_ms, ahead_ms = clock_now_ms() - clock_monotonic_ms();
	bool jumps = clock_is_rehearsed();
	db_settle(c->db);
	if (db_wake_drain(c)) { /* a call may have come in with the answer */
		jobs_worker_called(jobs, c->db);
		return;
	}
	while (!supervisor_stop) {
		int64_t left_ms = until_ms - clock_monotonic_ms();
		left_ms = left_ms < 0 ? 0 : jumps && left_ms > LOOK_MS ? LOOK_MS : left_ms;
		if (was_called(c, w, jobs, left_ms))
			return;
		int64_t shift_ms = clock_now_ms() - clock_monotonic_ms() - ahead_ms;
		if (clock_monotonic_ms() >= until_ms || (jumps && (shift_ms > LOOK_MS || shift_ms < -LOOK_MS)))
			return;
	}
}

/* What the database needs now and then besides statements; *AGAIN_MS is when it is looked at next. What was withdrawn is out of
 * its files within that time. */
static void look_after(struct ctx *c, const struct work *w, int64_t *again_ms)
{
	bool done;
	if (clock_monotonic_ms() < *again_ms)
		return;
	log_catch_up();
	db_keep_reserve(c->db, w->reserve_bytes);
	if (db_tidy(c, &done) != OK)
		log_warn("database_not_tidied", "why=\"%.*s\"", STR_ARG(c->err.why));
	*again_ms = clock_monotonic_ms() + (done ? LOOK_AFTER_MS : LOOK_AGAIN_MS);
}

bool work_run(struct ctx *c, const struct work *w)
{
	struct jobs_worker *jobs = jobs_worker_new(tasks, tasks_count, w->alive_until_ms);
	jobs_worker_keeps(jobs, w->state);
	int64_t again_ms = 0, schema_ms = clock_monotonic_ms() + SCHEMA_MS; /* it was looked at before the start */
	bool ours = true;
	db_be_brief(c->db); /* whoever is frozen with the row of one call keeps no other call from climbing */
	newest_compare(c);
	while (!supervisor_stop && (ours = schema_is_ours(c, &schema_ms))) {
		size_t done = 0;
		look_after(c, w, &again_ms);
		enum err e = jobs_work(c, jobs, AT_ONCE, &done);
		if (db_take_notified(c->db) && w->wake_siblings)
			w->wake_siblings();
		int64_t wait_ms = done == AT_ONCE ? 0 : jobs_worker_wait_ms(jobs);
		if (e != OK) {
			log_error("jobs_interrupted", "why=\"%.*s\"", STR_ARG(c->err.why));
			wait_ms = wait_ms > SECOND_MS ? wait_ms : SECOND_MS;
		}
		int64_t left_ms = again_ms - clock_monotonic_ms();
		sleep_until_called(c, w, jobs, wait_ms < left_ms ? wait_ms : left_ms > 0 ? left_ms : 0);
		arena_reset(c->mem);
	}
	jobs_worker_free(jobs);
	return ours;
}
