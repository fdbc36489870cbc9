/* htmlgen_place.h - where in the HTML a template stands, character by character. Knows the part of HTML that people write on
 * purpose and refuses the rest, so that a browser never reads the page differently: '<' begins a tag and nothing else, names
 * are plain, values are in double quotes, scripts and styles are files. */
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
	PLACE_RAW,          /* in script or style: only space */
	PLACE_RCDATA,       /* in textarea or title: text, but no tags */
};

/* How far an address in an attribute has got. A value that comes too early could choose the scheme or the host. */
enum address {
	ADDRESS_EMPTY,
	ADDRESS_BEGUN, /* literal characters that are no whole beginning yet: "htt" */
	ADDRESS_SLASH, /* "/", perhaps with values, which may be empty, behind it: another slash would name a host */
	ADDRESS_HOST,  /* "https://" and literal characters of the host */
	ADDRESS_WHOLE, /* one struct safe_url */
	ADDRESS_GOOD,  /* nothing behind it can change where it leads */
	ADDRESS_MIXED, /* different arms of an {{if}} left it differently: it must end here */
};

enum encoding { ENCODE_TEXT, ENCODE_ATTR, ENCODE_URL, ENCODE_PATH };

struct html_place {
	enum place place;
	char tag[24], attr[32], end[24]; /* end: the tag whose end ends RAW or RCDATA */
	char method[8];                  /* of a form */
	size_t method_n;
	size_t tag_n, attr_n;
	enum address address;
	char start[16]; /* the literal characters of ADDRESS_BEGUN */
	size_t start_n;
	int pre;          /* inside how many pre elements */
	bool needs_space; /* only a space or the tag's end may follow */
};

/* Moves over one literal character; NEXT are the characters behind it, LEFT of them. What is wrong, or NULL. */
const char *place_step(struct html_place *p, char c, const char *next, size_t left);
/* A value stands here: *HOW says how it is written. What is wrong, or NULL. */
const char *place_value(struct html_place *p, enum encoding *how);
/* A text of words.h stands here. What is wrong, or NULL. */
const char *place_word(const struct html_place *p);
/* A block begins or ends here: inside a tag a name that was being written is whole. What is wrong, or NULL. */
const char *place_cut(struct html_place *p);
/* The tag that ends here begins a form that is sent. */
bool place_in_form_tag(const struct html_place *p);
/* White space counts here. */
bool place_keeps_space(const struct html_place *p);
/* Two places are the same as far as what follows is concerned, addresses aside. */
bool place_same(const struct html_place *a, const struct html_place *b);
/* The address behind two arms. */
enum address address_join(enum address a, enum address b);
#endif
