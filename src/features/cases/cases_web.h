/* cases_web.h - handlers of cases, and their forms, for the table of routes. */
#ifndef ADEM_CASES_WEB_H
#define ADEM_CASES_WEB_H
#include "http/form.h"
#include "http/http.h"

extern const struct form cases_new_form, cases_note_form, cases_close_form, cases_confirm_form, cases_join_form;

enum err cases_index_page(struct ctx *c, const struct request *q, struct response *r);
enum err cases_new_page(struct ctx *c, const struct request *q, struct response *r);
enum err cases_create(struct ctx *c, const struct request *q, struct response *r);
enum err cases_show_page(struct ctx *c, const struct request *q, struct response *r);
/* The page of this case, whatever the address. */
enum err cases_show(struct ctx *c, const struct request *q, struct response *r, int64_t id);
enum err cases_add_note(struct ctx *c, const struct request *q, struct response *r);
enum err cases_ask_closing(struct ctx *c, const struct request *q, struct response *r);
enum err cases_say_calm(struct ctx *c, const struct request *q, struct response *r);
enum err cases_join_other(struct ctx *c, const struct request *q, struct response *r);
#endif
