#include "app/newest.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "check_sql.h"
#include "db/db.h"
#include "features/places/places.h"

static const int64_t PAUSE_MS = HOUR_MS;

/* When the newest thing in the region of C was written; 0: there is none. */
static enum err ask_newest(struct ctx *c, void *arg)
{
	int64_t *ms = arg;
	struct check_newest_row row;
	TRY(check_newest(c, &row));
	*ms = row.entry_id.is ? id_made_ms(row.entry_id.v) : 0;
	if (row.audit_ms.is && row.audit_ms.v > *ms)
		*ms = row.audit_ms.v;
	if (row.looked_ms.is && row.looked_ms.v > *ms)
		*ms = row.looked_ms.v;
	return OK;
}

struct regions {
	struct region *rows;
	size_t count;
};

static enum err read_regions(struct ctx *c, void *arg)
{
	struct regions *all = arg;
	return places_regions(c, &all->rows, &all->count);
}

void newest_compare(struct ctx *c)
{
	struct regions all = { 0 };
	int64_t now_ms = clock_now_ms(), newest = 0, one;
	if (db_within(c, false, read_regions, &all) != OK)
		return; /* whoever works next says so */
	for (size_t i = 0; i < all.count; i++) {
		c->region = all.rows[i].region;
		if (db_within(c, false, ask_newest, &one) == OK && one > newest)
			newest = one;
	}
	c->region = (struct str){ 0 };
	if (newest > now_ms + NEWEST_APART_MS)
		log_warn("clock_behind",
			"by_s=%" PRId64 " why=\"the newest in the database was written later than now\"",
			(newest - now_ms) / SECOND_MS);
	else if (newest && now_ms - newest > PAUSE_MS)
		log_warn("clock_after_pause",
			"newest_s=%" PRId64 " why=\"either Adem was off for so long, or the clock is ahead: nothing is "
			"forgotten by the clock until it has been steady for an hour\"",
			(now_ms - newest) / SECOND_MS);
}
