#include "num/forecast/calendar_terms.h"
#include "num/data/hijri.h"
#include <math.h>

enum { MONDAY, SATURDAY = 5, HOUR_OF_SAHUR_END = 6, LAST_NIGHTS = 10 };

static const char *const weekdays[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
static const char *const slots[CALENDAR_SLOTS_MAX] = { "slot 0", "slot 1", "slot 2", "slot 3", "slot 4", "slot 5",
	"slot 6", "slot 7", "slot 8", "slot 9", "slot 10", "slot 11", "slot 12", "slot 13", "slot 14", "slot 15",
	"slot 16", "slot 17", "slot 18", "slot 19", "slot 20", "slot 21", "slot 22", "slot 23" };

/* Terms are listed in one place, describe(); this takes either their names or their values. */
struct list {
	size_t count;
	double *value;       /* NULL: names are taken */
	struct calendar *of; /* whose names */
};

static void put(struct list *l, enum calendar_part part, struct str name, double value)
{
	assert(l->count < CALENDAR_TERMS_MAX && (l->value || l->of));
	if (l->value) {
		l->value[l->count] = value;
	} else {
		l->of->name[l->count] = name;
		l->of->part[l->count] = part;
	}
	l->count++;
}

static void put_season(struct list *l, int32_t day)
{
	double turn = 2 * 3.14159265358979323846 * day_of_year(day) / 365.25;
	put(l, CALENDAR_SEASON, S("sin of the year"), sin(turn));
	put(l, CALENDAR_SEASON, S("cos of the year"), cos(turn));
	put(l, CALENDAR_SEASON, S("sin of the half-year"), sin(2 * turn));
	put(l, CALENDAR_SEASON, S("cos of the half-year"), cos(2 * turn));
}

/* What of the Islamic year falls on a day. */
struct islamic {
	bool ramadan, last_nights, idul_fitri, holiday;
	bool computed; /* some of these dates was not set by a government */
};

static struct islamic islamic_day(int32_t day)
{
	struct islamic out = { 0 };
	int year = hijri_year(day);
	/* The government's year may begin a day or two beside the computed one. */
	for (int y = year - 1; y <= year + 1; y++) {
		struct hijri_day fasting = hijri_feast(y, HIJRI_RAMADAN), fitri = hijri_feast(y, HIJRI_IDUL_FITRI);
		out.ramadan |= day >= fasting.day && day < fitri.day;
		out.last_nights |= day >= fitri.day - LAST_NIGHTS && day < fitri.day;
		out.idul_fitri |= day >= fitri.day - 1 && day <= fitri.day + 3;
		for (int feast = 0; feast < HIJRI_FEASTS; feast++) {
			struct hijri_day of = hijri_feast(y, (enum hijri_feast)feast);
			out.holiday |= of.day == day && feast != HIJRI_RAMADAN;
			out.computed |= y == year && of.source != HIJRI_OFFICIAL;
		}
		out.holiday |= day == fitri.day + 1;
	}
	return out;
}

/* Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
static int32_t easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7, m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;
	return day_of((struct date){ year, n / 31, n % 31 + 1 });
}

/* 1 May, Pancasila Day, Christmas, Good Friday, Ascension Day; New Year and 17 August are terms of their own. */
static bool fixed_holiday(int32_t day, struct date d)
{
	int32_t sunday = easter(d.year);
	return (d.month == 5 && d.day == 1) || (d.month == 6 && d.day == 1) || (d.month == 12 && d.day == 25) ||
	       day == sunday - 2 || day == sunday + 39;
}

static bool school_holiday(struct date d)
{
	return (d.month == 6 && d.day >= 20) || (d.month == 7 && d.day <= 10) || (d.month == 12 && d.day >= 20) ||
	       (d.month == 1 && d.day <= 2);
}

static bool put_indonesia(struct list *l, int32_t day, struct date d, unsigned slot, unsigned of)
{
	struct islamic i = islamic_day(day);
	bool independence = d.month == 8 && d.day == 17, holiday = i.holiday || fixed_holiday(day, d);
	bool school = day_weekday(day) < SATURDAY && !holiday && !independence && !i.idul_fitri && !school_holiday(d);
	put(l, CALENDAR_NAMED, S("Ramadan"), i.ramadan);
	if (of * HOUR_OF_SAHUR_END >= 24)
		put(l, CALENDAR_NAMED, S("sahur"), i.ramadan && (slot + 1) * 24 <= HOUR_OF_SAHUR_END * of);
	put(l, CALENDAR_NAMED, S("last ten nights of Ramadan"), i.last_nights);
	put(l, CALENDAR_NAMED, S("Idul Fitri"), i.idul_fitri);
	put(l, CALENDAR_NAMED, S("school day"), school);
	put(l, CALENDAR_NAMED, S("end of the school year"), d.month == 6 && d.day < 20);
	put(l, CALENDAR_NAMED, S("national holiday"), holiday);
	put(l, CALENDAR_NAMED, S("17 August"), independence);
	if (of > 1)
		put(l, CALENDAR_NAMED, S("Saturday night"), day_weekday(day) == SATURDAY && slot == of - 1);
	return i.computed;
}

/* The first row of V on DAY. */
static size_t own_from(const struct day_values *v, int32_t day)
{
	size_t low = 0, high = v->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (v->day[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void put_own(struct list *l, const struct day_values *v, int32_t day)
{
	size_t i = own_from(v, day);
	for (uint32_t name = 0; name < v->names; name++) {
		bool here = i < v->count && v->day[i] == day && v->name[i] == name;
		put(l, CALENDAR_NAMED, v->text[name], here ? v->value[i] : 0);
		i += here;
	}
}

static bool describe(const struct calendar_options *o, int32_t day, unsigned slot, struct list *l)
{
	struct date d = day_date(day);
	bool computed = false;
	put_season(l, day);
	for (int w = MONDAY + 1; w < 7; w++)
		put(l, CALENDAR_WEEKDAY, str_of(weekdays[w]), day_weekday(day) == w);
	for (unsigned s = 1; s < o->slots; s++)
		put(l, CALENDAR_SLOT, str_of(slots[s]), s == slot);
	put(l, CALENDAR_NAMED, S("New Year"), d.month == 1 && d.day == 1);
	if (o->days == CALENDAR_INDONESIA)
		computed = put_indonesia(l, day, d, slot, o->slots);
	if (o->own)
		put_own(l, o->own, day);
	return computed;
}

void calendar_terms_name(struct calendar *k)
{
	struct list l = { .of = k };
	describe(&k->options, 0, 0, &l);
	k->terms = l.count;
}

bool calendar_terms(const struct calendar *k, int32_t day, unsigned slot, double *out)
{
	struct list l = { .value = out };
	return describe(&k->options, day, slot, &l);
}
