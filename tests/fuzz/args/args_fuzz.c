/* Words behind a command, each up to a NUL: whatever they are, reading ends, numbers stay in their bounds, and a text that is
 * taken is one of the words. */
#include "app/args.h"
#include <fcntl.h>
#include <unistd.h>

enum { WORDS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct words {
	const char *file, *method;
	struct str name;
	int64_t seed, days, yes;
	double cell;
	int32_t from;
	bool json;
};

static bool is_lower(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < 'a' || value.p[i] > 'z')
			return false;
	return true;
}

static const struct arg options[] = {
	ARG(struct words, file, ARG_WORD, "FILE", "a file", .min = 1, .operand = true),
	ARG(struct words, method, ARG_WORD, "method", "how", .preset = "one", .choices = "one other"),
	ARG(struct words, name, ARG_TEXT, "the_name", "who", .max = 9, .value = "NAME", .fits = is_lower),
	ARG(struct words, seed, ARG_INT, "seed", "of draws", .min = -3, .max = 9, .preset = "1"),
	ARG(struct words, days, ARG_SPAN, "days", "how long", .min = 2, .max = 30, .preset = "1w"),
	ARG(struct words, cell, ARG_REAL, "cell", "how wide", .min = 0.5, .max = 7),
	ARG(struct words, from, ARG_DATE, "from", "since when"),
	ARG(struct words, yes, ARG_YES, "yes", "or no", .preset = "no"),
	ARG(struct words, json, ARG_SWITCH, "json", "as JSON"),
};

/* What is said goes nowhere. */
static void hush(void)
{
	static bool hushed;
	int fd = hushed ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	hushed = dup2(fd, STDOUT_FILENO) >= 0;
	close(fd);
	stderr = fopen("/dev/null", "we");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct args args = {
		.name = "adem fuzz", .about = "Reads words.", .arg = options, .count = COUNT(options)
	};
	struct arena *mem = arena_new(1 << 12);
	struct words w = { 0 };
	char *argv[WORDS_MAX + 1] = { (char[]){ "fuzz" } };
	int argc = 1, status;
	struct str rest = { (const char *)data, n }, word;
	hush();
	while (argc < WORDS_MAX && str_cut(&rest, 0, &word))
		argv[argc++] = arena_alloc(mem, word.n + 1, 1), memcpy(argv[argc - 1], word.p, word.n);
	bool good = args_read(mem, &args, NULL, argc, argv, &w, &status);
	assert(status == 0 || (status == ARGS_WRONG && !good));
	if (good) {
		assert(w.seed >= -3 && w.seed <= 9 && w.days >= 2 && w.days <= 30 && (w.yes == 0 || w.yes == 1));
		assert(w.cell == 0 || (w.cell >= 0.5 && w.cell <= 7));
		assert(strcmp(w.method, "one") == 0 || strcmp(w.method, "other") == 0);
		assert(w.name.n <= 9 && is_lower(w.name) && (!w.file || w.file[0]));
	}
	arena_free(mem);
	return 0;
}
