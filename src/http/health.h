/* health.h - for whoever watches the program from outside. */
#ifndef ADEM_HTTP_HEALTH_H
#define ADEM_HTTP_HEALTH_H
#include "http/http.h"

/* GET /healthz: 200 when the database answers, 503 otherwise. Needs no transaction of the router's (ROUTE_NO_DB). */
enum err health_page(struct ctx *c, const struct request *q, struct response *r);
#endif
