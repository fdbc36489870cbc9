#include "http/guess.h"
#include "base/clock.h"
#include "base/id.h"
#include "http/limit.h"
#include "vault/hash.h"

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
	int64_t *cells[GUESS_ROWS];
	struct scale scale;
};

void guesses_init(struct guesses *g)
{
	random_bytes(g->secret, sizeof g->secret);
}

/* Cells in each row: another key shares one of them at times, all of them hardly ever. */
static struct key key_of(
	struct guesses *g, const char *kind, uint64_t about, struct str beside, const struct scale *scale)
{
	struct key k = { .scale = *scale };
	uint8_t hash[VAULT_HASH_BYTES];
	const struct str parts[] = {
		{(const char *)g->secret, sizeof g->secret},
		str_of(kind),
		{ (const char *)&about,   sizeof about    },
		beside,
	};
	vault_hash("http/guess", parts, COUNT(parts), hash);
	for (size_t row = 0; row < GUESS_ROWS; row++)
		k.cells[row] = &g->due_us[row][(hash[2 * row] | (size_t)hash[2 * row + 1] << 8) % GUESS_COLUMNS];
	return k;
}

static int64_t count_of(const int64_t *cell, int64_t now_us, int64_t step_us)
{
	assert(step_us > 0);
	int64_t due_us = __atomic_load_n(cell, __ATOMIC_RELAXED);
	return due_us > now_us ? (due_us - now_us + step_us - 1) / step_us : 0;
}

/* How many are counted: the least of the cells, since others may have added to the rest. */
static int64_t counted(const struct key *k, int64_t now_us)
{
	int64_t least = INT64_MAX;
	for (size_t row = 0; row < GUESS_ROWS; row++) {
		int64_t n = count_of(k->cells[row], now_us, k->scale.step_us);
		least = n < least ? n : least;
	}
	return least;
}

static void add_to(int64_t *cell, int64_t now_us, int64_t step_us, int64_t n)
{
	int64_t most = now_us + KEPT_MAX_STEPS * step_us, was = __atomic_load_n(cell, __ATOMIC_RELAXED), next;
	do {
		next = (was > now_us ? was : now_us) + n * step_us;
		next = next < most ? next : most;
	} while (!__atomic_compare_exchange_n(cell, &was, next, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

static void add(const struct key *k, int64_t now_us, int64_t n)
{
	for (size_t row = 0; row < GUESS_ROWS; row++)
		add_to(k->cells[row], now_us, k->scale.step_us, n);
}

static int degree_of(int64_t n, int64_t free, int most)
{
	int degree = 0;
	for (int64_t over = free; n >= over && degree < most; over *= 2)
		degree++;
	return degree;
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

static struct keys keys_of(struct guesses *g, const struct guess *what, const struct address *sender)
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
static int degree(struct guesses *g, const struct keys *keys, int64_t per_minute, int64_t now_us, int64_t own)
{
	int most = 0, one;
	for (size_t i = 0; i < keys->count; i++) {
		const struct key *k = &keys->all[i];
		one = degree_of(counted(k, now_us) - own, k->scale.free, k->scale.degree_max);
		most = one > most ? one : most;
	}
	if (!keys->everybody)
		return most;
	one = degree_of(count_of(&g->all_due_us, now_us, INT64_C(60000000) / per_minute) - own, limit_burst(per_minute),
		ALL_DEGREE_MAX);
	return one > most ? one : most;
}

static void add_all(struct guesses *g, const struct keys *keys, int64_t per_minute, int64_t now_us, int64_t n)
{
	for (size_t i = 0; i < keys->count; i++)
		add(&keys->all[i], now_us, n);
	if (keys->everybody)
		add_to(&g->all_due_us, now_us, INT64_C(60000000) / per_minute, n);
}

static int64_t wait_s(const struct key *k, int64_t now_us)
{
	int64_t over = counted(k, now_us) - k->scale.free + 1;
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
	int64_t a = wait_s(&pair, now_us), b = wait_s(&name, now_us);
	*later_s = a > b ? a : b;
	if (*later_s)
		return false;
	add(&pair, now_us, 1);
	add(&name, now_us, 1);
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
		*later_s = wait_s(&keys.all[0], now_us);
	return false;
}

bool guesses_spare(
	struct guesses *g, int64_t account, const char *path, int64_t per_hour, int64_t now_ms, int64_t *later_s)
{
	struct scale scale = { per_hour, HOUR_MS * 1000 / per_hour, 1 };
	struct key k = key_of(g, "spare", (uint64_t)account, str_of(path), &scale);
	*later_s = wait_s(&k, now_ms * 1000);
	if (*later_s)
		return false;
	add(&k, now_ms * 1000, 1);
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
	add(&keys.all[0], now_us, -counted(&keys.all[0], now_us));
}
