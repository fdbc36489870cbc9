/* shares.h - how many connections each worker has, where its siblings see it: they listen at one socket, and the one who wakes
 * first would take all that come at once. Mapped before the workers are forked. */
#ifndef ADEM_HTTP_SHARES_H
#define ADEM_HTTP_SHARES_H
#include "base/base.h"

struct shares;

/* For COUNT workers; NULL when the system has no memory. Never unmapped. */
struct shares *shares_new(size_t count);
/* Worker NUMBER has CONNECTIONS. */
void shares_set(struct shares *s, size_t number, unsigned connections);
/* Whether some sibling has fewer than CONNECTIONS. */
bool shares_less_elsewhere(const struct shares *s, size_t number, unsigned connections);
#endif
