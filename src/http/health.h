/* health.h - for whoever watches the program from outside. */
#ifndef ADEM_HTTP_HEALTH_H
#define ADEM_HTTP_HEALTH_H
#include "http/http.h"

/* GET /healthz: 200 while this process answers, whatever its database does. Whether it can do its work is another question:
 * jobs_ready_page(). */
enum err health_page(struct ctx *c, const struct request *q, struct response *r);
#endif
