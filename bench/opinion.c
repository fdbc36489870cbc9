/* Times of the deliberation engine, CPU time of one thread.
 *   bench_opinion VOTES.csv ...   a line a file: people, statements, answers, then best milliseconds of five of
 *     map (means, axes, positions as Polis has them), exact (everything Polis tells), groups (map, positions by EM, the search
 *     for stable groups), whole (all of the default mode)
 *   bench_opinion --rooms         a line an invented room of two camps, from 1,000 people on, twice as many in each: people,
 *     answers, best milliseconds of five of whole
 *   bench_opinion                 one answer at 10,000 people and 500 statements, and what the one who gave it sees after it:
 *     microseconds, mean and slowest of 20,000 */
#include "num/opinion/opinion_live.h"
#include "num/opinion/opinion_polis.h"
#include "num/opinion/opinion_read.h"
#include "num/stats/rng.h"
#include "../tests/num/opinion_rooms.h"

enum {
	REPEATS = 5,
	ROOMS_FROM = 1000,
	ROOMS_TO = 16000,
	ROOMS_STATEMENTS = 200,
	LIVE_PEOPLE = 10000,
	LIVE_STATEMENTS = 500,
	LIVE_VOTES = 20000
};

static double cpu_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void run_map(struct arena *a, const struct opinion_votes *v)
{
	opinion_pca_make(a, v);
}

static void run_exact(struct arena *a, const struct opinion_votes *v)
{
	opinion_run(a, v, &(struct opinion_options){ .exact = true });
}

static void run_groups(struct arena *a, const struct opinion_votes *v)
{
	const struct opinion_pca *pca = opinion_pca_make(a, v);
	bool *in = arena_array(a, bool, v->people);
	opinion_in_conversation(a, v, in);
	opinion_find_groups(a, v, pca, opinion_positions_make(a, v, pca), in, 1);
}

static void run_whole(struct arena *a, const struct opinion_votes *v)
{
	opinion_run(a, v, &(struct opinion_options){ .seed = 1 });
}

static double best_of(void (*run)(struct arena *, const struct opinion_votes *), const struct opinion_votes *v)
{
	double best = 1e300;
	for (int k = 0; k < REPEATS; k++) {
		struct arena *a = arena_new(1 << 20);
		double from = cpu_ms();
		run(a, v);
		double took = cpu_ms() - from;
		best = took < best ? took : best;
		arena_free(a);
	}
	return best;
}

static void bench_file(const char *path)
{
	struct ctx c = { .mem = arena_new(1 << 20) };
	struct opinion_votes *v;
	FILE *f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) != 0)
		exit(1);
	size_t n = (size_t)ftell(f);
	char *text = arena_alloc(c.mem, n, 1);
	rewind(f);
	if (fread(text, 1, n, f) != n || opinion_read(&c, (struct str){ text, n }, &v) != OK)
		exit(1);
	fclose(f);
	printf("%zu %zu %zu %.2f %.2f %.2f %.2f\n", v->people, v->statements, v->count, best_of(run_map, v),
		best_of(run_exact, v), best_of(run_groups, v), best_of(run_whole, v));
	arena_free(c.mem);
}

static void bench_rooms(void)
{
	for (size_t people = ROOMS_FROM; people <= ROOMS_TO; people *= 2) {
		struct arena *a = arena_new(1 << 20);
		struct room_plan plan = { people, ROOMS_STATEMENTS, 2, ROOMS_STATEMENTS / 4, false, 0.3, 1 };
		const struct opinion_votes *v = room_votes(a, &plan);
		printf("%zu %zu %.2f\n", people, v->count, best_of(run_whole, v));
		arena_free(a);
	}
}

/* The mean time of one answer, and of the slowest thousandth, in microseconds. */
static void bench_live(void)
{
	struct arena *a = arena_new(1 << 20);
	struct rng rng = rng_seeded(1);
	size_t count = 0;
	struct opinion_answer *answers = arena_array(
		a, struct opinion_answer, (size_t)LIVE_PEOPLE * LIVE_STATEMENTS / 10);
	for (int64_t person = 0; person < LIVE_PEOPLE; person++)
		for (int k = 0; k < LIVE_STATEMENTS / 10; k++)
			answers[count++] = (struct opinion_answer){ person, (int64_t)rng_below(&rng, LIVE_STATEMENTS),
				(int8_t)((int)rng_below(&rng, 3) - 1) };
	const struct opinion_votes *v = opinion_votes_make(a, answers, count);
	struct opinion_live *l = opinion_live_begin(a, opinion_run(a, v, &(struct opinion_options){ .seed = 1 }));
	double slowest = 0, sum = 0;
	for (int k = 0; k < LIVE_VOTES; k++) {
		int64_t person = (int64_t)rng_below(&rng, LIVE_PEOPLE), statement = 0;
		double xy[2], from = cpu_ms();
		if (!opinion_live_next(l, person, 1, &statement) || !opinion_live_vote(l, person, statement, 1) ||
			!opinion_live_place(l, person, xy))
			exit(1);
		double took = cpu_ms() - from;
		sum += took;
		slowest = took > slowest ? took : slowest;
	}
	printf("%.2f %.2f\n", 1e3 * sum / LIVE_VOTES, 1e3 * slowest);
	arena_free(a);
}

int main(int argc, char **argv)
{
	bool rooms = argc == 2 && strcmp(argv[1], "--rooms") == 0;
	if (rooms)
		bench_rooms();
	for (int i = 1; i < argc && !rooms; i++)
		bench_file(argv[i]);
	if (argc == 1)
		bench_live();
	return 0;
}
