/* htmlgen_place.h - where in the HTML a template stands, character by character. */
#ifndef ADEM_TOOLS_HTMLGEN_PLACE_H
#define ADEM_TOOLS_HTMLGEN_PLACE_H
#include <stdbool.h>
#include <stddef.h>

enum place {
	PLACE_TEXT, /* between tags */
	PLACE_TAG_NAME,
	PLACE_IN_TAG, /* after a name or value: attributes may come */
	PLACE_ATTR_NAME,
	PLACE_BEFORE_VALUE, /* after the = */
	PLACE_VALUE,        /* in a quoted attribute value */
	PLACE_RAW,          /* in script or style */
	PLACE_RCDATA,       /* in textarea or title: text, but no tags */
	PLACE_COMMENT,
};

struct html_place {
	enum place place;
	char tag[24], attr[32], end[24]; /* end: the tag whose end ends RAW or RCDATA */
	size_t tag_n, attr_n;
	char value[16];   /* the value's first literal characters */
	size_t value_n;   /* characters and values in it so far */
	bool has_values;  /* a {{value}} stands in it */
	int pre;          /* inside how many pre elements */
	bool needs_space; /* a name was cut off by a block: only a space or the tag's end may follow */
};

/* Moves over one literal character; NEXT are the characters behind it, LEFT of them. What is wrong, or NULL. */
const char *place_step(struct html_place *p, char c, const char *next, size_t left);
/* A block begins or ends here: inside a tag a name that was being written is whole. */
void place_cut(struct html_place *p);
/* The attribute is an address. */
bool place_is_url(const struct html_place *p);
/* Values are never allowed in this attribute. */
bool place_is_code(const struct html_place *p);
/* White space counts here. */
bool place_keeps_space(const struct html_place *p);
/* Two places are the same as far as what follows is concerned. */
bool place_same(const struct html_place *a, const struct html_place *b);
/* What is wrong with a literal beginning of an address, or NULL. */
const char *place_check_url_start(const struct html_place *p);
#endif
