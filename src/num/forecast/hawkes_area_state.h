/* hawkes_area_state.h - what hawkes_area.h remembers of events, and the features that its weights multiply. For the files
 * hawkes_*.c only.
 *
 * A trail holds, for each of some owners and each of some memories, the sum of what was added, fading by exp(-rate) a slot
 * from the slot after it on. It fades when it is read: adding costs O(memories), whatever the time that has passed. Slots
 * count from the state's first day. What is added at the slot that is read, or later, counts in full: news of today is
 * heard today. */
#ifndef ADEM_NUM_HAWKES_AREA_STATE_H
#define ADEM_NUM_HAWKES_AREA_STATE_H
#include "num/forecast/hawkes_area.h"

/* Memories of reports, in days. */
#define HAWKES_HERALD_TAU_D                                                                                            \
	{                                                                                                              \
		0.5, 1, 3                                                                                              \
	}

struct hawkes_trail {
	size_t scales;
	const double *rate; /* [scales]: 1 / memory in slots; 0: nothing fades */
	double *sum;        /* [owners * scales], as of LAST */
	int32_t *last;      /* [owners] */
};

/* Where each family's weights begin; SIZE_MAX: there is none. */
struct hawkes_columns {
	size_t share, own, neighbors, rivals, town, constant, herald;
};

struct hawkes_state {
	struct hawkes_columns at;
	double rate[HAWKES_SCALES_MAX], herald_rate[HAWKES_HERALD_SCALES], level_rate; /* a slot */
	double *neighbor_reach, *rival_reach; /* [places]: what one incident there adds to the means of all others */
	struct hawkes_trail own;              /* of places */
	struct hawkes_trail *herald;          /* [kinds - 1] of places */
	/* The town: sums over all places of S, W S, V S, L and R; so one slot's expectation costs O(weights). */
	struct hawkes_trail town, near_town, rival_town, level_town;
	struct hawkes_trail *herald_town; /* [kinds - 1], one owner each */

	int32_t now;         /* slot that begins: all before it is over */
	int32_t learns_from; /* slot from which on the level learns */
	double fade;         /* of the level's sums a slot */
	double seen, held;   /* faded sums of what happened and of what was expected */
	double came, due;    /* incidents since NOW began, and what the current slot was expected to have */
	int32_t factor_slot; /* nu of this slot is FACTOR */
	double factor;
};

/* What is the same for all places in one slot. */
struct hawkes_moment {
	int32_t slot, day;
	double scale[HAWKES_SCALES_MAX], herald_scale[HAWKES_HERALD_SCALES]; /* what makes a rate of a faded sum */
	double level;                                                        /* L */
	double total[HAWKES_WEIGHTS_MAX]; /* of each feature over all places, without nu */
};

/* A model without weights' values, and an empty state; SETTLED is FROM. */
struct hawkes_area *hawkes_make(
	struct arena *a, const struct hawkes_area_data *d, const struct hawkes_area_options *o, int32_t from);
/* An empty state, and shares without counts. */
struct hawkes_state *hawkes_state_make(struct arena *a, struct hawkes_area *h);
struct hawkes_moment hawkes_moment(const struct hawkes_area *h, int32_t slot);
/* The features of PLACE without nu and c, into PHI[weights]. */
void hawkes_features(const struct hawkes_area *h, const struct hawkes_moment *m, uint32_t place, double *phi);
/* Faded sums of OWNER at SLOT into OUT[scales]; false: all are 0. */
bool hawkes_trail_read(const struct hawkes_trail *t, size_t owner, int32_t slot, double *out);
/* Its memory is up to HAWKES_SHORT_D days. */
bool hawkes_short(const struct hawkes_weight *w);
/* What makes a rate of a sum that fades by RATE and began at slot 0. */
double hawkes_scale(double rate, int32_t slot);
/* nu of a slot. */
double hawkes_factor(const struct hawkes_area *h, int32_t slot);
/* The state's slot of an event, and the first of a day. */
int32_t hawkes_slot_of(const struct hawkes_area *h, const struct event *e);
int32_t hawkes_slot_of_day(const struct hawkes_area *h, int32_t day);
/* Begins SLOT: all before it is over. */
void hawkes_begin(struct hawkes_area *h, int32_t slot);
/* Takes in the events of E from the day the state is at to the day before UNTIL, slot by slot; the state is at UNTIL then. */
void hawkes_feed(struct hawkes_area *h, const struct events *e, int32_t until);
#endif
