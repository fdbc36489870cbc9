/* copies.h - the copies of an embedded database that "adem migrate" makes before it changes anything. They are for going back
 * while an upgrade is new; after a week they go, because what people have withdrawn since is still in them. */
#ifndef ADEM_APP_COPIES_H
#define ADEM_APP_COPIES_H
#include "base/err.h"

enum { COPIES_KEPT_DAYS = 7 };

struct copies {
	size_t count;
	int64_t oldest_ms; /* when the oldest was made; 0 without any */
};
/* The copies of the database FILE; NULL, for a server's: there are none. */
struct copies copies_look(const char *file);
/* Of which database copies_forget_job() removes the copies; FILE outlives the process, or is NULL. */
void copies_belong_to(const char *file);
/* A kind of job: removes those that are older than COPIES_KEPT_DAYS. The same for each region. */
enum err copies_forget_job(struct ctx *c, int64_t unused);
#endif
