/* Prints everything the deliberation engine says about some rooms in hexadecimal digits, so that two builds can be compared. */
#include "num/opinion/opinion_live.h"
#include "opinion_rooms.h"

static void print(const char *what, const double *v, size_t count)
{
	printf("%s", what);
	for (size_t k = 0; k < count; k++)
		printf(" %a", v[k]);
	putchar('\n');
}

static void print_room(const struct room_plan *plan, bool exact)
{
	struct arena *a = arena_new(1 << 20);
	const struct opinion_votes *v = room_votes(a, plan);
	const struct opinion *r = opinion_run(a, v, &(struct opinion_options){ .seed = 1, .exact = exact });
	print("axes", r->pca->axis, OPINION_AXES * v->statements);
	print("positions", r->pca->position, 2 * v->people);
	print("centers", r->groups->center, 2 * r->groups->count);
	print("consensus", r->group_consensus, v->statements);
	print("bound", r->lower_bound, v->statements);
	print("priority", r->priority, v->statements);
	for (size_t i = 0; i < v->people; i++)
		printf("%" PRIu32 " ", r->group_of[i]);
	putchar('\n');
	if (!exact) {
		print("places", r->positions->at, OPINION_DIRECTIONS * v->people);
		print("agreement", &r->found->agreement, 1);
		print("bridging", r->bridge->score, v->statements);
		struct opinion_live *l = opinion_live_begin(a, r);
		for (int64_t j = 0; j < 20; j++) {
			double xy[2] = { 0 };
			if (opinion_live_vote(l, 3, j, (int8_t)(j % 3 - 1)) && opinion_live_place(l, 3, xy))
				print("live", xy, 2);
		}
	}
	arena_free(a);
}

int main(void)
{
	static const struct room_plan plans[] = {
		{.people = 120, .statements = 40, .camps = 3, .split = 24, .fill = 0.5, .seed = 1 },
		{ .people = 300,    .statements = 60,                   .camps = 2,                .split = 20,        .fill = 0.2, .seed = 2 },
		{ .people = 90,  .statements = 15,       .fill = 0.9,.seed = 3},
	};
	for (size_t k = 0; k < COUNT(plans); k++) {
		print_room(&plans[k], false);
		print_room(&plans[k], true);
	}
	return 0;
}
