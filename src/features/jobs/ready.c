/* Whether the program can do its work now. */
#include "features/jobs/jobs_web.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "jobs/queue.h"
#include "pulse_sql.h"

static const int64_t KEPT_MS = 5 * SECOND_MS; /* an answer: whoever asks may be anybody */
static const int64_t LATE_MS = MINUTE_MS;     /* a job that waits longer: nobody works */
static const char WRITE_MOST_MS[] = "1000";

struct jobs_shared jobs_shared;

static int64_t get(const int64_t *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static enum err write_pulse(struct ctx *c, void *arg)
{
	struct jobs_hurry_row set;
	struct pulse_region_row row;
	TRY(jobs_hurry(c, str_of(WRITE_MOST_MS), &set));
	TRY(pulse_region(c, *(const int64_t *)arg, &row));
	c->region = row.region;
	return pulse_write(c);
}

/* Whether the database takes a write in the region of number ANSWERS. */
static bool writes(struct ctx *c, int64_t answers)
{
	struct jobs_shared *kept = &jobs_shared;
	if (kept->wrote_ms && clock_monotonic_ms() - kept->wrote_ms <= KEPT_MS)
		return kept->writes;
	kept->writes = db_within(c, true, write_pulse, &answers) == OK;
	if (!kept->writes)
		log_error("not_ready", "what=write region=%.*s why=\"%.*s\"", STR_ARG(c->region), STR_ARG(c->err.why));
	c->region = (struct str){ 0 };
	kept->wrote_ms = clock_monotonic_ms();
	return kept->writes;
}

static int64_t waits_ms(const struct jobs_state *s)
{
	int64_t next_ms = get(&s->next_ms), now_ms = clock_now_ms();
	return next_ms < now_ms ? now_ms - next_ms : 0;
}

/* What keeps it from being ready; "ok": nothing. */
static struct str status_of(struct ctx *c, const struct jobs_state *s)
{
	if (!__atomic_load_n(&s->looked, __ATOMIC_ACQUIRE))
		return S("starting");
	if (get(&s->regions) == 0)
		return S("no regions");
	if (get(&s->answers) < 0) {
		log_error("not_ready", "what=regions why=\"none answers\"");
		return S("no writes");
	}
	if (!writes(c, get(&s->answers)))
		return S("no writes");
	bool silent = clock_monotonic_ms() > get(jobs_shared.alive_until_ms);
	if (!silent && waits_ms(s) <= LATE_MS)
		return S("ok");
	log_error("jobs_late", "oldest_due_s=%" PRId64 " why=\"%s\"", waits_ms(s) / SECOND_MS,
		silent ? "the job worker says nothing" : "nobody has begun it");
	return S("jobs late");
}

enum err jobs_ready_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	static const struct jobs_state unknown = { .next_ms = INT64_MAX };
	const struct jobs_state *s = jobs_shared.state ? jobs_shared.state : &unknown;
	struct str status = status_of(c, s);
	bool away = jobs_shared.pepper_away && __atomic_load_n(jobs_shared.pepper_away, __ATOMIC_RELAXED);
	struct json j;
	json_init(&j, response_json(c, r, str_is(status, "ok") ? 200 : 503));
	json_object(&j);
	json_key(&j, "status");
	json_str(&j, status);
	json_key(&j, "oldest_due_s");
	json_int(&j, waits_ms(s) / SECOND_MS);
	json_key(&j, "regions");
	json_int(&j, get(&s->regions));
	json_key(&j, "regions_away");
	json_int(&j, get(&s->away));
	json_key(&j, "disk");
	json_str(&j, db_room(c->db) == DB_ROOM_PLENTY  ? S("ok")
		     : db_room(c->db) == DB_ROOM_TIGHT ? S("nearly full")
						       : S("full"));
	json_key(&j, "pepper");
	json_str(&j, away ? S("away") : S("ok"));
	json_end(&j);
	return OK;
}
