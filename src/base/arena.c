#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define HIDE(p, n) ((void)(p), (void)(n))
#define SHOW(p, n) ((void)(p), (void)(n))
#endif

struct block {
	struct block *prev;
	size_t used, size;
	_Alignas(16) unsigned char bytes[];
};

struct deferred {
	struct deferred *prev;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *block;
	struct deferred *deferred;
	size_t first, total;
};

static void out_of_memory(void)
{
	fputs("adem: out of memory\n", stderr);
	abort();
}

static struct block *block_new(struct block *prev, size_t size)
{
	struct block *b = malloc(sizeof *b + size);
	if (!b)
		out_of_memory();
	*b = (struct block){ .prev = prev, .size = size };
	HIDE(b->bytes, size);
	return b;
}

struct arena *arena_new(size_t first_block)
{
	assert(first_block > 0);
	struct arena *a = calloc(1, sizeof *a);
	if (!a)
		out_of_memory();
	a->first = (first_block + 15) & ~(size_t)15;
	a->block = block_new(NULL, a->first);
	return a;
}

/* Between two pieces 16 hidden bytes stay free, so that AddressSanitizer sees an overrun inside a block. */
enum { GAP = 16 };

/* The next WANT bytes of the present block, which has room for them. */
static void *arena_take(struct arena *a, size_t want)
{
	size_t step = ((want + 15) & ~(size_t)15) + GAP;
	void *p = a->block->bytes + a->block->used;
	a->block->used += step;
	a->total += step;
	SHOW(p, want);
	return p;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	assert(a);
	size_t want;
	if (__builtin_mul_overflow(count, size, &want) || want > SIZE_MAX / 4)
		out_of_memory();
	size_t step = ((want + 15) & ~(size_t)15) + GAP;
	if (a->block->size - a->block->used < step)
		a->block = block_new(a->block, step > a->first ? step : a->first);
	return memset(arena_take(a, want), 0, want);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1, 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

/* Bytes that arena_alloc() would hand out without a new block. */
static size_t room_left(const struct arena *a)
{
	size_t left = a->block->size - a->block->used;
	return left > GAP ? (left - GAP) & ~(size_t)15 : 0;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	/* Nearly always it fits into the block, and once is enough. */
	size_t room = room_left(a);
	char *p = (char *)a->block->bytes + a->block->used;
	SHOW(p, room);
	int n = vsnprintf(p, room, fmt, ap);
	HIDE(p, room);
	va_end(ap);
	assert(n >= 0);
	bool fits = (size_t)n < room;
	if (fits)
		arena_take(a, (size_t)n + 1);
	else
		vsnprintf(p = arena_alloc(a, (size_t)n + 1, 1), (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

struct str arena_and(struct arena *a, struct str list, struct str name)
{
	return arena_printf(a, "%.*s%s%.*s", STR_ARG(list), list.n ? ", " : "", STR_ARG(name));
}

struct str arena_i64(struct arena *a, int64_t v)
{
	enum { DIGITS_MAX = 21 };
	char *p = arena_alloc(a, DIGITS_MAX, 1);
	size_t at = DIGITS_MAX - 1; /* behind it stays a NUL */
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do {
		p[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		p[--at] = '-';
	return (struct str){ p + at, DIGITS_MAX - 1 - at };
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	assert(fn);
	struct deferred *d = arena_new_of(a, struct deferred);
	*d = (struct deferred){ a->deferred, fn, arg };
	a->deferred = d;
}

static void free_within(void *arena)
{
	arena_free(arena);
}

struct arena *arena_new_within(struct arena *a, size_t first_block)
{
	struct arena *within = arena_new(first_block);
	arena_defer(a, free_within, within);
	return within;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t want, size_t size)
{
	assert(count <= *cap);
	if (want <= *cap)
		return items;
	size_t roomy = *cap ? *cap : 16;
	while (roomy < want)
		roomy *= 2;
	void *grown = arena_alloc(a, roomy, size);
	if (count)
		memcpy(grown, items, count * size);
	*cap = roomy;
	return grown;
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}

void arena_reset(struct arena *a)
{
	while (a->deferred) {
		struct deferred *d = a->deferred;
		a->deferred = d->prev;
		d->fn(d->arg);
	}
	while (a->block->prev) {
		struct block *b = a->block;
		a->block = b->prev;
		SHOW(b->bytes, b->size);
		free(b);
	}
	a->block->used = 0;
	a->total = 0;
	HIDE(a->block->bytes, a->block->size);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	SHOW(a->block->bytes, a->block->size);
	free(a->block);
	free(a);
}
