/* jobs_web.h - what the program could not do by itself, for whoever runs the system. The queue is in src/jobs. */
#ifndef ADEM_JOBS_WEB_H
#define ADEM_JOBS_WEB_H
#include "http/http.h"

/* GET /jobs: jobs that failed, the newest first; those that are given up can be tried again. */
enum err jobs_index_page(struct ctx *c, const struct request *q, struct response *r);
/* POST /jobs/:id/retry */
enum err jobs_retry(struct ctx *c, const struct request *q, struct response *r);
#endif
