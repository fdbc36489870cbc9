/* crowd.h - how busy the network is that a request comes from, without remembering who came: counters that many networks share,
 * in memory only, found by a keyed hash of the address prefix that changes every hour. What many send from one prefix is not
 * refused, since mobile networks put thousands of people behind one address: it costs each of them more work (proof.h) and gives
 * way to those who come from calmer networks (router.c). */
#ifndef ADEM_HTTP_CROWD_H
#define ADEM_HTTP_CROWD_H
#include "http/address.h"
#include "http/limit.h"

enum { CROWD_DEGREE_MAX = 4 };

/* Gives C a secret of its own; what is in it otherwise may be zero. Before other processes share it. */
void crowd_init(struct crowd *c);
/* How busy the prefix of SENDER is: 0 for calm, to CROWD_DEGREE_MAX. NOW_MS by clock_monotonic_ms(). */
int crowd_degree(const struct crowd *c, const struct address *sender, int64_t now_ms);
/* Counts one more from there. Safe between processes. */
void crowd_count(struct crowd *c, const struct address *sender, int64_t now_ms);
#endif
