#include "app/num.h"
#include "app/spelling.h"
#include "num/day.h"
#include <math.h>
#include <time.h>
#include <unistd.h>

enum { WEEK_D = 7 };

static bool to_span(struct str value, const struct num_option *o)
{
	int64_t times = 1;
	if (value.n > 1 && (value.p[value.n - 1] == 'd' || value.p[value.n - 1] == 'w'))
		times = value.p[--value.n] == 'w' ? WEEK_D : 1;
	return str_to_i64(value, (int64_t)ceil(o->min / (double)times), (int64_t)o->max / times, o->at) &&
	       (*(int64_t *)o->at *= times, true);
}

static bool to_real(struct str value, const struct num_option *o)
{
	double x;
	if (!str_to_f64(value, &x) || x < o->min || x > o->max)
		return false;
	*(double *)o->at = x;
	return true;
}

static bool take(const struct num_option *o, const char *value)
{
	switch (o->kind) {
	case NUM_FLAG: return *(bool *)o->at = true;
	case NUM_TEXT: return *(const char **)o->at = value, value[0] != 0;
	case NUM_INT: return str_to_i64(str_of(value), (int64_t)o->min, (int64_t)o->max, o->at);
	case NUM_REAL: return to_real(str_of(value), o);
	case NUM_DATE: return day_read(str_of(value), o->at);
	case NUM_SPAN: return to_span(str_of(value), o);
	}
	return false;
}

static void say_what_fits(const struct num_command *k, const struct num_option *o, const char *value)
{
	fprintf(stderr, "%s: %s is not \"%.40s\" but ", k->name, o->name, value);
	if (o->kind == NUM_DATE)
		fputs("a date such as 2016-12-31\n", stderr);
	else if (o->kind == NUM_TEXT)
		fputs("a name\n", stderr);
	else
		fprintf(stderr, "%s from %.15g to %.15g%s\n", o->kind == NUM_REAL ? "a number" : "a whole number",
			o->min, o->max, o->kind == NUM_SPAN ? " days, such as 7d or 2w" : "");
}

/* Whether WORD is the option, alone or with its value behind "=". */
static bool is_option(const char *word, const struct num_option *o)
{
	size_t n = strlen(o->name);
	return strncmp(word, o->name, n) == 0 && (word[n] == 0 || (word[n] == '=' && o->kind != NUM_FLAG));
}

static const struct num_option *find(const struct num_command *k, const char *word)
{
	for (const struct num_option *o = k->options; o < k->options + k->options_count; o++)
		if (is_option(word, o))
			return o;
	return NULL;
}

static void say_unknown(const struct num_command *k, const char *word)
{
	struct str rest = str_of(word), name = rest;
	if (str_find(rest, '=') >= 0)
		(void)!str_cut(&rest, '=', &name);
	fprintf(stderr, "%s: there is no option \"%.40s\"; --help tells more", k->name, word);
	for (const struct num_option *o = k->options; o < k->options + k->options_count; o++)
		if (spelling_near(name, str_of(o->name)))
			fprintf(stderr, "; did you mean %s?", o->name);
	fputc('\n', stderr);
}

/* The option at argv[*I] with its value, if it has one, which *I is moved to. */
static bool take_option(const struct num_command *k, int argc, char **argv, int *i)
{
	const struct num_option *o = find(k, argv[*i]);
	if (!o) {
		say_unknown(k, argv[*i]);
		return false;
	}
	const char *value = "";
	const char *equals = o->kind == NUM_FLAG ? NULL : strchr(argv[*i], '=');
	if (equals) {
		value = equals + 1;
	} else if (o->kind != NUM_FLAG) {
		if (++*i == argc) {
			fprintf(stderr, "%s: %s needs a value\n", k->name, o->name);
			return false;
		}
		value = argv[*i];
	}
	if (take(o, value))
		return true;
	say_what_fits(k, o, value);
	return false;
}

static bool take_words(const struct num_command *k, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1]) {
			if (!take_option(k, argc, argv, &i))
				return false;
		} else if (k->word && !*k->word) {
			*k->word = argv[i];
		} else {
			fprintf(stderr, "%s: \"%.40s\" is not expected here; --help tells more\n", k->name, argv[i]);
			return false;
		}
	}
	return true;
}

static bool is_given(const struct num_option *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (is_option(argv[i], o))
			return true;
	return false;
}

static bool has_all_needed(const struct num_command *k, int argc, char **argv)
{
	for (const struct num_option *o = k->options; o < k->options + k->options_count; o++) {
		bool needed = (o->kind == NUM_TEXT || o->kind == NUM_DATE) && (int)o->min == NUM_NEEDED;
		if (needed && !is_given(o, argc, argv)) {
			fprintf(stderr, "%s: %s is missing; --help tells more\n", k->name, o->name);
			return false;
		}
	}
	return true;
}

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static bool progress_shown;

static void end_progress(void)
{
	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = false;
}

void num_note(const char *fmt, ...)
{
	va_list values;
	end_progress();
	va_start(values, fmt);
	vfprintf(stderr, fmt, values);
	va_end(values);
	fputc('\n', stderr);
}

enum err num_of_file(struct ctx *c, const char *path, enum err e)
{
	if (e != OK)
		c->err.why = arena_printf(c->mem, "%s: %.*s", path, STR_ARG(c->err.why));
	return e;
}

void num_progress(const char *what, double share)
{
	static double next_s;
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	double now_s = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
	if (!isatty(STDERR_FILENO) || (progress_shown && now_s < next_s))
		return;
	next_s = now_s + 0.2;
	progress_shown = true;
	if (share < 0)
		fprintf(stderr, "\r\033[K%s …", what);
	else
		fprintf(stderr, "\r\033[K%s … %.0f %%", what, 100 * share);
}

int num_run(const struct num_command *k, int argc, char **argv)
{
	if (asks_for_help(argc, argv)) {
		fputs(k->usage, stdout);
		return 0;
	}
	if (!take_words(k, argc, argv) || !has_all_needed(k, argc, argv))
		return 2;
	if (k->word && !*k->word) {
		fputs(k->usage, stderr);
		return 2;
	}
	struct ctx c = { .mem = arena_new(1 << 20) };
	struct buf out;
	buf_init(&out, NUM_FILE_BYTES_MAX);
	enum err e = k->run(&c, k->arg, &out);
	end_progress();
	bool written = e == OK && !out.over && fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
	if (e != OK)
		fprintf(stderr, "%s: %.*s\n", k->name, STR_ARG(c.err.why));
	else if (out.over)
		fprintf(stderr, "%s: the answer is larger than %d bytes\n", k->name, NUM_FILE_BYTES_MAX);
	else if (!written)
		fprintf(stderr, "%s: %s\n", k->name, strerror(errno));
	buf_free(&out);
	arena_free(c.mem);
	return written ? 0 : 1;
}

static void close_file(void *file)
{
	fclose(file);
}

static void free_buf(void *buf)
{
	buf_free(buf);
}

enum err num_read(struct ctx *c, const char *path, struct str *out)
{
	FILE *f = strcmp(path, "-") == 0 ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rb");
	if (!f)
		return FAIL(c, ERR_IO, "%s: %s", path, strerror(errno));
	arena_defer(c->mem, close_file, f);
	struct buf *b = arena_new_of(c->mem, struct buf);
	buf_init(b, NUM_FILE_BYTES_MAX);
	arena_defer(c->mem, free_buf, b);
	char piece[1 << 16];
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		buf_put(b, (struct str){ piece, n });
	if (ferror(f))
		return FAIL(c, ERR_IO, "%s: %s", path, strerror(errno));
	if (b->over)
		return FAIL(c, ERR_LIMIT, "%s: larger than %d bytes", path, NUM_FILE_BYTES_MAX);
	*out = buf_str(b);
	return OK;
}
