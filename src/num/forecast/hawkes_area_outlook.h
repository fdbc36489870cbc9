/* hawkes_area_outlook.h - slots to come: what each place is to expect in the next one, from where, and then what becomes of
 * the smoothers when so much happens, be it expected or drawn. For the files hawkes_*.c only.
 *
 *	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
 *	hawkes_outlook_start(o, value, level);
 *	for (each slot) { hawkes_outlook_look(o); … hawkes_outlook_pass(o, counts or NULL); } */
#ifndef ADEM_NUM_HAWKES_AREA_OUTLOOK_H
#define ADEM_NUM_HAWKES_AREA_OUTLOOK_H
#include "num/forecast/hawkes_area_state.h"

/* Where a rate comes from. All but the first are memories of up to HAWKES_SHORT_D days. */
enum hawkes_source {
	HAWKES_FROM_LONG, /* long memories of whatever family, shares, the constant */
	HAWKES_FROM_HERE,
	HAWKES_FROM_NEIGHBORS,
	HAWKES_FROM_RIVALS,
	HAWKES_FROM_TOWN,
	HAWKES_FROM_HERALDS,
	HAWKES_SOURCES
};

struct hawkes_outlook {
	const struct hawkes_area *h;
	size_t places, scales;
	const double *value; /* of the weights */
	double level;        /* c */
	int32_t slot;        /* the next one */
	double factor;       /* its nu */
	double *source;      /* [places * HAWKES_SOURCES]: its rates, without nu and c */
	double *share;       /* [places]: pi */
	/* Faded sums: as the state has them, and as of SLOT. */
	double *own_begin, *own;       /* [places * scales] */
	double *herald_begin, *herald; /* [places * (kinds - 1) * HAWKES_HERALD_SCALES] */
	double town_begin, town;       /* of L */
	double *near;                  /* [places * 2]: short and long of what the neighbours' mean is taken of */
};

/* The weights as they stand, into VALUE[weights]. */
void hawkes_values(const struct hawkes_area *h, double *value);
struct hawkes_outlook *hawkes_outlook_make(struct arena *a, const struct hawkes_area *h);
/* At the slot the state is at, with these weights and this c. */
void hawkes_outlook_start(struct hawkes_outlook *o, const double *value, double level);
/* Fills FACTOR and SOURCE of the next slot. */
void hawkes_outlook_look(struct hawkes_outlook *o);
/* The rate of a place in the slot looked at: c nu times its sources. */
double hawkes_outlook_rate(const struct hawkes_outlook *o, size_t place);
/* Ends that slot with COUNT[places] incidents; NULL: with as many as expected. */
void hawkes_outlook_pass(struct hawkes_outlook *o, const double *count);
#endif
