/* calendar.h - what the calendar alone does to a town: the factor nu(d) by which a day, or a slot of it, has more or fewer
 * incidents than the running level. nu(d) = exp(z_d' beta), mean 1 over the days it was fitted on.
 *
 * z: two harmonics of the year (sin, cos of 2 pi doy / 365.25 and of twice that), six weekdays beside Monday, the slots
 * of the day beside the first, named days. New Year is always there. CALENDAR_INDONESIA adds: Ramadan, its sahur slots,
 * its last ten nights, Idul Fitri from the day before to three days after; school days (Monday to Friday, but holidays, 20
 * June to 10 July and 20 December to 2 January); the end of the school year, 1 to 19 June; national holidays (those of the
 * sun's and the Islamic calendar and of Easter; Imlek, Nyepi and Waisak are set by decree: give them as own days); 17
 * August; the last slot of Saturday (malam Minggu) where there are slots. Further days come as struct day_values.
 *
 * Fit (numerics, C.1): town totals N_d ~ Poisson(L_d nu(d)), L_d the running level about d, sum of N over sum of nu: of
 * a year in a first pass, so that it does not take the season for itself, then twice of 91 days; Newton's method with ridge
 * penalty 0.5 rho |beta|^2 on standardised columns, rho = 1. A term
 * that is non-zero on fewer than five days of the span keeps 0: it knows nothing yet; so do the harmonics of the year where the
 * span has less than two, as one year's ups and downs are no season. Days are cut in SLOTS equal parts
 * from midnight on; with four, slot 0 is midnight to 6 (sahur), 3 the evening. An event without a time of day (second
 * -1) counts in the last slot. */
#ifndef ADEM_NUM_CALENDAR_H
#define ADEM_NUM_CALENDAR_H
#include "num/data/events.h"

enum calendar_days { CALENDAR_PLAIN, CALENDAR_INDONESIA };
/* What a term belongs to, for explanations. */
enum calendar_part { CALENDAR_SEASON, CALENDAR_WEEKDAY, CALENDAR_SLOT, CALENDAR_NAMED, CALENDAR_PARTS };
enum { CALENDAR_TERMS_MAX = 128, CALENDAR_SLOTS_MAX = 24, CALENDAR_OCCURRENCES_MIN = 5, CALENDAR_SEASON_D = 730 };

struct calendar_options {
	enum calendar_days days;
	const struct day_values *own; /* further named days, by name; NULL: none */
	unsigned slots;               /* a day: 1, 2, 3, 4, 6, 8, 12 or 24 */
	double ridge;                 /* rho, > 0 */
	bool season;                  /* with the harmonics of the year */
};
/* Plain, one slot, ridge 1, with the season. */
struct calendar_options calendar_options_default(void);

struct calendar {
	struct calendar_options options;
	size_t terms;
	struct str name[CALENDAR_TERMS_MAX];
	enum calendar_part part[CALENDAR_TERMS_MAX];
	double beta[CALENDAR_TERMS_MAX];   /* per unit of the term; 0 where it was too rare */
	uint32_t seen[CALENDAR_TERMS_MAX]; /* days of the span on which the term is not 0 */
	double centre[CALENDAR_PARTS];     /* ln nu = sum over parts of centre + z'beta */
	bool computed_days;                /* Islamic dates that no government set were used in the fit */
};

/* Fits on incidents (kind 0) of E from day FROM to the day before UNTIL. With no incident there, or fewer than 28 days,
 * the factor is 1 for all days. *OUT lives in A. */
struct calendar *calendar_fit(
	struct arena *a, const struct events *e, int32_t from, int32_t until, const struct calendar_options *o);
/* A factor of 1 for all days. */
struct calendar *calendar_flat(struct arena *a, const struct calendar_options *o);
/* nu of a slot. Positive and finite. */
double calendar_factor(const struct calendar *k, int32_t day, unsigned slot);
/* nu of each slot of COUNT days from DAY on, into OUT[COUNT * slots]. */
void calendar_factors(const struct calendar *k, int32_t day, size_t count, double *out);
/* ln nu by part, into OUT; they add up to ln nu. Each part's own factor has mean 1 over the days of the fit, and what
 * is then left to 1 for all together (a fraction of a per cent) is the season's. */
void calendar_explain(const struct calendar *k, int32_t day, unsigned slot, double out[CALENDAR_PARTS]);
/* The slot of an event. */
unsigned calendar_slot(const struct calendar_options *o, const struct event *e);
#endif
