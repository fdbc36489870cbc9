/* The placebo study of numerics C.3: at 300 dates in New York City the five areas with the largest spike of eight weeks are
 * "treated"; nothing is done, or three of ten of their events in the next 26 weeks are taken out. An estimator is good when it
 * finds just that. Beside it what plain comparisons say. ADEM_STUDY_PRINT=1 prints the table. */
#include "city.h"
#include "near.h"
#include "num/evaluate/evaluate_counterfactual.h"
#include "num/evaluate/evaluate_panel.h"

enum { DATES = 300, TREATED = 5, WINDOW = 26, FIRST = 234 };
enum { BEFORE_AFTER_8, BEFORE_AFTER_52, DIFFERENCES_8, UNCALIBRATED, CALIBRATED, METHODS };

static const char *const names[METHODS] = { "before/after, 8 weeks", "before/after, 52 weeks", "differences, 8 weeks",
	"counterfactual", "… with placebos" };

struct tally {
	double log_sum, covered, alarms;
};

/* One world: the city, with EFFECT planted in TREATED from START on. */
static struct evaluate_panel *world(struct arena *mem, const struct city *city, const size_t *treated, size_t start,
	double effect, struct rng *r, const struct evaluate_panel_options *o)
{
	double *count = arena_array(mem, double, city->places *CITY_WEEKS);
	memcpy(count, city->count, city->places * CITY_WEEKS * sizeof *count);
	for (size_t k = 0; effect < 1 && k < TREATED; k++)
		for (size_t t = start; t < start + WINDOW; t++) {
			double *y = &count[treated[k] * CITY_WEEKS + t], left = 0;
			for (double e = 0; e < *y; e++)
				left += rng_unit(r) < effect;
			*y = left;
		}
	return evaluate_panel_new(mem, city->places, CITY_WEEKS, count, o);
}

static void add(struct tally *t, double l, double low, double high, double truth)
{
	t->log_sum += l;
	t->covered += low <= truth && truth <= high;
	t->alarms += high < 0 || low > 0;
}

static void add_naive(struct tally *t, struct evaluate_naive n, double truth)
{
	const double z = 1.959963984540054;
	add(t, n.log_ratio, n.log_ratio - z * n.se, n.log_ratio + z * n.se, truth);
}

static void evaluate_at(
	struct ctx *c, const struct city *city, size_t start, double effect, struct rng *r, bool ring, struct tally *t)
{
	struct evaluate_panel_options po = { 0 };
	if (ring) {
		po.start = city->start;
		po.neighbour = city->neighbour;
	}
	const struct counterfactual_options o = { .selection = EVALUATE_SPIKE, .spike_periods = 8 };
	size_t treated[TREATED];
	struct evaluate_panel *p = evaluate_panel_new(c->mem, city->places, CITY_WEEKS, city->count, &po);
	evaluate_select(c->mem, p, start, &o, NULL, r, TREATED, treated);
	p = world(c->mem, city, treated, start, effect, r, &po);
	struct counterfactual *e;
	assert_int_equal(counterfactual_run(c, p, treated, TREATED, start, WINDOW, NULL, &o, &e), OK);
	assert_true(e->calibrated);
	double truth = log(effect);
	add_naive(&t[BEFORE_AFTER_8], evaluate_before_after(p, treated, TREATED, start, WINDOW, 8), truth);
	add_naive(&t[BEFORE_AFTER_52], evaluate_before_after(p, treated, TREATED, start, WINDOW, 52), truth);
	add_naive(&t[DIFFERENCES_8], evaluate_differences(p, treated, TREATED, start, WINDOW, 8), truth);
	add_naive(&t[UNCALIBRATED], (struct evaluate_naive){ log(e->ratio), 1 / sqrt(e->count.observed + 0.5) }, truth);
	add(&t[CALIBRATED], log(e->estimate), log(e->interval.low95), log(e->interval.high95), truth);
}

static void study(const struct city *city, double effect, bool ring, struct tally *t)
{
	/* 300 of the weeks with four and a half years behind and 26 weeks ahead, by lot. */
	enum { WEEKS = CITY_WEEKS - WINDOW - FIRST + 1 };
	size_t week[WEEKS];
	struct rng r = rng_seeded(2018);
	struct ctx c = { .mem = arena_new(1 << 22) };
	for (size_t i = 0; i < WEEKS; i++)
		week[i] = FIRST + i;
	for (size_t i = 0; i < DATES; i++) {
		size_t other = i + rng_below(&r, WEEKS - i), at = week[other];
		week[other] = week[i];
		evaluate_at(&c, city, at, effect, &r, ring, t);
		arena_reset(c.mem);
	}
	arena_free(c.mem);
	for (size_t m = 0; m < METHODS; m++) {
		t[m].log_sum /= DATES;
		t[m].covered /= DATES;
		t[m].alarms /= DATES;
		if (getenv("ADEM_STUDY_PRINT"))
			fprintf(stderr, "%-24s %s true RR %.1f: %.3f, coverage %.3f, found %.3f\n", names[m],
				ring ? "ring" : "    ", effect, exp(t[m].log_sum), t[m].covered, t[m].alarms);
	}
}

static void nothing_done_is_found_to_be_nothing(void **state)
{
	struct tally t[METHODS] = { 0 };
	study(*state, 1, false, t);
	assert_near(t[CALIBRATED].log_sum, 0, 0.01); /* 0.05 is asked for; without calibration it is 0.015 */
	assert_true(t[CALIBRATED].covered >= 0.93 && t[CALIBRATED].covered <= 0.995);
	assert_true(t[CALIBRATED].alarms <= 0.05);
	/* Where plain comparisons see a miracle: 0.287, 0.718 and 0.262 in the reference. */
	assert_near(exp(t[BEFORE_AFTER_8].log_sum), 0.287, 0.03);
	assert_true(t[BEFORE_AFTER_8].alarms > 0.9);
	assert_near(exp(t[BEFORE_AFTER_52].log_sum), 0.718, 0.05);
	assert_true(t[BEFORE_AFTER_52].alarms > 0.15);
	assert_near(exp(t[DIFFERENCES_8].log_sum), 0.262, 0.03);
	assert_true(t[DIFFERENCES_8].alarms > 0.9);
}

static void three_of_ten_prevented_are_found(void **state)
{
	struct tally t[METHODS] = { 0 };
	study(*state, 0.7, false, t);
	assert_near(t[CALIBRATED].log_sum, log(0.7), 0.01);
	assert_true(t[CALIBRATED].covered >= 0.93 && t[CALIBRATED].covered <= 0.99);
	assert_true(t[CALIBRATED].alarms >= 0.2); /* 0.23 in the reference: not by widening everything */
	assert_near(exp(t[BEFORE_AFTER_8].log_sum), 0.197, 0.03);
	assert_near(exp(t[DIFFERENCES_8].log_sum), 0.180, 0.03);
}

static void a_ring_around_the_treated_changes_nothing_of_this(void **state)
{
	struct tally t[METHODS] = { 0 };
	study(*state, 1, true, t);
	assert_near(t[CALIBRATED].log_sum, 0, 0.05);
	assert_true(t[CALIBRATED].covered >= 0.93);
	assert_true(t[CALIBRATED].alarms <= 0.05);
}

int main(void)
{
	struct arena *mem = arena_new(1 << 22);
	struct city *city = city_read(mem);
	if (!city) {
		puts("1..0 # SKIP the reference data (ADEM_REFERENCE_DATA) is not there");
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(nothing_done_is_found_to_be_nothing, city),
		cmocka_unit_test_prestate(three_of_ten_prevented_are_found, city),
		cmocka_unit_test_prestate(a_ring_around_the_treated_changes_nothing_of_this, city),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(mem);
	return failed;
}
