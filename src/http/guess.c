#include "http/guess.h"
#include "base/clock.h"
#include "base/id.h"
#include "http/limit.h"

/* What is counted under one key: how many are free, how much the dearest costs, and how fast they wear off. */
struct scale {
	int64_t free, step_us;
	int degree_max;
};
static const struct scale pair_scale = { 3, 2 * MINUTE_MS * 1000, GUESS_DEGREE_MAX },
			  name_scale = { 12, MINUTE_MS * 1000, GUESS_DEGREE_MAX },
			  device_scale = { 5, 2 * MINUTE_MS * 1000, GUESS_DEGREE_MAX },
			  waited_scale = { 1, MINUTE_MS * 1000, GUESS_DEGREE_MAX },
			  waited_name_scale = { 10, MINUTE_MS * 1000 / 10, GUESS_DEGREE_MAX };
enum { ALL_DEGREE_MAX = 4, KEPT_MAX_STEPS = 1 << 11 };

struct key {
	struct sketch_key at;
	struct scale scale;
};

void guesses_init(struct guesses *g)
{
	random_bytes(g->secret, sizeof g->secret);
}

static struct key key_of(
	const struct guesses *g, const char *kind, uint64_t about, struct str beside, const struct scale *scale)
{
	const struct str parts[] = {
		{(const char *)g->secret, sizeof g->secret},
		str_of(kind),
		{ (const char *)&about,   sizeof about    },
		beside,
	};
	return (struct key){ sketch_key("http/guess", parts, COUNT(parts), GUESS_COLUMNS), *scale };
}

/* How many are counted where it takes LEFT_US until none is. */
static int64_t count_of(int64_t left_us, int64_t step_us)
{
	assert(step_us > 0);
	return (left_us + step_us - 1) / step_us;
}

static int64_t counted(const struct guesses *g, const struct key *k, int64_t now_us)
{
	return count_of(sketch_left_us(g->due_us, &k->at, now_us), k->scale.step_us);
}

static void add(struct guesses *g, const struct key *k, int64_t now_us, int64_t n)
{
	int64_t step_us = k->scale.step_us;
	sketch_add(g->due_us, &k->at, now_us, n * step_us, KEPT_MAX_STEPS * step_us);
}

/* What a guess is counted under: the device alone, or network, name and everybody. */
struct keys {
	struct key all[2];
	size_t count;
	bool everybody;
};

static struct str prefix_of(const struct address *sender, struct address *prefix)
{
	*prefix = *sender;
	address_cut(prefix);
	return (struct str){ (const char *)prefix->bytes, sizeof prefix->bytes };
}

static struct keys keys_of(const struct guesses *g, const struct guess *what, const struct address *sender)
{
	struct address prefix;
	struct str from = prefix_of(sender, &prefix), device = { (const char *)&what->device, sizeof what->device };
	if (what->device)
		return (struct keys){ { key_of(g, "device", what->about, device, &device_scale) }, 1, false };
	return (struct keys){
		{key_of(g, "pair", what->about, from, &pair_scale),
                 key_of(g, "name", what->about, S(""), &name_scale)},
		2, true
	};
}

/* What a guess costs beside all that are counted but OWN. */
static int degree(const struct guesses *g, const struct keys *keys, int64_t per_minute, int64_t now_us, int64_t own)
{
	int most = 0, one;
	for (size_t i = 0; i < keys->count; i++) {
		const struct key *k = &keys->all[i];
		one = sketch_degree(counted(g, k, now_us) - own, k->scale.free, k->scale.degree_max);
		most = one > most ? one : most;
	}
	if (!keys->everybody)
		return most;
	int64_t all = count_of(cell_left_us(&g->all_due_us, now_us), INT64_C(60000000) / per_minute);
	one = sketch_degree(all - own, limit_burst(per_minute), ALL_DEGREE_MAX);
	return one > most ? one : most;
}

static void add_all(struct guesses *g, const struct keys *keys, int64_t per_minute, int64_t now_us, int64_t n)
{
	int64_t step_us = INT64_C(60000000) / per_minute;
	for (size_t i = 0; i < keys->count; i++)
		add(g, &keys->all[i], now_us, n);
	if (keys->everybody)
		cell_add(&g->all_due_us, now_us, n * step_us, KEPT_MAX_STEPS * step_us);
}

static int64_t wait_s(const struct guesses *g, const struct key *k, int64_t now_us)
{
	int64_t over = counted(g, k, now_us) - k->scale.free + 1;
	return over > 0 ? over * k->scale.step_us / 1000000 + 1 : 0;
}

/* Who waits instead of working is one a minute of a network, and few at one secret: whoever has many networks waits in
 * all of them at once. */
static bool take_wait(
	struct guesses *g, const struct guess *what, const struct address *sender, int64_t now_us, int64_t *later_s)
{
	struct address prefix;
	struct key pair = key_of(g, "waited", what->about, prefix_of(sender, &prefix), &waited_scale);
	struct key name = key_of(g, "waited name", what->about, S(""), &waited_name_scale);
	int64_t a = wait_s(g, &pair, now_us), b = wait_s(g, &name, now_us);
	*later_s = a > b ? a : b;
	if (*later_s)
		return false;
	add(g, &pair, now_us, 1);
	add(g, &name, now_us, 1);
	return true;
}

/* Each proof once. To push one out of its set, others must be worked for. */
static bool spend(struct guesses *g, uint64_t token)
{
	uint64_t *set = g->spent[token % GUESS_SPENT_SETS], moved = token;
	for (size_t i = 0; i < GUESS_SPENT_WAYS; i++)
		if (__atomic_load_n(&set[i], __ATOMIC_RELAXED) == token)
			return false;
	for (size_t i = 0; i < GUESS_SPENT_WAYS; i++)
		moved = __atomic_exchange_n(&set[i], moved, __ATOMIC_RELAXED);
	return true;
}

/* Counted first and taken back when it may not be: of many at the same moment each sees the others. */
bool guesses_take(struct guesses *g, const struct guess *what, const struct address *sender, int64_t per_minute,
	int64_t now_ms, int *needed, int64_t *later_s)
{
	int64_t now_us = now_ms * 1000;
	*needed = 0;
	*later_s = 0;
	if (!what->about)
		return true;
	struct keys keys = keys_of(g, what, sender);
	add_all(g, &keys, per_minute, now_us, 1);
	*needed = degree(g, &keys, per_minute, now_us, 1);
	bool may = *needed <= what->worked &&
		   (*needed == 0 || !what->waited || take_wait(g, what, sender, now_us, later_s)) &&
		   (*needed == 0 || spend(g, what->token));
	if (may)
		return true;
	add_all(g, &keys, per_minute, now_us, -1);
	if (what->device)
		*later_s = wait_s(g, &keys.all[0], now_us);
	return false;
}

bool guesses_spare(
	struct guesses *g, int64_t account, const char *path, int64_t per_hour, int64_t now_ms, int64_t *later_s)
{
	struct scale scale = { per_hour, HOUR_MS * 1000 / per_hour, 1 };
	struct key k = key_of(g, "spare", (uint64_t)account, str_of(path), &scale);
	*later_s = wait_s(g, &k, now_ms * 1000);
	if (*later_s)
		return false;
	add(g, &k, now_ms * 1000, 1);
	return true;
}

int guesses_degree(
	struct guesses *g, const struct guess *what, const struct address *sender, int64_t per_minute, int64_t now_ms)
{
	struct keys keys = keys_of(g, what, sender);
	return what->about ? degree(g, &keys, per_minute, now_ms * 1000, 0) : 0;
}

void guesses_forgive(
	struct guesses *g, const struct guess *what, const struct address *sender, int64_t per_minute, int64_t now_ms)
{
	int64_t now_us = now_ms * 1000;
	if (!what->about)
		return;
	struct keys keys = keys_of(g, what, sender);
	add_all(g, &keys, per_minute, now_us, -1);
	add(g, &keys.all[0], now_us, -counted(g, &keys.all[0], now_us));
}
