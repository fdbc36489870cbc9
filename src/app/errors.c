/* The page of an error, for every address. */
#include "app/program.h"
#include "features/frame/frame_views.h"

void error_page(struct ctx *c, const struct request *q, struct response *r, enum err e)
{
	const char *title = e == ERR_NOT_FOUND ? N_("Not found")
			    : e == ERR_SETUP   ? N_("Adem is not ready here yet")
					       : N_("That did not work");
	struct frame_error_page v = { .title = words_get(c->lang, title),
		.text = router_message(c, e),
		.set_up = e == ERR_SETUP,
		.try_again = e == ERR_BUSY || e == ERR_DB || e == ERR_IO };
	if (v.try_again || v.set_up)
		v.kept_count = form_kept(c, q, &v.kept);
	frame_begin(c, q, r, &(struct frame){ .title = v.title });
	frame_error_page_view(&r->body, &v);
	frame_end(c, r);
}
