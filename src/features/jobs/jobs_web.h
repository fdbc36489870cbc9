/* jobs_web.h - what the program could not do by itself, for whoever runs the system. The queue is in src/jobs. */
#ifndef ADEM_JOBS_WEB_H
#define ADEM_JOBS_WEB_H
#include "http/http.h"

/* GET /jobs: jobs that failed, the newest first; those that are given up can be tried again. */
enum err jobs_index_page(struct ctx *c, const struct request *q, struct response *r);
/* POST /jobs/:id/retry */
enum err jobs_retry(struct ctx *c, const struct request *q, struct response *r);
/* Memory that processes share, written by who watches over the file of the pepper; NULL: nobody does. */
extern const bool *jobs_pepper_away;

/* GET /readyz, for whoever watches the program from outside: 200 when the database takes a write and no job has waited for
 * more than a minute, 503 otherwise (also without a region, where nobody can report), and the numbers. A region that does
 * not answer is counted; only when none does is the program not ready. It also says what is wrong and stops nothing yet: a
 * disk that is nearly full, where reports that can wait are refused, and a pepper without which there is no next start. An
 * answer holds for five seconds. Needs no transaction of the router's (ROUTE_NO_DB). */
enum err jobs_ready_page(struct ctx *c, const struct request *q, struct response *r);
#endif
