/* json.h - writing JSON into a buffer. Commas and escapes are its work; balance is asserted.
 *
 *	struct json j;
 *	json_init(&j, &out);
 *	json_object(&j);
 *	json_key(&j, "receipt"); json_str(&j, text);
 *	json_end(&j);
 */
#ifndef ADEM_BASE_JSON_H
#define ADEM_BASE_JSON_H
#include "base/buf.h"

/* libjansson, which reads JSON where it comes from outside, has functions of these names; ours are other symbols. A file that
 * includes jansson.h does not include this one. */
#define json_object adem_json_object
#define json_array  adem_json_array
#define json_real   adem_json_real
#define json_null   adem_json_null

enum { JSON_DEPTH_MAX = 16 };

struct json {
	struct buf *out;
	int depth;
	bool after_key;
	struct {
		bool array, filled;
	} level[JSON_DEPTH_MAX];
};

/* Will append to OUT, which the caller owns. */
void json_init(struct json *j, struct buf *out);
void json_object(struct json *j);
void json_array(struct json *j);
/* Ends the innermost object or array. */
void json_end(struct json *j);
/* Name of the next value; objects only. */
void json_key(struct json *j, const char *name);
/* S is UTF-8; bytes that are not come out as U+FFFD. */
void json_str(struct json *j, struct str s);
void json_int(struct json *j, int64_t v);
/* 17 significant digits, so that the same double is read back; not finite: null. */
void json_real(struct json *j, double v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
#endif
