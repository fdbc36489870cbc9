/* reports_web.h - handlers of reports and receipts, and their forms, for the table of routes. */
#ifndef ADEM_REPORTS_WEB_H
#define ADEM_REPORTS_WEB_H
#include "http/form.h"
#include "http/http.h"

extern const struct form reports_form, reports_caller_form, reports_answer_form, receipts_form, receipts_say_form,
	receipts_withdraw_form, receipts_confirm_form;

enum err reports_new_page(struct ctx *c, const struct request *q, struct response *r);
enum err reports_proof_page(struct ctx *c, const struct request *q, struct response *r);
enum err reports_send(struct ctx *c, const struct request *q, struct response *r);
enum err reports_sure_page(struct ctx *c, const struct request *q, struct response *r);
enum err reports_caller_sure_page(struct ctx *c, const struct request *q, struct response *r);
/* Desk and officer write down a caller's words: the one form in which who is signed in counts. */
enum err reports_caller_page(struct ctx *c, const struct request *q, struct response *r);
enum err reports_caller_send(struct ctx *c, const struct request *q, struct response *r);
enum err reports_show_page(struct ctx *c, const struct request *q, struct response *r);
enum err reports_answer(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_page(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_thread_page(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_new_page(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_leave(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_open(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_say(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_withdraw(struct ctx *c, const struct request *q, struct response *r);
enum err receipts_confirm(struct ctx *c, const struct request *q, struct response *r);
#endif
