/* day.h - local calendar days as numbers: days since 1970-01-01, proleptic Gregorian, and the second within the day. Early
 * warning and evaluation count in the days people live by, so no zone and no clock comes in here. */
#ifndef ADEM_NUM_DAY_H
#define ADEM_NUM_DAY_H
#include "base/str.h"

enum {
	DAY_SECONDS = 86400,
	DAY_MIN = -25567, /* 1900-01-01 */
	DAY_MAX = 84005   /* 2199-12-31 */
};

struct date {
	int year, month, day; /* month 1 to 12, day 1 to 31 */
};

/* The number of a date; the fields must be a date (Hinnant's days_from_civil). */
int32_t day_of(struct date d);
struct date day_date(int32_t day);
/* 0 Monday to 6 Sunday. */
int day_weekday(int32_t day);
/* 0 for 1 January to 365. */
int day_of_year(int32_t day);
/* "2017-01-31", the whole of S, a date that exists, DAY_MIN to DAY_MAX. *OUT is left alone on false. */
MUST_CHECK bool day_read(struct str s, int32_t *out);
/* The same, or with a time behind "T" or a space: "2017-01-31T23:05", with ":59" or ":59.250" if known. *SECOND is -1 where
 * there is only a date. A zone ("Z", "+07:00") is refused: times are local. */
MUST_CHECK bool day_read_time(struct str s, int32_t *day, int32_t *second);
/* "2017-01-31" and a NUL. */
void day_write(int32_t day, char out[11]);
#endif
