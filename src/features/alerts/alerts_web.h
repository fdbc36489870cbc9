/* alerts_web.h - handlers of alerts, and their forms, for the table of routes. */
#ifndef ADEM_ALERTS_WEB_H
#define ADEM_ALERTS_WEB_H
#include "http/form.h"
#include "http/http.h"

extern const struct form alerts_answer_form, alerts_undo_form, alerts_rung_form;

enum err alerts_give_answer(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_take_back(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_rungs_page(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_rung_add(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_rung_end(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_times_page(struct ctx *c, const struct request *q, struct response *r);
#endif
