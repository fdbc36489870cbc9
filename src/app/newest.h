/* newest.h - the clock beside what is in the database: whether it can be right. */
#ifndef ADEM_APP_NEWEST_H
#define ADEM_APP_NEWEST_H
#include "base/err.h"

/* Ids are made up to a minute ahead (id_new_blurred()), and clocks of several hosts differ by as much. */
#define NEWEST_APART_MS (INT64_C(3) * 60 * 1000)

/* When a worker begins: says in the log when the clock lies more than NEWEST_APART_MS before what is newest in a region, or
 * more than an hour behind it, so that either nobody ran Adem or the clock was put ahead. One line for all regions. */
void newest_compare(struct ctx *c);
#endif
