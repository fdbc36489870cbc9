/* frame_views.h - what the templates of the frame are given. */
#ifndef ADEM_FRAME_VIEWS_H
#define ADEM_FRAME_VIEWS_H
#include "features/frame/frame.h"
#include "http/form.h"

struct frame_item {
	struct safe_url url;
	const char *key;
	bool current;
};
struct frame_view {
	struct str title, lang_code, csrf, name;
	struct safe_url style, icon, manifest, script, proof_script, clock_script, typed_script, count_script;
	struct frame_item *items;
	size_t items_count;
	bool has_script, proof, signed_in, news, demo;
	bool counts; /* a form takes text: what is left of its limits is said */
	int64_t reload_s;
	/* the way to the other language; with what stands in the one form that takes text, or in several */
	bool other, typed, several;
	struct safe_url here;
	unsigned typed_form;
	struct str typed_to; /* as it stands in the attribute */
};
struct frame_errors_view {
	struct frame_error {
		struct str name, text;
		const char *label;
	} * rows;
	size_t rows_count;
};
struct frame_error_page {
	struct str title, text, csrf;
	bool try_again, set_up, keeps; /* set_up: it says what the operator has to do */
	struct safe_url action;        /* of the form */
	struct frame_field *fields;    /* what was typed, to be changed and sent again */
	size_t fields_count;
	const struct form_value *kept; /* the rest of the form */
	size_t kept_count;
};
struct frame_qr_view {
	int64_t size;
	struct str path, label;
};

void frame_top_view(struct html *h, const struct frame_view *v);
void frame_bottom_view(struct html *h, const struct frame_view *v);
void frame_errors_view(struct html *h, const struct frame_errors_view *v);
void frame_refusal_view(struct html *h, struct str text);
void frame_error_page_view(struct html *h, const struct frame_error_page *v);
void frame_qr_view(struct html *h, const struct frame_qr_view *v);
#endif
