/* htmlgen.h - templates to C. Follows where in the HTML it stands, writes each {{value}} with the one encoding that is right
 * there, and refuses the places that have none. Expressions are C; the compiler checks them at the template's line.
 *
 *	{{include "features/reports/reports.h"}}
 *	{{view reports_list_view(struct html *h, const struct reports_list *v)}} … {{endview}}
 *	{{expr}}  {{if c}} {{else if c}} {{else}} {{end}}  {{for r in v->rows}} {{end}}  {{call other_view(h, x)}}
 *	{{word "Text"}}  {{word "Sent {time} ago", time=v->ago}}  {{plural "{n} report" "{n} reports", count, n=text}}
 *	{{word_of key}}: a key that is known at run time only    {{# a comment}}
 *
 * {{for r in v->rows}} walks v->rows[0 … v->rows_count - 1]; r points to the row, r_i is its index. */
#ifndef ADEM_TOOLS_HTMLGEN_H
#define ADEM_TOOLS_HTMLGEN_H
#include <stdbool.h>
#include <stddef.h>

struct htmlgen_error {
	size_t line;
	char why[200];
};

/* The C for the N bytes of SOURCE, named FILE in #line, in malloc'ed memory with a NUL behind it; NULL and *ERROR when the
 * template is wrong. */
char *htmlgen(const char *file, const char *source, size_t n, struct htmlgen_error *error);
#endif
