/* sqlgen_read.h - what a .sql file says, as data. Between the reader (sqlgen_read.c) and the writer (sqlgen.c). */
#ifndef ADEM_TOOLS_SQLGEN_READ_H
#define ADEM_TOOLS_SQLGEN_READ_H
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	SQLGEN_STATEMENTS_MAX = 128,
	SQLGEN_IN_MAX = 40,
	SQLGEN_OUT_MAX = 48,
	SQLGEN_NAME_MAX = 63,
	SQLGEN_SQL_MAX = 4000,
	/* string literals are not longer */
};

/* In a statement's text a parameter is the byte MARK, then BASE + its number in "in", or one of the two implicit. */
enum { SQLGEN_MARK = 1, SQLGEN_BASE = 128, SQLGEN_REGION = 254, SQLGEN_NOW = 255 };

enum sqlgen_kind { SQLGEN_ONE, SQLGEN_MAYBE, SQLGEN_MANY, SQLGEN_EXEC };
enum sqlgen_type { SQLGEN_INT, SQLGEN_TEXT, SQLGEN_BOOL, SQLGEN_REAL, SQLGEN_BLOB };
enum sqlgen_only { SQLGEN_BOTH, SQLGEN_SQLITE, SQLGEN_POSTGRES };

struct sqlgen_name {
	char text[SQLGEN_NAME_MAX + 1];
};

struct sqlgen_field {
	struct sqlgen_name name;
	enum sqlgen_type type;
	bool null;
};

/* A piece of the file. */
struct sqlgen_span {
	const char *p;
	size_t n;
};

struct sqlgen_statement {
	struct sqlgen_name name;
	enum sqlgen_kind kind;
	enum sqlgen_only only;
	bool write, uses_region, uses_now;
	bool paired; /* the PostgreSQL variant of a statement, whose text the SQLite variant has in other_sql */
	struct sqlgen_field in[SQLGEN_IN_MAX], out[SQLGEN_OUT_MAX];
	size_t in_count, out_count;
	struct sqlgen_span about, scan, limit, any_region; /* p == NULL: not given */
	char *sql, *other_sql; /* malloc'ed; other_sql: what PostgreSQL gets, or NULL: the same */
	size_t line;
};

struct sqlgen_file {
	const char *stem;
	struct sqlgen_statement *all[SQLGEN_STATEMENTS_MAX]; /* malloc'ed */
	size_t count;
	char *error; /* where sqlgen_stop() writes */
	size_t error_max;
	jmp_buf stop;
};

/* Reads TEXT into F, whose stem, error and stop are set. Mistakes leave by longjmp to F->stop. */
void sqlgen_read(struct sqlgen_file *f, const char *text, size_t n);
void sqlgen_forget(struct sqlgen_file *f);
/* Says what is wrong at LINE, and leaves. */
_Noreturn void sqlgen_stop(struct sqlgen_file *f, size_t line, const char *why, const char *what);
/* The word of a type, as written in the file. */
extern const char *const sqlgen_type_words[5];
#endif
