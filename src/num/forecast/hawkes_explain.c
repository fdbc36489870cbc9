#include "num/forecast/hawkes_explain.h"
#include "num/forecast/hawkes_area_outlook.h"
#include <math.h>

static_assert((int)HAWKES_PART_LEVEL == (int)HAWKES_SOURCES, "sources come first, in their order");
static_assert((int)HAWKES_PARTS == (int)HAWKES_SOURCES + 1 + (int)CALENDAR_PARTS, "then the level, then the calendar");

static void add_slot(const struct hawkes_outlook *o, uint32_t place, struct hawkes_explanation *out)
{
	const double *source = o->source + (size_t)place * HAWKES_SOURCES;
	const struct hawkes_area *h = o->h;
	int32_t slots = (int32_t)h->options.calendar.slots;
	double ln[1 + CALENDAR_PARTS], base = 0, all = 0;
	ln[0] = log(o->level);
	calendar_explain(h->calendar, h->from + o->slot / slots, (unsigned)(o->slot % slots), ln + 1);
	for (size_t i = 0; i < HAWKES_SOURCES; i++) {
		base += source[i];
		out->part[i] += source[i];
	}
	for (size_t i = 0; i < COUNT(ln); i++)
		all += ln[i];
	/* The logarithmic mean of base and base e^all. */
	double mean = fabs(all) > 1e-12 ? base * expm1(all) / all : base;
	for (size_t i = 0; i < COUNT(ln); i++)
		out->part[HAWKES_PART_LEVEL + i] += mean * ln[i];
}

static struct hawkes_explanation explain(
	const struct hawkes_area *h, struct arena *scratch, uint32_t place, unsigned first, unsigned count)
{
	struct hawkes_explanation out = { 0 };
	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
	double value[HAWKES_WEIGHTS_MAX];
	hawkes_values(h, value);
	hawkes_outlook_start(o, value, hawkes_area_level(h));
	for (unsigned i = 0; i < first + count; i++) {
		hawkes_outlook_look(o);
		if (i >= first)
			add_slot(o, place, &out);
		hawkes_outlook_pass(o, NULL);
	}
	for (size_t i = 0; i < HAWKES_PARTS; i++)
		out.expected += out.part[i];
	return out;
}

struct hawkes_explanation hawkes_explain(
	const struct hawkes_area *h, struct arena *scratch, uint32_t place, unsigned ahead, unsigned days)
{
	unsigned slots = h->options.calendar.slots;
	return explain(h, scratch, place, ahead * slots, days * slots);
}

struct hawkes_explanation hawkes_explain_slot(
	const struct hawkes_area *h, struct arena *scratch, uint32_t place, unsigned ahead, unsigned slot)
{
	assert(slot < h->options.calendar.slots);
	return explain(h, scratch, place, ahead * h->options.calendar.slots + slot, 1);
}
