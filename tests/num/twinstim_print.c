/* twinstim_print FOLDER: the likelihood of the model of imdepifit for what twinstim_oracle.R wrote into FOLDER, as CSV. */
#include "base/csv.h"
#include "num/forecast/twinstim.h"
#include <math.h>

enum { ENDEMIC = 3, EPIDEMIC = 4, COLUMNS_MAX = 16 };

struct numbers {
	size_t rows, cols;
	double *value; /* column by column */
};

static struct str slurp(struct arena *a, const char *folder, const char *name)
{
	FILE *f = fopen(arena_printf(a, "%s/%s", folder, name).p, "rb");
	char *text = NULL;
	size_t n = 0, cap = 0;
	if (!f)
		exit(1);
	do {
		text = arena_grow(a, text, n, &cap, n + (1 << 16), 1);
		n += fread(text + n, 1, 1 << 16, f);
	} while (!feof(f) && !ferror(f));
	fclose(f);
	return (struct str){ text, n };
}

static struct numbers read_numbers(struct arena *a, const char *folder, const char *name)
{
	struct csv *r = arena_new_of(a, struct csv);
	struct numbers out = { 0 };
	double *row = NULL;
	size_t cap = 0;
	csv_init(r, a, slurp(a, folder, name));
	if (!csv_next(r) || r->count > COLUMNS_MAX)
		exit(1);
	for (out.cols = r->count; csv_next(r); out.rows++) {
		row = arena_grow(a, row, out.rows * out.cols, &cap, (out.rows + 1) * out.cols, sizeof *row);
		for (size_t k = 0; k < out.cols; k++)
			if (!str_to_f64(r->field[k], &row[out.rows * out.cols + k]))
				exit(1);
	}
	out.value = arena_array(a, double, out.rows *out.cols);
	for (size_t i = 0; i < out.rows; i++)
		for (size_t k = 0; k < out.cols; k++)
			out.value[k * out.rows + i] = row[i * out.cols + k];
	return out;
}

static const double *column(const struct numbers *n, size_t k)
{
	return n->value + k * n->rows;
}

/* Trend, sine and cosine of the year; the logarithm of the population's density is the offset. */
static void endemic(struct arena *a, const double *start, const double *density, size_t rows, const double **offset,
	const double **x)
{
	double *o = arena_array(a, double, rows), *z = arena_array(a, double, rows *ENDEMIC);
	for (size_t i = 0; i < rows; i++) {
		o[i] = log(density[i]);
		z[i * ENDEMIC] = start[i] / 365 - 3.5;
		z[i * ENDEMIC + 1] = sin(2 * M_PI * start[i] / 365);
		z[i * ENDEMIC + 2] = cos(2 * M_PI * start[i] / 365);
	}
	*offset = o;
	*x = z;
}

static struct twinstim_region region(struct arena *a, const struct numbers *n)
{
	size_t *first = arena_array(a, size_t, n->rows + 1), rings = 0;
	for (size_t i = 0; i < n->rows; i++)
		if (i == 0 || column(n, 0)[i] != column(n, 0)[i - 1])
			first[rings++] = i;
	first[rings] = n->rows;
	return (struct twinstim_region){ .rings = rings, .first = first, .x = column(n, 1), .y = column(n, 2) };
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	struct arena *a = arena_new(1 << 20);
	struct numbers border = read_numbers(a, argv[1], "region.csv"), e = read_numbers(a, argv[1], "events.csv");
	struct numbers b = read_numbers(a, argv[1], "blocks.csv"), w = read_numbers(a, argv[1], "weights.csv");
	struct twinstim_region r = region(a, &border);
	static const bool same[] = { true, false, false, true };
	uint32_t *type = arena_array(a, uint32_t, e.rows);
	double *marks = arena_array(a, double, e.rows *EPIDEMIC);
	for (size_t i = 0; i < e.rows; i++) {
		type[i] = (uint32_t)column(&e, 3)[i];
		marks[i * EPIDEMIC] = 1;
		marks[i * EPIDEMIC + 1] = type[i] == 1;
		marks[i * EPIDEMIC + 2] = column(&e, 8)[i] == 1;
		marks[i * EPIDEMIC + 3] = column(&e, 8)[i] == 2;
	}
	struct twinstim_data d = {
		.begin = 0, .end = 2557, .region = &r, .types = 2, .triggers = same, .events = e.rows
	};
	d.t = column(&e, 0), d.x = column(&e, 1), d.y = column(&e, 2), d.type = type;
	d.eps_t = column(&e, 4), d.eps_s = column(&e, 5);
	d.endemic_cols = ENDEMIC, d.epidemic_cols = EPIDEMIC, d.epidemic = marks;
	endemic(a, column(&e, 6), column(&e, 7), e.rows, &d.endemic_offset, &d.endemic);
	d.blocks = b.rows, d.block_size = column(&b, 0);
	endemic(a, column(&b, 1), column(&b, 2), b.rows, &d.block_offset, &d.block);
	const double *v = w.value, intercept[] = { v[0], v[0] };
	struct twinstim_weights weights = { intercept, v + 1, v + 1 + ENDEMIC, exp(v[1 + ENDEMIC + EPIDEMIC]) };
	struct twinstim_likelihood l = twinstim_evaluate(&d, &weights);
	printf("log_likelihood,log_intensities,endemic,epidemic\n%.17g,%.17g,%.17g,%.17g\n", l.log_likelihood,
		l.log_intensities, l.endemic_integral, l.epidemic_integral);
	arena_free(a);
	return 0;
}
