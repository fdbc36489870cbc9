/* Times as people say them. */
#include "base/clock.h"
#include "features/frame/frame.h"

static const char *const weekdays[] = { N_("Sunday"), N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"),
	N_("Friday"), N_("Saturday") };
static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
	N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };

/* A zone that is not that of c->region is none: then times are UTC and say so, rather than be off by hours. */
static struct zone zone_of(const struct ctx *c)
{
	bool known = c->zone.region.n > 0 && str_eq(c->zone.region, c->region);
	return known ? c->zone : (struct zone){ .name = S("UTC") };
}

struct clock_time frame_local(const struct ctx *c, int64_t ms)
{
	return clock_utc(ms + zone_of(c).minutes * MINUTE_MS);
}

int64_t frame_from_local(const struct ctx *c, int64_t local_ms)
{
	return local_ms - zone_of(c).minutes * MINUTE_MS;
}

int64_t frame_midnight(const struct ctx *c, int64_t ms)
{
	int64_t local = ms + zone_of(c).minutes * MINUTE_MS;
	return frame_from_local(c, local - local % DAY_MS);
}

static struct str with_number(struct ctx *c, const char *key, int64_t n)
{
	struct word_value v = { "n", arena_i64(c->mem, n) };
	return words_format(c->mem, c->lang, key, &v, 1);
}

/* The same steps as clock.js, so that the words do not jump when the script takes over. */
struct str frame_span(struct ctx *c, int64_t ms)
{
	int64_t minutes = ms / MINUTE_MS, hours = (minutes + 30) / 60;
	if (ms < MINUTE_MS)
		return with_number(c, N_("{n} seconds"), ms < 0 ? 0 : ms / SECOND_MS);
	if (minutes < 90)
		return with_number(c, N_("{n} minutes"), minutes);
	if (hours < 48)
		return with_number(c, N_("{n} hours"), hours);
	return with_number(c, N_("{n} days"), (hours + 12) / 24);
}

static struct str with_time(struct ctx *c, const char *key, struct str time)
{
	struct word_value v = { "time", time };
	return words_format(c->mem, c->lang, key, &v, 1);
}

struct str frame_left(struct ctx *c, int64_t until_ms)
{
	int64_t left = until_ms - c->now_ms;
	return with_time(c, left >= 0 ? N_("{time} left") : N_("{time} late"), frame_span(c, left >= 0 ? left : -left));
}

int64_t frame_seconds_since(const struct ctx *c, int64_t then_ms)
{
	int64_t ms = c->now_ms > then_ms ? c->now_ms - then_ms : 0;
	return ms < MINUTE_MS ? ms / SECOND_MS : ms / MINUTE_MS * (MINUTE_MS / SECOND_MS);
}

struct str frame_ago(struct ctx *c, int64_t then_ms)
{
	return with_time(c, N_("{time} ago"), frame_span(c, c->now_ms - then_ms));
}

struct str frame_clock(struct ctx *c, int64_t ms)
{
	struct clock_time t = frame_local(c, ms);
	return arena_printf(c->mem, "%02d.%02d %.*s", t.hour, t.minute, STR_ARG(zone_of(c).name));
}

struct str frame_clock_beside(struct ctx *c, int64_t ms, int64_t beside_ms)
{
	if (frame_midnight(c, ms) == frame_midnight(c, beside_ms))
		return frame_clock(c, ms);
	return arena_printf(c->mem, "%.*s, %.*s", STR_ARG(words_get(c->lang, weekdays[frame_local(c, ms).weekday])),
		STR_ARG(frame_clock(c, ms)));
}

struct str frame_date(struct ctx *c, int64_t ms)
{
	struct clock_time t = frame_local(c, ms);
	struct str weekday = words_get(c->lang, weekdays[t.weekday]), month = words_get(c->lang, months[t.month - 1]);
	return arena_printf(c->mem, "%.*s %d %.*s %d", STR_ARG(weekday), t.day, STR_ARG(month), t.year);
}

struct str frame_month(struct ctx *c, int year, int month)
{
	return arena_printf(c->mem, "%.*s %d", STR_ARG(words_get(c->lang, months[month - 1])), year);
}

struct str frame_date_clock(struct ctx *c, int64_t ms)
{
	struct clock_time t = frame_local(c, ms);
	struct str month = words_get(c->lang, months[t.month - 1]);
	return arena_printf(c->mem, "%d %.*s %d, %02d.%02d %.*s", t.day, STR_ARG(month), t.year, t.hour, t.minute,
		STR_ARG(zone_of(c).name));
}
