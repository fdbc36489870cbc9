/* Whether the program can do its work now. */
#include "features/jobs/jobs_web.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "jobs/queue.h"
#include "pulse_sql.h"

static const int64_t KEPT_MS = 5 * SECOND_MS;     /* an answer: whoever asks may be anybody */
static const int64_t LATE_MS = MINUTE_MS;         /* a job that waits longer: nobody works */
static const int64_t PATIENCE_MS = 2 * SECOND_MS; /* for all regions together */
static const char ASK_MOST_MS[] = "1000";

const bool *jobs_pepper_away;

struct readiness {
	int64_t at_ms; /* of the monotonic clock; 0: never looked */
	int64_t oldest_due_ms;
	size_t regions, away;
	bool asked, writes;
};

struct region_list {
	struct jobs_regions_row *rows;
	size_t count;
};

static enum err list_regions(struct ctx *c, void *arg)
{
	struct region_list *to = arg;
	return jobs_regions(c, &to->rows, &to->count);
}

static enum err look_at_region(struct ctx *c, void *arg)
{
	struct readiness *to = arg;
	struct jobs_hurry_row set;
	struct jobs_oldest_due_row row;
	TRY(jobs_hurry(c, str_of(ASK_MOST_MS), &set));
	TRY(jobs_oldest_due(c, JOBS_ATTEMPTS_MAX, &row));
	int64_t waits_ms = row.since_ms.is ? c->now_ms - row.since_ms.v : 0;
	to->oldest_due_ms = waits_ms > to->oldest_due_ms ? waits_ms : to->oldest_due_ms;
	return OK;
}

static enum err write_pulse(struct ctx *c, void *arg)
{
	(void)arg;
	return pulse_write(c);
}

static void note(struct ctx *c, const char *what)
{
	log_error("not_ready", "what=%s region=%.*s why=\"%.*s\"", what, STR_ARG(c->region), STR_ARG(c->err.why));
}

/* Each region is asked how long its oldest job waits; one that answers takes a write. */
static void look(struct ctx *c, struct readiness *to)
{
	struct region_list list = { 0 };
	*to = (struct readiness){ .at_ms = clock_monotonic_ms() };
	if (db_within(c, false, list_regions, &list) != OK) {
		note(c, "database");
		return;
	}
	to->asked = true;
	to->regions = list.count;
	if (list.count == 0)
		log_error("not_ready", "what=regions why=\"there is none, so that nobody can report\"");
	for (size_t i = 0; i < list.count; i++) {
		c->region = list.rows[i].region;
		bool in_time = clock_monotonic_ms() - to->at_ms < PATIENCE_MS;
		if (in_time && db_within(c, false, look_at_region, to) == OK) {
			to->writes = to->writes || db_within(c, true, write_pulse, NULL) == OK;
			if (!to->writes)
				note(c, "write");
			continue;
		}
		to->away++;
		if (!in_time)
			c->err.why = S("those before it took all the time there is");
		note(c, "region");
	}
	c->region = (struct str){ 0 };
}

enum err jobs_ready_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	static struct readiness kept; /* of this process */
	if (!kept.at_ms || clock_monotonic_ms() - kept.at_ms > KEPT_MS)
		look(c, &kept);
	bool late = kept.oldest_due_ms > LATE_MS;
	if (late)
		log_error("jobs_late", "oldest_due_s=%" PRId64, kept.oldest_due_ms / SECOND_MS);
	struct json j;
	json_init(&j, response_json(c, r, kept.writes && !late ? 200 : 503));
	json_object(&j);
	json_key(&j, "status");
	json_str(&j, kept.asked && kept.regions == 0 ? S("no regions")
		     : !kept.writes                  ? S("no writes")
		     : late                          ? S("jobs late")
						     : S("ok"));
	json_key(&j, "oldest_due_s");
	json_int(&j, kept.oldest_due_ms / SECOND_MS);
	json_key(&j, "regions");
	json_int(&j, (int64_t)kept.regions);
	json_key(&j, "regions_away");
	json_int(&j, (int64_t)kept.away);
	json_key(&j, "disk");
	json_str(&j, db_room(c->db) == DB_ROOM_PLENTY  ? S("ok")
		     : db_room(c->db) == DB_ROOM_TIGHT ? S("nearly full")
						       : S("full"));
	json_key(&j, "pepper");
	json_str(&j, jobs_pepper_away && __atomic_load_n(jobs_pepper_away, __ATOMIC_RELAXED) ? S("away") : S("ok"));
	json_end(&j);
	return OK;
}
