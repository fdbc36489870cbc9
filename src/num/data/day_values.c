/* Named days from CSV. */
#include "num/data/events.h"
#include "num/data/table.h"

struct row {
	int32_t day;
	uint32_t name;
	double value;
	size_t line;
};

struct draft {
	struct row *row;
	size_t count, cap, names;
	struct str text[DAY_VALUES_NAMES_MAX];
};

static enum err read_row(struct ctx *c, const struct csv *r, const size_t column[3], struct draft *d)
{
	struct row row = { .value = 1, .line = r->line };
	struct str name = table_field(r, column[1]), value = table_field(r, column[2]);
	if (!day_read(table_field(r, column[0]), &row.day))
		return FAIL(c, ERR_INPUT, "line %zu: no date such as 2017-01-31", r->line);
	if (name.n == 0)
		return FAIL(c, ERR_INPUT, "line %zu: the day has no name", r->line);
	if (value.n > 0 && (!str_to_f64(value, &row.value) || !(row.value >= -1e6 && row.value <= 1e6)))
		return FAIL(c, ERR_INPUT, "line %zu: value is not a number within a million", r->line);
	while (row.name < d->names && !str_eq(d->text[row.name], name))
		row.name++;
	if (row.name == DAY_VALUES_NAMES_MAX)
		return FAIL(c, ERR_LIMIT, "line %zu: more than %d names of days", r->line, DAY_VALUES_NAMES_MAX);
	if (row.name == d->names)
		d->text[d->names++] = name;
	d->row = arena_grow(c->mem, d->row, d->count, &d->cap, d->count + 1, sizeof *d->row);
	d->row[d->count++] = row;
	return OK;
}

static int in_order(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static void number_names(struct arena *a, struct draft *d, struct day_values *v)
{
	uint32_t number[DAY_VALUES_NAMES_MAX] = { 0 };
	v->names = d->names;
	v->text = arena_array(a, struct str, d->names);
	for (size_t k = 0; k < d->names; k++) {
		for (size_t other = 0; other < d->names; other++)
			number[k] += str_cmp(d->text[other], d->text[k]) < 0;
		v->text[number[k]] = d->text[k];
	}
	for (size_t i = 0; i < d->count; i++)
		d->row[i].name = number[d->row[i].name];
}

enum err day_values_read(struct ctx *c, struct str text, struct day_values **out)
{
	struct csv *r;
	size_t column[3];
	bool more;
	struct draft *d = arena_new_of(c->mem, struct draft);
	TRY(table_open(c, text, &r));
	TRY(table_column(c, r, "date", &column[0]));
	TRY(table_column(c, r, "name", &column[1]));
	column[2] = csv_column(r, "value");
	for (;;) {
		TRY(table_next(c, r, &more));
		if (!more)
			break;
		TRY(read_row(c, r, column, d));
	}
	struct day_values *v = arena_new_of(c->mem, struct day_values);
	number_names(c->mem, d, v);
	if (d->count > 0)
		qsort(d->row, d->count, sizeof *d->row, in_order);
	v->count = d->count;
	v->day = arena_array(c->mem, int32_t, d->count);
	v->name = arena_array(c->mem, uint32_t, d->count);
	v->value = arena_array(c->mem, double, d->count);
	for (size_t i = 0; i < d->count; i++) {
		if (i > 0 && d->row[i].day == v->day[i - 1] && d->row[i].name == v->name[i - 1])
			return FAIL(c, ERR_INPUT, "line %zu: the day has this name already", d->row[i].line);
		v->day[i] = d->row[i].day;
		v->name[i] = d->row[i].name;
		v->value[i] = d->row[i].value;
	}
	*out = v;
	return OK;
}
