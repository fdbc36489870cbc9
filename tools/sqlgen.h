/* sqlgen.h - the statement generator as a function: text of a .sql file in, text of a header and a source out.
 * The language is described in CONTRIBUTING.md. The program around it is sqlgen_main.c. */
#ifndef ADEM_TOOLS_SQLGEN_H
#define ADEM_TOOLS_SQLGEN_H
#include <stdbool.h>
#include <stddef.h>

struct sqlgen_result {
	char *header, *source; /* malloc'ed, NUL-terminated; NULL after an error */
	char error[300];       /* "NAME.sql:LINE: reason", or empty */
};

/* Translates the N bytes of TEXT, the file STEM.sql. False: the file has a mistake, and OUT->error names it. The
 * caller gives *OUT back with sqlgen_free() either way. */
bool sqlgen(const char *stem, const char *text, size_t n, struct sqlgen_result *out);
void sqlgen_free(struct sqlgen_result *out);
#endif
