/* words_scan.h - which texts C sources and templates use: the literals in N_("…"), REFUSE(c, ERR_X, "…"),
 * form_refuse(c, q, "name", "…"), words_get(lang, "…"), words_format(mem, lang, "…", …), words_plural(lang, "…", "…", …), and in
 * {{word "…"}} and {{plural "…" "…", …}}. In C, literals side by side are one text. */
#ifndef ADEM_TOOLS_WORDS_SCAN_H
#define ADEM_TOOLS_WORDS_SCAN_H
#include "po.h"

/* Adds to USED the texts of TEXT, which is NUL-terminated, each with the place where it was first met: FILE (templates end
 * in .html) and line. False and *ERROR for a literal that is too long or has an escape other than \n, \t, \" and \\. */
bool words_scan(struct po *used, const char *file, const char *text, struct po_error *error);
#endif
