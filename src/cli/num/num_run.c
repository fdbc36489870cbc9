#include "cli/num/num.h"
#include <time.h>
#include <unistd.h>

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

static int answer(const char *name, void *words, enum err (*run)(struct ctx *c, void *words, struct buf *out))
{
	struct ctx c = { .mem = arena_new(1 << 20) };
	struct buf out;
	buf_init(&out, NUM_FILE_BYTES_MAX);
	enum err e = run(&c, words, &out);
	end_progress();
	bool written = e == OK && !out.over && fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
	if (e != OK)
		fprintf(stderr, "%s: %.*s\n", name, STR_ARG(c.err.why));
	else if (out.over)
		fprintf(stderr, "%s: the answer is larger than %d bytes\n", name, NUM_FILE_BYTES_MAX);
	else if (!written)
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
	buf_free(&out);
	arena_free(c.mem);
	return written ? 0 : 1;
}

int num_run(const struct args *k, void *words, enum err (*run)(struct ctx *c, void *words, struct buf *out), int argc,
	char **argv)
{
	struct arena *mem = arena_new(4096);
	int status;
	bool good = args_read(mem, k, NULL, argc, argv, words, &status);
	arena_free(mem);
	return good ? answer(k->name, words, run) : status;
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
