/* po.h - gettext files, as far as Adem uses them: msgid, msgid_plural, msgstr, msgstr[n], comments, the fuzzy flag. */
#ifndef ADEM_TOOLS_PO_H
#define ADEM_TOOLS_PO_H
#include <stdbool.h>
#include <stddef.h>

struct po_entry {
	char *id, *plural, *text, *plural_text; /* malloc'ed; plural and plural_text are NULL without number */
	char *where;                            /* file:line of its use, malloc'ed, or NULL */
	bool fuzzy;
};
struct po {
	struct po_entry *entries;
	size_t count, cap;
	char *header; /* the text of msgid "" */
};
struct po_error {
	size_t line;
	char why[200];
};

/* Reads N bytes. False and *ERROR where it is not such a file. po_free() in both cases. */
bool po_read(struct po *po, const char *source, size_t n, struct po_error *error);
void po_free(struct po *po);
struct po_entry *po_find(const struct po *po, const char *id);
/* Adds an entry with copies of the texts (PLURAL NULL: without number), or returns the one that is there. */
struct po_entry *po_add(struct po *po, const char *id, const char *plural);
/* In the order of ids. */
void po_sort(struct po *po);
/* The same {names} in both. */
bool po_same_names(const char *a, const char *b);
#endif
