/* adem num opinion: common ground from a file of votes. */
#include "cli/num/num.h"
#include "cli/num/num_opinion.h"
#include "base/json.h"
#include "num/opinion/opinion_read.h"

struct words {
	const char *votes, *clusters;
	bool exact, json;
	int64_t seed;
};

static enum err run(struct ctx *c, void *words, struct buf *out)
{
	const struct words *w = words;
	struct str text;
	struct opinion_votes *votes;
	struct opinion_options o = { .exact = w->exact, .seed = (uint64_t)w->seed };
	TRY(num_read(c, w->votes, &text));
	TRY(opinion_read(c, text, &votes));
	if (w->clusters) {
		TRY(num_read(c, w->clusters, &text));
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
	return OK;
}

int num_opinion_command(int argc, char **argv)
{
	static const struct arg options[] = {
		ARG(struct words, votes, ARG_WORD, "VOTES.csv", "the file of votes; -: standard input", .min = 1,
			.accepts = "a file", .needed = true, .operand = true),
		ARG(struct words, json, ARG_SWITCH, "json",
			"everything, in the format of Polis' math-pca2.json; ours is under \"adem\""),
		ARG(struct words, seed, ARG_INT, "seed", "of every random choice", .min = 0, .max = 1 << 30,
			.preset = "1"),
		ARG(struct words, exact, ARG_SWITCH, "exact", "as Polis' server computes it"),
		ARG(struct words, clusters, ARG_WORD, "clusters",
			"a file with mod-out and meta-tids and, for --exact, in-conv, base-clusters and "
			"group-clusters; a math-pca2.json will do",
			.min = 1, .value = "FILE.json"),
	};
	static const struct args args = { .name = "adem num opinion",
		.about = "Finds opinion groups and what they have in common. VOTES.csv has the columns voter-id, "
			 "comment-id and vote (1 agree, -1 disagree, 0 pass); a later row of the same voter and "
			 "comment overrides.",
		.arg = options,
		.count = COUNT(options) };
	struct words w = { 0 };
	return num_run(&args, &w, run, argc, argv);
}
