/* arena.h - memory with one lifetime: a request, a job, a test. Nothing is freed singly.
 * Invariants: blocks only grow; deferred calls run exactly once, newest first, at the next reset. */
#ifndef ADEM_BASE_ARENA_H
#define ADEM_BASE_ARENA_H
#include "base/str.h"

struct arena;

/* A new arena whose first block holds FIRST_BLOCK bytes; further blocks are at least as large. */
struct arena *arena_new(size_t first_block);
/* The same, freed at the next reset of A: memory to work in, emptied more often than A. */
struct arena *arena_new_within(struct arena *a, size_t first_block);
/* Runs the deferred calls, then forgets all memory handed out; the first block is kept for reuse. */
void arena_reset(struct arena *a);
/* Reset, and give everything back to the system. NULL is allowed. */
void arena_free(struct arena *a);
/* COUNT * SIZE zeroed bytes, 16-aligned, never NULL: when the machine has no memory the process aborts. */
void *arena_alloc(struct arena *a, size_t count, size_t size);
#define arena_new_of(a, T)   ((T *)arena_alloc((a), 1, sizeof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T)))
/* A copy of S, with a NUL behind it. */
struct str arena_str(struct arena *a, struct str s);
/* Formatted text, with a NUL behind it. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
/* A whole number in decimal, with a NUL behind it: what a list writes on each of its lines. */
struct str arena_i64(struct arena *a, int64_t v);
/* LIST, such as "this, that", with NAME behind it. An empty LIST begins one. */
struct str arena_and(struct arena *a, struct str list, struct str name);
/* FN(ARG) will run at the next reset: how a file, a cursor or a lock joins the arena. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);
/* Like realloc for an array that lives in the arena: room for at least WANT elements of SIZE bytes behind
 * ITEMS, of which COUNT are in use and *CAP fit now. Returns the (perhaps moved) array. */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t want, size_t size);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);
#endif
