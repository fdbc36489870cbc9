/* adem num opinion: common ground from a file of votes. */
#include "app/num.h"
#include "app/num_opinion.h"
#include "base/json.h"
#include "num/opinion_read.h"
#include <unistd.h>

enum { TEXT_MAX = 1 << 30 };

static const char usage[] =
	"usage: adem num opinion VOTES.csv [--json] [--seed NUMBER] [--exact] [--clusters FILE.json]\n"
	"\n"
	"Finds opinion groups and what they have in common. VOTES.csv has the columns voter-id, comment-id and vote\n"
	"(1 agree, -1 disagree, 0 pass); a later row of the same voter and comment overrides.\n"
	"\n"
	"  --json       everything, in the format of Polis' math-pca2.json; ours is under \"adem\"\n"
	"  --seed N     of every random choice (1)\n"
	"  --exact      as Polis' server computes it\n"
	"  --clusters   a file with mod-out and meta-tids and, for --exact, in-conv, base-clusters and\n"
	"               group-clusters; a math-pca2.json will do\n";

struct words {
	const char *votes, *clusters;
	bool exact, json, help;
	int64_t seed;
};

static bool read_words(struct words *w, int argc, char **argv)
{
	*w = (struct words){ .seed = 1 };
	for (int i = 1; i < argc; i++) {
		struct str word = str_of(argv[i]);
		bool more = i + 1 < argc;
		if (str_is(word, "--help") || str_is(word, "-h"))
			return w->help = true;
		if (str_is(word, "--exact"))
			w->exact = true;
		else if (str_is(word, "--json"))
			w->json = true;
		else if (str_is(word, "--clusters") && more)
			w->clusters = argv[++i];
		else if (str_is(word, "--seed") && more) {
			if (!str_to_i64(str_of(argv[++i]), 0, INT64_MAX, &w->seed))
				return false;
		} else if (!str_starts(word, S("--")) && !w->votes)
			w->votes = argv[i];
		else
			return false;
	}
	return w->votes != NULL;
}

static void close_file(void *file)
{
	fclose(file);
}

static void free_buf(void *buf)
{
	buf_free(buf);
}

static enum err read_file(struct ctx *c, const char *path, struct str *out)
{
	FILE *f = str_is(str_of(path), "-") ? fdopen(dup(0), "rb") : fopen(path, "rb");
	if (!f)
		return FAIL(c, ERR_IO, "%s: %s", path, strerror(errno));
	arena_defer(c->mem, close_file, f);
	struct buf *b = arena_new_of(c->mem, struct buf);
	buf_init(b, TEXT_MAX);
	arena_defer(c->mem, free_buf, b);
	char piece[1 << 16];
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		buf_put(b, (struct str){ piece, n });
	if (ferror(f))
		return FAIL(c, ERR_IO, "%s: %s", path, strerror(errno));
	if (b->over)
		return FAIL(c, ERR_LIMIT, "%s: larger than %d bytes", path, TEXT_MAX);
	*out = buf_str(b);
	return OK;
}

static enum err run(struct ctx *c, const struct words *w, struct buf *out)
{
	struct str text;
	struct opinion_votes *votes;
	struct opinion_options o = { .exact = w->exact, .seed = (uint64_t)w->seed };
	TRY(read_file(c, w->votes, &text));
	TRY(opinion_read(c, text, &votes));
	if (w->clusters) {
		TRY(read_file(c, w->clusters, &text));
		TRY(num_opinion_clusters(c, text, votes, &o));
	}
	const struct opinion *r = opinion_run(c->mem, votes, &o);
	if (!w->json) {
		num_opinion_text(out, r);
		return OK;
	}
	struct json j;
	json_init(&j, out);
	num_opinion_json(&j, c->mem, r, w->exact);
	buf_put_char(out, '\n');
	return out->over ? FAIL(c, ERR_LIMIT, "the answer is larger than %d bytes", TEXT_MAX) : OK;
}

int num_opinion_command(int argc, char **argv)
{
	struct words w;
	if (!read_words(&w, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	if (w.help) {
		fputs(usage, stdout);
		return 0;
	}
	struct ctx c = { .mem = arena_new(1 << 20) };
	struct buf out;
	buf_init(&out, TEXT_MAX);
	enum err e = run(&c, &w, &out);
	bool written = e == OK && fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
	if (e != OK)
		fprintf(stderr, "adem num opinion: %.*s\n", STR_ARG(c.err.why));
	else if (!written)
		fprintf(stderr, "adem num opinion: %s\n", strerror(errno));
	buf_free(&out);
	arena_free(c.mem);
	return written ? 0 : 1;
}
