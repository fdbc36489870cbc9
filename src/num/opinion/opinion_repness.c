#include "num/opinion/opinion_repness.h"
#include <math.h>

/* Everything about one statement in one group. */
struct stats {
	uint32_t na, nd, ns;
	double pa, pd, pat, pdt, ra, rd, rat, rdt;
};

double opinion_share(uint32_t n, uint32_t ns)
{
	return ((double)n + 1) / ((double)ns + 2);
}

double opinion_share_test(uint32_t n, uint32_t ns)
{
	double trials = (double)ns + 1;
	return 2 * sqrt(trials) * (((double)n + 1) / trials - 0.5);
}

/* rt of the header. */
static double against_rest(uint32_t n, uint32_t ns, uint32_t n_rest, uint32_t ns_rest)
{
	double trials = (double)ns + 1, trials_rest = (double)ns_rest + 1;
	double p1 = ((double)n + 1) / trials, p2 = ((double)n_rest + 1) / trials_rest;
	double q = ((double)n + n_rest + 2) / (trials + trials_rest);
	if (q == 1)
		return 0;
	return (p1 - p2) / sqrt(q * (1 - q) * (1 / trials + 1 / trials_rest));
}

static struct stats stats_of(const struct opinion_tally *t, size_t g, size_t j)
{
	uint32_t agree_rest = 0, disagree_rest = 0, seen_rest = 0;
	for (size_t o = 0; o < t->groups; o++) {
		if (o == g)
			continue;
		agree_rest += t->agree[o * t->statements + j];
		disagree_rest += t->disagree[o * t->statements + j];
		seen_rest += t->seen[o * t->statements + j];
	}
	size_t cell = g * t->statements + j;
	struct stats s = { .na = t->agree[cell], .nd = t->disagree[cell], .ns = t->seen[cell] };
	s.pa = opinion_share(s.na, s.ns);
	s.pd = opinion_share(s.nd, s.ns);
	s.pat = opinion_share_test(s.na, s.ns);
	s.pdt = opinion_share_test(s.nd, s.ns);
	s.ra = s.pa / opinion_share(agree_rest, seen_rest);
	s.rd = s.pd / opinion_share(disagree_rest, seen_rest);
	s.rat = against_rest(s.na, s.ns, agree_rest, seen_rest);
	s.rdt = against_rest(s.nd, s.ns, disagree_rest, seen_rest);
	return s;
}

static struct opinion_rep rep_of(const struct stats *s, size_t j)
{
	if (s->rat > s->rdt)
		return (struct opinion_rep){ .statement = (uint32_t)j,
			.agree = true,
			.successes = s->na,
			.trials = s->ns,
			.p = s->pa,
			.p_test = s->pat,
			.repness = s->ra,
			.repness_test = s->rat };
	return (struct opinion_rep){ .statement = (uint32_t)j,
		.successes = s->nd,
		.trials = s->ns,
		.p = s->pd,
		.p_test = s->pdt,
		.repness = s->rd,
		.repness_test = s->rdt };
}

static double metric(const struct opinion_rep *r)
{
	return r->repness * r->repness_test * r->p * r->p_test;
}

static bool passes(const struct stats *s)
{
	return (s->rat > OPINION_Z90 && s->pat > OPINION_Z90) || (s->rdt > OPINION_Z90 && s->pdt > OPINION_Z90);
}

/* Whether the group agrees on S more tellingly than on BEST (NULL: none yet). */
static bool beats_best_agree(const struct stats *s, const struct stats *best)
{
	if (s->na == 0 && s->nd == 0)
		return false;
	if (best && best->ra > 1)
		return s->ra * s->rat * s->pa * s->pat > best->ra * best->rat * best->pa * best->pat;
	if (best)
		return s->pa * s->pat > best->pa * best->pat;
	return s->pat > OPINION_Z90 || (s->ra > 1 && s->pa > 0.5);
}

/* Puts R into LIST, which is kept in descending order of VALUE[]; of equal ones the earlier stays before. */
static void insert(struct opinion_list *list, double *value, const struct opinion_rep *r, double v)
{
	size_t at = list->count;
	while (at > 0 && value[at - 1] < v)
		at--;
	if (at == OPINION_LIST_MAX)
		return;
	if (list->count < OPINION_LIST_MAX)
		list->count++;
	for (size_t k = list->count - 1; k > at; k--) {
		list->item[k] = list->item[k - 1];
		value[k] = value[k - 1];
	}
	list->item[at] = *r;
	value[at] = v;
}

/* What the scan over the statements of one group keeps. */
struct scan {
	bool any_passed, any, any_agree;
	struct opinion_rep best; /* the largest max(rat, rdt) while none has passed */
	double best_test;
	struct stats agree; /* what the group agrees on most */
	uint32_t agree_statement;
};

static void scan_one(struct scan *scan, const struct stats *s, size_t j)
{
	scan->any_passed |= passes(s);
	double test = fmax(s->rat, s->rdt);
	if (!scan->any_passed && (!scan->any || test > scan->best_test)) {
		scan->any = true;
		scan->best = rep_of(s, j);
		scan->best_test = test;
	}
	if (beats_best_agree(s, scan->any_agree ? &scan->agree : NULL)) {
		scan->any_agree = true;
		scan->agree = *s;
		scan->agree_statement = (uint32_t)j;
	}
}

/* HEAD, where there is one, before what passed; five in all; agreement before disagreement. */
static struct opinion_list arranged(const struct opinion_list *passed, const struct opinion_rep *head)
{
	struct opinion_list five = { 0 }, out = { 0 };
	if (head)
		five.item[five.count++] = *head;
	for (size_t k = 0; k < passed->count && five.count < OPINION_LIST_MAX; k++)
		five.item[five.count++] = passed->item[k];
	for (int turn = 0; turn < 2; turn++)
		for (size_t k = 0; k < five.count; k++)
			if (five.item[k].agree == (turn == 0))
				out.item[out.count++] = five.item[k];
	return out;
}

struct opinion_list opinion_repness(const struct opinion_votes *v, const struct opinion_tally *t, size_t g)
{
	assert(g < t->groups && t->statements == v->statements);
	struct scan scan = { 0 };
	for (size_t j = 0; j < t->statements; j++) {
		if (v->moderated[j])
			continue;
		struct stats s = stats_of(t, g, j);
		scan_one(&scan, &s, j);
	}
	struct opinion_rep head = { 0 };
	if (scan.any_agree) {
		head = rep_of(&scan.agree, scan.agree_statement);
		head.best_agree = true;
		head.n_agree = scan.agree.na;
	} else if (!scan.any_passed && scan.any) {
		head = scan.best;
	}
	bool has_head = scan.any_agree || (!scan.any_passed && scan.any);
	struct opinion_list passed = { 0 };
	double value[OPINION_LIST_MAX];
	for (size_t j = 0; j < t->statements; j++) {
		if (v->moderated[j] || (scan.any_agree && j == scan.agree_statement))
			continue;
		struct stats s = stats_of(t, g, j);
		if (!passes(&s))
			continue;
		struct opinion_rep r = rep_of(&s, j);
		insert(&passed, value, &r, metric(&r));
	}
	return arranged(&passed, has_head ? &head : NULL);
}

struct opinion_list opinion_consensus(const struct opinion_votes *v, const struct opinion_tally *room, bool agree)
{
	struct opinion_list list = { 0 };
	double value[OPINION_LIST_MAX];
	for (size_t j = 0; j < room->statements; j++) {
		if (v->moderated[j])
			continue;
		uint32_t n = agree ? room->agree[j] : room->disagree[j];
		double p = opinion_share(n, room->seen[j]), test = opinion_share_test(n, room->seen[j]);
		if (!(p > 0.5 && test > OPINION_Z90))
			continue;
		struct opinion_rep r = { .statement = (uint32_t)j,
			.agree = agree,
			.successes = n,
			.trials = room->seen[j],
			.p = p,
			.p_test = test };
		insert(&list, value, &r, p * test);
	}
	return list;
}
