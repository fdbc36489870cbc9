/* What the engine found, in the format of math-pca2.json. The server's own matrix has agree as -1, ours has 1: centers and
 * axes are written with their signs turned; positions and projections are then the same in both. */
#include "cli/num/num_opinion.h"
#include "base/json.h"

struct report {
	struct json *j;
	struct arena *mem;
	const struct opinion *r;
	bool exact;
};

static void key_of(struct report *o, int64_t id)
{
	json_key(o->j, arena_printf(o->mem, "%" PRId64, id).p);
}

static void statement_key(struct report *o, size_t j)
{
	key_of(o, o->r->votes->statement_id[j]);
}

/* Counts of few people are not told outside the exact mode. */
static bool told(const struct report *o, size_t count)
{
	return o->exact || opinion_told(count);
}

static bool seen_told(const struct report *o, const struct opinion_tally *t, size_t g, size_t j)
{
	return o->exact || opinion_seen_told(t, g, j);
}

static void count_or_null(struct report *o, size_t count, bool tell)
{
	if (tell)
		json_int(o->j, (int64_t)count);
	else
		json_null(o->j);
}

/* The same number, positive where it is zero. */
static double turned(double v)
{
	return 0 - v;
}

static void int_field(struct report *o, const char *name, size_t v)
{
	json_key(o->j, name);
	json_int(o->j, (int64_t)v);
}

static void real_field(struct report *o, const char *name, double v)
{
	json_key(o->j, name);
	json_real(o->j, v);
}

static void reals(struct report *o, const double *v, size_t count, bool turn)
{
	json_array(o->j);
	for (size_t k = 0; k < count; k++)
		json_real(o->j, turn ? turned(v[k]) : v[k]);
	json_end(o->j);
}

static void ids(struct report *o, const char *name, const int64_t *id, const bool *which, size_t count)
{
	json_key(o->j, name);
	json_array(o->j);
	for (size_t k = 0; k < count; k++)
		if (!which || which[k])
			json_int(o->j, id[k]);
	json_end(o->j);
}

static void map_of(struct report *o, const char *name, const double *value)
{
	json_key(o->j, name);
	json_object(o->j);
	for (size_t j = 0; j < o->r->votes->statements; j++) {
		statement_key(o, j);
		json_real(o->j, value[j]);
	}
	json_end(o->j);
}

static void pca(struct report *o)
{
	const struct opinion_pca *p = o->r->pca;
	json_key(o->j, "pca");
	json_object(o->j);
	json_key(o->j, "center");
	reals(o, p->center, p->statements, true);
	json_key(o->j, "comps");
	json_array(o->j);
	for (size_t k = 0; k < OPINION_AXES; k++)
		reals(o, p->axis + k * p->statements, p->statements, true);
	json_end(o->j);
	json_key(o->j, "comment-projection");
	json_array(o->j);
	for (size_t k = 0; k < OPINION_AXES; k++)
		reals(o, p->projection + k * p->statements, p->statements, false);
	json_end(o->j);
	json_key(o->j, "comment-extremity");
	reals(o, p->extremity, p->statements, false);
	json_end(o->j);
}

/* One coordinate of each base cluster; that of a few people would be a place with their ids on it. */
static void coordinates(struct report *o, const char *name, size_t axis)
{
	const struct opinion_sets *base = o->r->base;
	json_key(o->j, name);
	json_array(o->j);
	for (size_t b = 0; b < base->count; b++) {
		if (told(o, opinion_sets_size(base, b)))
			json_real(o->j, base->center[2 * b + axis]);
		else
			json_null(o->j);
	}
	json_end(o->j);
}

static void base_clusters(struct report *o)
{
	const struct opinion_sets *base = o->r->base;
	json_key(o->j, "base-clusters");
	json_object(o->j);
	ids(o, "id", base->id, NULL, base->count);
	json_key(o->j, "members");
	json_array(o->j);
	for (size_t b = 0; b < base->count; b++) {
		json_array(o->j);
		for (size_t at = base->first[b]; at < base->first[b + 1]; at++)
			json_int(o->j, o->r->votes->person_id[base->member[at]]);
		json_end(o->j);
	}
	json_end(o->j);
	coordinates(o, "x", 0);
	coordinates(o, "y", 1);
	json_key(o->j, "count");
	json_array(o->j);
	for (size_t b = 0; b < base->count; b++)
		json_int(o->j, (int64_t)opinion_sets_size(base, b));
	json_end(o->j);
	json_end(o->j);
}

static void group_clusters(struct report *o)
{
	const struct opinion_sets *groups = o->r->groups;
	json_key(o->j, "group-clusters");
	json_array(o->j);
	for (size_t g = 0; g < groups->count; g++) {
		json_object(o->j);
		int_field(o, "id", (size_t)groups->id[g]);
		json_key(o->j, "members");
		json_array(o->j);
		for (size_t k = groups->first[g]; k < groups->first[g + 1]; k++)
			json_int(o->j, o->r->base->id[groups->member[k]]);
		json_end(o->j);
		json_key(o->j, "center");
		reals(o, groups->center + 2 * g, 2, false);
		json_end(o->j);
	}
	json_end(o->j);
}

static void count_field(struct report *o, const char *name, size_t count, bool tell)
{
	json_key(o->j, name);
	count_or_null(o, count, tell);
}

static void group_votes(struct report *o)
{
	const struct opinion_tally *t = o->r->tally;
	json_key(o->j, "group-votes");
	json_object(o->j);
	for (size_t g = 0; g < t->groups; g++) {
		key_of(o, o->r->groups->id[g]);
		json_object(o->j);
		int_field(o, "id", (size_t)o->r->groups->id[g]);
		int_field(o, "n-members", t->size[g]);
		json_key(o->j, "votes");
		json_object(o->j);
		for (size_t j = 0; j < t->statements; j++) {
			size_t cell = g * t->statements + j;
			statement_key(o, j);
			json_object(o->j);
			count_field(o, "A", t->agree[cell], told(o, t->agree[cell]));
			count_field(o, "D", t->disagree[cell], told(o, t->disagree[cell]));
			count_field(o, "S", t->seen[cell], seen_told(o, t, g, j));
			json_end(o->j);
		}
		json_end(o->j);
		json_end(o->j);
	}
	json_end(o->j);
}

static void base_counts(
	struct report *o, const char *name, const struct opinion_tally *t, const uint32_t *count, size_t j)
{
	json_key(o->j, name);
	json_array(o->j);
	for (size_t b = 0; b < t->groups; b++) {
		uint32_t n = count[b * t->statements + j];
		count_or_null(o, n, count == t->seen ? seen_told(o, t, b, j) : told(o, n));
	}
	json_end(o->j);
}

static void votes_base(struct report *o)
{
	const struct opinion *r = o->r;
	struct opinion_sets *alone = opinion_sets_make(o->mem, r->base->count, r->base->count);
	for (size_t b = 0; b < r->base->count; b++) {
		alone->member[b] = (uint32_t)b;
		alone->first[b + 1] = b + 1;
	}
	const uint32_t *label = opinion_groups_label(o->mem, r->base, alone, r->votes->people);
	const struct opinion_tally *t = opinion_tally_make(o->mem, r->votes, label, r->base->count);
	json_key(o->j, "votes-base");
	json_object(o->j);
	for (size_t j = 0; j < t->statements; j++) {
		statement_key(o, j);
		json_object(o->j);
		base_counts(o, "A", t, t->agree, j);
		base_counts(o, "D", t, t->disagree, j);
		base_counts(o, "S", t, t->seen, j);
		json_end(o->j);
	}
	json_end(o->j);
}

/* The shortest decimal number that reads back as the single precision number next to V: how the server writes this field. */
static double single_precision(double v)
{
	float near = (float)v;
	double out = near;
	for (int digits = 6; digits <= 9; digits++) {
		char text[32];
		snprintf(text, sizeof text, "%.*g", digits, (double)near);
		if (str_to_f64(str_of(text), &out) && (float)out == near)
			break;
	}
	return out;
}

/* An entry of a list of group G of T. Shares would tell how many answered, and are left out where that is not told. */
static void list_item(
	struct report *o, const struct opinion_rep *s, const struct opinion_tally *t, size_t g, bool of_group)
{
	bool tell_success = told(o, s->successes), tell_trials = seen_told(o, t, g, s->statement);
	bool shares = tell_success && tell_trials;
	json_object(o->j);
	json_key(o->j, "tid");
	json_int(o->j, o->r->votes->statement_id[s->statement]);
	count_field(o, "n-success", s->successes, tell_success);
	count_field(o, "n-trials", s->trials, tell_trials);
	if (shares) {
		real_field(o, "p-success", s->p);
		real_field(o, "p-test", s->p_test);
	}
	if (shares && of_group) {
		real_field(o, "repness", s->repness);
		real_field(o, "repness-test", o->exact ? single_precision(s->repness_test) : s->repness_test);
	}
	if (tell_success && of_group) {
		json_key(o->j, "repful-for");
		json_str(o->j, s->agree ? S("agree") : S("disagree"));
	}
	if (s->best_agree) {
		json_key(o->j, "best-agree");
		json_bool(o->j, true);
		count_field(o, "n-agree", s->n_agree, told(o, s->n_agree));
	}
	json_end(o->j);
}

static void list_of(
	struct report *o, const struct opinion_list *list, const struct opinion_tally *t, size_t g, bool of_group)
{
	json_array(o->j);
	for (size_t k = 0; k < list->count; k++)
		list_item(o, &list->item[k], t, g, of_group);
	json_end(o->j);
}

static void lists(struct report *o)
{
	const struct opinion *r = o->r;
	json_key(o->j, "repness");
	json_object(o->j);
	for (size_t g = 0; g < r->groups->count; g++) {
		key_of(o, r->groups->id[g]);
		list_of(o, &r->repness[g], r->tally, g, true);
	}
	json_end(o->j);
	json_key(o->j, "consensus");
	json_object(o->j);
	json_key(o->j, "agree");
	list_of(o, &r->agreed, r->room, 0, false);
	json_key(o->j, "disagree");
	list_of(o, &r->disagreed, r->room, 0, false);
	json_end(o->j);
}

/* Whether there are groups, and what was found on the way. */
static void stability(struct report *o)
{
	static const char *const verdicts[] = {
		[OPINION_TOO_FEW] = "too-few",
		[OPINION_BY_CHANCE] = "by-chance",
		[OPINION_TOO_SMALL] = "too-small",
		[OPINION_NOT_APART] = "not-apart",
		[OPINION_FLEETING] = "fleeting",
		[OPINION_STABLE] = "stable",
	};
	const struct opinion_found *f = o->r->found;
	json_key(o->j, "groups");
	json_object(o->j);
	int_field(o, "count", f->groups);
	json_key(o->j, "verdict");
	json_str(o->j, str_of(verdicts[f->verdict]));
	real_field(o, "silhouette", f->silhouette);
	real_field(o, "agreement", f->agreement);
	json_key(o->j, "gap");
	json_bool(o->j, f->gap);
	int_field(o, "least-people", f->least);
	json_end(o->j);
}

static void bridging(struct report *o)
{
	static const char *const statuses[] = {
		[OPINION_BRIDGE_UNKNOWN] = "too-few-answers",
		[OPINION_BRIDGE_OPEN] = "open",
		[OPINION_BRIDGE_HELPS] = "bridges",
		[OPINION_BRIDGE_PARTS] = "parts",
	};
	const struct opinion_bridge *b = o->r->bridge;
	json_key(o->j, "bridging");
	json_object(o->j);
	for (size_t j = 0; j < o->r->votes->statements; j++) {
		statement_key(o, j);
		json_object(o->j);
		real_field(o, "score", b->score[j]);
		real_field(o, "factor", b->factor[j]);
		json_key(o->j, "status");
		json_str(o->j, str_of(statuses[b->status[j]]));
		json_end(o->j);
	}
	json_end(o->j);
}

static void ours(struct report *o)
{
	const struct opinion *r = o->r;
	json_key(o->j, "adem");
	json_object(o->j);
	json_key(o->j, "mode");
	json_str(o->j, o->exact ? S("exact") : S("default"));
	json_key(o->j, "explained-variance");
	reals(o, r->pca->variance, OPINION_AXES, false);
	if (o->exact) {
		real_field(o, "silhouette", r->silhouette);
	} else {
		stability(o);
		bridging(o);
	}
	map_of(o, "comparable-consensus", r->comparable);
	map_of(o, "lower-bound", r->lower_bound);
	map_of(o, "divisiveness", r->divisiveness);
	json_key(o->j, "order");
	json_array(o->j);
	for (size_t k = 0; k < r->order_count; k++)
		json_int(o->j, r->votes->statement_id[r->order[k]]);
	json_end(o->j);
	json_end(o->j);
}

void num_opinion_json(struct json *j, struct arena *a, const struct opinion *r, bool exact)
{
	struct report o = { .j = j, .mem = a, .r = r, .exact = exact };
	const struct opinion_votes *v = r->votes;
	json_object(j);
	int_field(&o, "n", v->people);
	int_field(&o, "n-cmts", v->statements);
	ids(&o, "tids", v->statement_id, NULL, v->statements);
	ids(&o, "mod-out", v->statement_id, v->moderated, v->statements);
	ids(&o, "meta-tids", v->statement_id, v->meta, v->statements);
	ids(&o, "in-conv", v->person_id, r->in, v->people);
	pca(&o);
	base_clusters(&o);
	group_clusters(&o);
	group_votes(&o);
	lists(&o);
	map_of(&o, "group-aware-consensus", r->group_consensus);
	map_of(&o, "comment-priorities", r->priority);
	votes_base(&o);
	ours(&o);
	json_end(j);
}
