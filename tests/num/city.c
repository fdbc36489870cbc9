#include "city.h"
#include "base/clock.h"
#include "base/csv.h"

struct str city_file(struct arena *mem, const char *name)
{
	const char *folder = getenv("ADEM_REFERENCE_DATA");
	struct str path = arena_printf(mem, "%s/%s", folder && *folder ? folder : REFERENCE_DATA, name);
	FILE *f = fopen(path.p, "rb");
	if (!f)
		return (struct str){ 0 };
	char *text = NULL;
	size_t n = 0, cap = 0;
	do {
		text = arena_grow(mem, text, n, &cap, n + (1 << 16), 1);
		n += fread(text + n, 1, 1 << 16, f);
	} while (!feof(f) && !ferror(f));
	fclose(f);
	return (struct str){ text, n };
}

/* Weeks since 2006-01-02 of a text that begins with a date; negative before. */
static int64_t week_of(struct str time)
{
	int64_t part[3] = { 0 };
	struct str rest = time, piece;
	for (size_t i = 0; i < 3 && str_cut(&rest, i < 2 ? '-' : 'T', &piece); i++)
		if (!str_to_i64(piece, 1, 9999, &part[i]))
			return -1;
	struct clock_time t = { .year = (int)part[0], .month = (int)part[1], .day = (int)part[2] };
	struct clock_time zero = { .year = 2006, .month = 1, .day = 2 };
	int64_t days = (clock_ms(&t) - clock_ms(&zero)) / DAY_MS;
	return days < 0 ? -1 : days / 7;
}

static size_t find(const struct city *c, struct str name)
{
	for (size_t i = 0; i < c->places; i++)
		if (str_eq(c->name[i], name))
			return i;
	return SIZE_MAX;
}

static void read_counts(struct city *c, struct csv *r, struct arena *mem, struct str text)
{
	csv_init(r, mem, text);
	if (!csv_next(r))
		return;
	size_t time = csv_column(r, "time"), area = csv_column(r, "nta");
	while (csv_next(r)) {
		int64_t week = week_of(r->field[time]);
		size_t place = find(c, r->field[area]);
		if (week >= 0 && week < CITY_WEEKS && place != SIZE_MAX)
			c->count[place * CITY_WEEKS + (size_t)week]++;
	}
}

/* Forgets the areas without an event in the training weeks. */
static void keep_those_with_events(struct city *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->places; i++) {
		double *row = c->count + i * CITY_WEEKS, sum = 0;
		for (size_t t = 0; t < CITY_TRAINING; t++)
			sum += row[t];
		if (sum == 0)
			continue;
		memmove(c->count + kept * CITY_WEEKS, row, CITY_WEEKS * sizeof *row);
		c->name[kept++] = c->name[i];
	}
	c->places = kept;
}

static void read_neighbours(struct city *c, struct csv *r, struct arena *mem, struct str text)
{
	bool *touch = arena_array(mem, bool, c->places * c->places);
	size_t pairs = 0;
	csv_init(r, mem, text);
	while (csv_next(r)) {
		size_t a = find(c, r->field[0]), b = find(c, r->field[1]);
		if (a != SIZE_MAX && b != SIZE_MAX)
			touch[a * c->places + b] = touch[b * c->places + a] = true;
		pairs += 2;
	}
	c->start = arena_array(mem, size_t, c->places + 1);
	c->neighbour = arena_array(mem, size_t, pairs + 1);
	for (size_t i = 0; i < c->places; i++) {
		c->start[i + 1] = c->start[i];
		for (size_t k = 0; k < c->places; k++)
			if (touch[i * c->places + k])
				c->neighbour[c->start[i + 1]++] = k;
	}
}

struct city *city_read(struct arena *mem)
{
	struct str areas = city_file(mem, "nyc-shootings/nyc_nta.csv");
	struct str events = city_file(mem, "nyc-shootings/nyc_shootings_2006_2018.csv");
	struct str pairs = city_file(mem, "nyc-shootings/nyc_nta_adjacency.csv");
	if (!areas.n || !events.n || !pairs.n)
		return NULL;
	struct city *c = arena_new_of(mem, struct city);
	struct csv *r = arena_new_of(mem, struct csv);
	size_t cap = 0;
	csv_init(r, mem, areas);
	if (!csv_next(r))
		return NULL;
	while (csv_next(r)) {
		c->name = arena_grow(mem, c->name, c->places, &cap, c->places + 1, sizeof *c->name);
		c->name[c->places++] = r->field[0];
	}
	c->count = arena_array(mem, double, c->places *CITY_WEEKS);
	read_counts(c, r, mem, events);
	keep_those_with_events(c);
	read_neighbours(c, r, mem, pairs);
	return c;
}
