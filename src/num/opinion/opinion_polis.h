/* opinion_polis.h - the groups as Polis' server finds them: the exact mode.
 *
 * What the server's long life leaves behind (who was once in the conversation, base clusters that grew vote by vote, the number
 * of groups that needs four wins to change) cannot be found again from the votes alone. Who has that state hands it in; from the
 * votes alone this is what the server does when it sees them for the first time, people in the order of their ids. */
#ifndef ADEM_NUM_OPINION_POLIS_H
#define ADEM_NUM_OPINION_POLIS_H
#include "num/opinion/opinion_cluster.h"
#include "num/opinion/opinion_groups.h"
#include "num/opinion/opinion_pca.h"

enum {
	OPINION_IN_CONVERSATION = 7, /* answers that put somebody into the conversation (all, where there are fewer) */
	OPINION_FILL_TO = 15,        /* people, by most answers, when fewer are in */
	OPINION_BASE_MAX = 100,
	OPINION_GROUPS_MAX = 5,
	OPINION_WINS = 4 /* in a row, until the number of groups changes */
};

/* Who is in the conversation, into IN[people]; who was in (IN[i] already true) stays. Returns how many. */
size_t opinion_in_conversation(struct arena *a, const struct opinion_votes *v, bool *in);
/* Base clusters of the people with IN[i], by their positions on the map. */
struct opinion_sets *opinion_polis_base(struct arena *a, const struct opinion_pca *pca, const bool *in);
/* The same, beginning from the base clusters OLD of before. */
struct opinion_sets *opinion_polis_base_again(
	struct arena *a, const struct opinion_pca *pca, const bool *in, const struct opinion_sets *old);

/* How the number of groups is kept from flickering; zero at first. */
struct opinion_smoother {
	size_t last, wins, shown;
};
/* The number of groups to show when BEST wins this time. */
size_t opinion_smooth(struct opinion_smoother *s, size_t best);

/* Groups of base clusters: for each number k from 2 to min(5, 2 + base/12), k-means; the best mean silhouette wins. The
 * silhouette of the answer goes to *SILHOUETTE. With SMOOTHER not NULL the number shown changes slowly. Fewer than two base
 * clusters make one group. */
struct opinion_sets *opinion_polis_groups(
	struct arena *a, const struct opinion_sets *base, struct opinion_smoother *smoother, double *silhouette);
#endif
