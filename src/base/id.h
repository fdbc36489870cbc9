/* id.h - numbers that name rows: 63 bits, 42 of milliseconds since 2020 and 21 random. They sort by time of making;
 * those of one process and millisecond in their order.
 * A clash (same millisecond, same 21 bits) is a key conflict; the router repeats the transaction. */
#ifndef ADEM_BASE_ID_H
#define ADEM_BASE_ID_H
#include "base/arena.h"

/* A new id for something made at NOW_MS. Always > 0. */
int64_t id_new(int64_t now_ms);
/* The same, but the lowest 16 bits of its time, a minute's worth, are random too: for rows whose address must not tell a moment.
 * Such rows are ordered by a column of their time; those that one process made for the same millisecond go up all the same. */
int64_t id_new_blurred(int64_t now_ms);
/* Whether ids can tell that moment: from 2020 to the spring of 2159. What is later is cut off there, so that a clock that is
 * wrong ends nothing; whoever takes something in refuses it then. */
bool id_reaches(int64_t now_ms);
/* When the id was made, ms since 1970 UTC. */
int64_t id_made_ms(int64_t id);
/* The smallest id of that moment: for "everything since". */
int64_t id_floor(int64_t now_ms);
/* COUNT ids with commas between, in MEM: what a statement about many rows is given. */
struct str id_list(struct arena *mem, const int64_t *ids, size_t count);
/* Whether ID is one of COUNT ids. */
bool id_among(const int64_t *ids, size_t count, int64_t id);
/* N random bytes from the kernel; aborts when it has none. */
void random_bytes(void *p, size_t n);
#endif
