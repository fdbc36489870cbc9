/* adem num opinion: common ground from a file of votes. */
#include "app/num.h"
#include "app/num_opinion.h"
#include "base/json.h"
#include "num/opinion_read.h"

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
	bool exact, json;
	int64_t seed;
};

static enum err run(struct ctx *c, void *arg, struct buf *out)
{
	const struct words *w = arg;
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
	struct words w = { .seed = 1 };
	const struct num_option options[] = {
		{"--json",      NUM_FLAG, &w.json,     0, 0      },
		{ "--seed",     NUM_INT,  &w.seed,     0, 1 << 30},
		{ "--exact",    NUM_FLAG, &w.exact,    0, 0      },
		{ "--clusters", NUM_TEXT, &w.clusters, 0, 0      },
	};
	return num_run(&(struct num_command){ "adem num opinion", usage, options, COUNT(options), &w.votes, run, &w },
		argc, argv);
}
