/* num_opinion.h - "adem num opinion": the parts of the command. */
#ifndef ADEM_CLI_NUM_OPINION_H
#define ADEM_CLI_NUM_OPINION_H
#include "base/buf.h"
#include "base/err.h"
#include "num/opinion/opinion.h"

struct json;

/* Reads what a file in the format of math-pca2.json says about who is where, in the JSON text TEXT: in-conv, base-clusters,
 * group-clusters into *O (memory of c), mod-out and meta-tids into V. Each may be missing; group-clusters need base-clusters.
 * Fails with ERR_INPUT where it names somebody who has no vote in V, or the same person or cluster twice. */
enum err num_opinion_clusters(struct ctx *c, struct str text, struct opinion_votes *v, struct opinion_options *o);
/* Writes R in the format of math-pca2.json, and what is ours under "adem". EXACT: every count as it is, and Polis' single
 * precision for repness-test; otherwise counts below five of sets of people are null. */
void num_opinion_json(struct json *j, struct arena *a, const struct opinion *r, bool exact);
/* Writes R for a reader, in a few lines. */
void num_opinion_text(struct buf *out, const struct opinion *r);
#endif
