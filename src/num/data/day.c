#include "num/data/day.h"

int32_t day_of(struct date d)
{
	assert(d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31);
	/* Years begin in March, so that the leap day is the last of its year; 400 of them are an era. */
	int year = d.year - (d.month <= 2), era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	int from_march = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + from_march - 719468;
}

struct date day_date(int32_t day)
{
	int z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int from_march = of_era - (365 * year + year / 4 - year / 100), month = (5 * from_march + 2) / 153;
	struct date d = { year + era * 400, month < 10 ? month + 3 : month - 9,
		from_march - (153 * month + 2) / 5 + 1 };
	d.year += d.month <= 2;
	return d;
}

int day_weekday(int32_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(((int64_t)day % 7 + 10) % 7);
}

int day_of_year(int32_t day)
{
	return day - day_of((struct date){ day_date(day).year, 1, 1 });
}

/* Takes exactly N digits off the front of *S. */
static bool take_digits(struct str *s, size_t n, int *out)
{
	if (s->n < n)
		return false;
	int value = 0;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		value = value * 10 + (s->p[i] - '0');
	}
	*out = value;
	*s = (struct str){ s->p + n, s->n - n };
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = (struct str){ s->p + 1, s->n - 1 };
	return true;
}

static bool take_date(struct str *s, int32_t *out)
{
	struct date d;
	if (!take_digits(s, 4, &d.year) || !take_char(s, '-') || !take_digits(s, 2, &d.month) || !take_char(s, '-') ||
		!take_digits(s, 2, &d.day))
		return false;
	if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
		return false;
	int32_t day = day_of(d);
	if (day < DAY_MIN || day > DAY_MAX || day_date(day).day != d.day)
		return false;
	*out = day;
	return true;
}

/* ":59" and ":59.250" behind the minutes; fractions are checked and dropped. */
static bool take_seconds(struct str *s, int *out)
{
	*out = 0;
	if (s->n == 0)
		return true;
	if (!take_char(s, ':') || !take_digits(s, 2, out) || *out > 59)
		return false;
	if (s->n == 0)
		return true;
	int digit;
	if (!take_char(s, '.') || s->n > 9 || s->n == 0)
		return false;
	while (take_digits(s, 1, &digit))
		;
	return s->n == 0;
}

bool day_read(struct str s, int32_t *out)
{
	int32_t day;
	if (!take_date(&s, &day) || s.n != 0)
		return false;
	*out = day;
	return true;
}

bool day_read_time(struct str s, int32_t *day, int32_t *second)
{
	int32_t when;
	if (!take_date(&s, &when))
		return false;
	int hour = 0, minute = 0, rest = 0;
	bool timed = s.n > 0;
	if (timed) {
		if (!take_char(&s, 'T') && !take_char(&s, ' '))
			return false;
		if (!take_digits(&s, 2, &hour) || !take_char(&s, ':') || !take_digits(&s, 2, &minute) || hour > 23 ||
			minute > 59 || !take_seconds(&s, &rest))
			return false;
	}
	*day = when;
	*second = timed ? hour * 3600 + minute * 60 + rest : -1;
	return true;
}

void day_write(int32_t day, char out[11])
{
	struct date d = day_date(day);
	int parts[3] = { d.year, d.month, d.day };
	assert(d.year >= 0 && d.year <= 9999);
	static const int last[3] = { 3, 6, 9 };
	memcpy(out, "0000-00-00", 11);
	for (int k = 0; k < 3; k++)
		for (int i = last[k]; parts[k] > 0; i--, parts[k] /= 10)
			out[i] = (char)('0' + parts[k] % 10);
}
