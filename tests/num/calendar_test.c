/* The Islamic year as Indonesia keeps it, and what the calendar does to a town. */
#include "fixture.h"
#include "num/forecast/calendar.h"
#include "num/stats/counts.h"
#include "num/data/hijri.h"

static int32_t day(int year, int month, int of_month)
{
	return day_of((struct date){ year, month, of_month });
}

static void feasts_are_those_of_the_government(void **state)
{
	(void)state;
	static const struct {
		int year;
		enum hijri_feast feast;
		int y, m, d;
	} known[] = {
		{1436,  HIJRI_RAMADAN,    2015, 6, 18}, /* sidang isbat 2015-06-16 */
		{ 1436, HIJRI_IDUL_FITRI, 2015, 7, 17}, /* sidang isbat 2015-07-16 */
		{ 1438, HIJRI_ISRA_MIRAJ, 2017, 4, 24}, /* SKB 3 Menteri 2017 */
		{ 1440, HIJRI_IDUL_FITRI, 2019, 6, 5 }, /* sidang isbat 2019-06-03 */
		{ 1443, HIJRI_IDUL_ADHA,  2022, 7, 10}, /* sidang isbat 2022-06-29, a day after the decree's */
		{ 1446, HIJRI_RAMADAN,    2025, 3, 1 }, /* sidang isbat 2025-02-28 */
		{ 1447, HIJRI_RAMADAN,    2026, 2, 19}, /* sidang isbat 2026-02-17 */
		{ 1447, HIJRI_IDUL_FITRI, 2026, 3, 21}, /* SKB 3 Menteri 2026 */
	};
	for (size_t i = 0; i < COUNT(known); i++) {
		struct hijri_day d = hijri_feast(known[i].year, known[i].feast);
		assert_int_equal(d.day, day(known[i].y, known[i].m, known[i].d));
		assert_int_equal(d.source, HIJRI_OFFICIAL);
	}
	assert_int_equal(hijri_feast(1448, HIJRI_RAMADAN).source, HIJRI_CRESCENT);
	assert_int_equal(hijri_feast(1458, HIJRI_RAMADAN).source, HIJRI_CIVIL);
	assert_int_equal(hijri_feast(1436, HIJRI_NEW_YEAR).source, HIJRI_CIVIL); /* in 2014 */
}

static void what_is_set_is_near_what_is_computed(void **state)
{
	(void)state;
	for (int year = 1436; year <= 1457; year++)
		for (int f = 0; f < HIJRI_FEASTS; f++) {
			static const int month[] = { 1, 3, 7, 9, 10, 12 }, of_month[] = { 1, 12, 27, 1, 1, 10 };
			int32_t set = hijri_feast(year, (enum hijri_feast)f).day;
			assert_in_range(set - hijri_civil(year, month[f], of_month[f]) + 2, 0, 4);
		}
	/* Months of 29 or 30 days lie between Ramadan and Idul Fitri. */
	for (int year = 1436; year <= 1457; year++)
		assert_in_range(hijri_feast(year, HIJRI_IDUL_FITRI).day - hijri_feast(year, HIJRI_RAMADAN).day, 29, 30);
}

static void the_civil_year_is_the_published_one(void **state)
{
	(void)state;
	/* Epoch: Friday 16 July 622 Julian, 19 July Gregorian; 1 Muharram 1400 civil: 21 November 1979 (Reingold and
	 * Dershowitz, Calendrical Calculations: fixed day 227015 is the epoch, 719163 is 1970-01-01). */
	assert_int_equal(hijri_civil(1, 1, 1), 227015 - 719163);
	assert_int_equal(hijri_civil(1400, 1, 1), day(1979, 11, 21));
	assert_int_equal(hijri_civil(1431, 1, 1) - hijri_civil(1401, 1, 1), 10631);
	for (int32_t d = DAY_MIN; d <= DAY_MAX; d += 97) {
		int year = hijri_year(d);
		assert_true(hijri_civil(year, 1, 1) <= d && d < hijri_civil(year + 1, 1, 1));
	}
}

/* A town with MEAN incidents a day times FACTOR of weekday, slots and feasts. */
static struct events *town(
	struct arena *mem, double mean, int32_t from, int32_t days, unsigned slots, double (*factor)(int32_t, unsigned))
{
	struct event *event = NULL;
	size_t count = 0, cap = 0;
	struct rng r = rng_seeded(11);
	for (int32_t d = from; d < from + days; d++)
		for (unsigned s = 0; s < slots; s++)
			for (uint32_t n = counts_draw(&r, mean * factor(d, s), INFINITY); n > 0; n--) {
				event = arena_grow(mem, event, count, &cap, count + 1, sizeof *event);
				event[count++] =
					(struct event){ .day = d, .second = (int32_t)(s * (DAY_SECONDS / slots)) };
			}
	return events_make(mem, event, count);
}

static double weekends_and_ramadan(int32_t d, unsigned slot)
{
	struct hijri_day ramadan = hijri_feast(hijri_year(d), HIJRI_RAMADAN);
	bool fasting = d >= ramadan.day && d < hijri_feast(hijri_year(d), HIJRI_IDUL_FITRI).day;
	return (day_weekday(d) >= 5 ? 1.5 : 1) * (fasting && slot == 0 ? 3 : 1);
}

static void a_known_calendar_is_found_again(void **state)
{
	struct ctx *c = *state;
	struct calendar_options o = calendar_options_default();
	o.days = CALENDAR_INDONESIA;
	o.slots = 4;
	int32_t from = day(2015, 1, 1), until = day(2024, 1, 1);
	struct calendar *k = calendar_fit(
		c->mem, town(c->mem, 2, from, until - from, 4, weekends_and_ramadan), from, until, &o);
	/* Within three standard errors of this much data; the ridge pulls by far less. */
	double saturday = calendar_factor(k, day(2023, 9, 16), 1) / calendar_factor(k, day(2023, 9, 18), 1);
	double sahur = calendar_factor(k, day(2023, 4, 4), 0) / calendar_factor(k, day(2023, 4, 4), 1);
	assert_close(saturday, 1.5, 0.12);
	assert_close(sahur, 3.0, 0.2);
	assert_false(k->computed_days && until <= day(2015, 1, 1));
}

static void factors_have_mean_one_and_parts_that_add_up(void **state)
{
	struct ctx *c = *state;
	struct calendar_options o = calendar_options_default();
	o.days = CALENDAR_INDONESIA;
	o.slots = 4;
	int32_t from = day(2015, 1, 1), until = day(2020, 1, 1);
	struct calendar *k = calendar_fit(
		c->mem, town(c->mem, 1, from, until - from, 4, weekends_and_ramadan), from, until, &o);
	double *nu = arena_array(c->mem, double, 4 * (size_t)(until - from)), sum = 0;
	calendar_factors(k, from, (size_t)(until - from), nu);
	for (size_t i = 0; i < 4 * (size_t)(until - from); i++)
		sum += nu[i];
	assert_near(sum / (4.0 * (until - from)), 1, 1e-12);
	for (int32_t d = until; d < until + 800; d += 13) {
		double part[CALENDAR_PARTS], ln = 0;
		calendar_explain(k, d, 2, part);
		for (size_t p = 0; p < CALENDAR_PARTS; p++)
			ln += part[p];
		assert_near(exp(ln), calendar_factor(k, d, 2), 1e-15);
	}
}

static void what_is_rare_or_unknown_says_nothing(void **state)
{
	struct ctx *c = *state;
	struct calendar_options o = calendar_options_default();
	struct day_values *own;
	assert_int_equal(
		day_values_read(c, S("date,name,value\n2015-03-01,derby,1\n2030-01-01,derby,999\n"), &own), OK);
	o.own = own;
	int32_t from = day(2015, 1, 1);
	struct events *e = town(c->mem, 3, from, 400, 1, weekends_and_ramadan);
	struct calendar *k = calendar_fit(c->mem, e, from, from + 400, &o);
	assert_near(k->beta[k->terms - 1], 0, 0.0); /* one derby */
	assert_true(str_eq(k->name[k->terms - 1], S("derby")));
	assert_near(calendar_factor(calendar_fit(c->mem, e, from, from + 27, &o), from, 0), 1, 0.0);
	assert_near(calendar_factor(calendar_fit(c->mem, e, from - 400, from, &o), from, 0), 1, 0.0);
	k->beta[k->terms - 1] = 3;
	assert_true(isfinite(calendar_factor(k, day(2030, 1, 1), 0)));
}

static void an_event_without_a_time_is_of_the_evening(void **state)
{
	(void)state;
	struct calendar_options o = { .slots = 4 };
	assert_int_equal(calendar_slot(&o, &(struct event){ .second = -1 }), 3);
	assert_int_equal(calendar_slot(&o, &(struct event){ .second = 6 * 3600 - 1 }), 0);
	assert_int_equal(calendar_slot(&o, &(struct event){ .second = 6 * 3600 }), 1);
	assert_int_equal(calendar_slot(&o, &(struct event){ .second = DAY_SECONDS - 1 }), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feasts_are_those_of_the_government),
		cmocka_unit_test(what_is_set_is_near_what_is_computed),
		cmocka_unit_test(the_civil_year_is_the_published_one),
		cmocka_unit_test_setup_teardown(a_known_calendar_is_found_again, setup, teardown),
		cmocka_unit_test_setup_teardown(factors_have_mean_one_and_parts_that_add_up, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_rare_or_unknown_says_nothing, setup, teardown),
		cmocka_unit_test(an_event_without_a_time_is_of_the_evening),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
