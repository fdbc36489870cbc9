/* stmt.h - what generated statement functions are made of. Features see the functions and the row structs; this is
 * for tools/sqlgen's output, for src/db and for the tests of all statements. */
#ifndef ADEM_DB_STMT_H
#define ADEM_DB_STMT_H
#include "base/err.h"

/* Values that may be null. Text and bytes that may be null are a struct str, null when p == NULL. */
struct opt_int {
	bool is;
	int64_t v;
};
struct opt_real {
	bool is;
	double v;
};
struct opt_bool {
	bool is, v;
};

enum db_type { DB_INT = 'i', DB_TEXT = 't', DB_BOOL = 'b', DB_REAL = 'r', DB_BLOB = 'x' };
enum db_stmt_kind { DB_ONE, DB_MAYBE, DB_MANY, DB_EXEC };

enum { DB_IN_MAX = 48, DB_OUT_MAX = 48 };

struct db_value {
	enum db_type type;
	bool null;
	bool missing; /* the region of a request that has none: the statement is refused */
	union {
		int64_t i; /* DB_INT, DB_BOOL */
		double r;
		struct str s; /* DB_TEXT, DB_BLOB; borrowed */
	};
};

/* Where a column goes in the row struct. */
struct db_column {
	const char *name;
	enum db_type type;
	bool null; /* may be */
	size_t at;
};

struct db_stmt_def {
	const char *name;
	enum db_stmt_kind kind;
	bool write;
	const char *sqlite, *postgres; /* parameters are ?1 … and $1 … */
	const char *in;                /* a letter of enum db_type for each parameter */
	const struct db_column *out;
	size_t out_count, row_size;
	const char *scan;       /* why it may read a whole table, or NULL */
	const char *any_region; /* why it is about more than one region, or NULL */
};

/* All statements of one .sql file. */
struct db_stmt_set {
	const char *name;
	const struct db_stmt_def *all;
	size_t count;
};

/* Run a statement with its parameters on C->db, inside a transaction. What comes back lives in C->mem, text with a
 * NUL behind it. db_one: no row is ERR_NOT_FOUND. db_one, db_maybe: a second row is ERR_DB. */
MUST_CHECK enum err db_exec(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in);
MUST_CHECK enum err db_one(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void *row);
MUST_CHECK enum err db_maybe(
	struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void *row, bool *found);
MUST_CHECK enum err db_many(
	struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void **rows, size_t *rows_count);

static inline struct db_value db_int(int64_t v)
{
	return (struct db_value){ .type = DB_INT, .i = v };
}
static inline struct db_value db_bool(bool v)
{
	return (struct db_value){ .type = DB_BOOL, .i = v };
}
static inline struct db_value db_real(double v)
{
	return (struct db_value){ .type = DB_REAL, .r = v };
}
static inline struct db_value db_text(struct str v)
{
	return (struct db_value){ .type = DB_TEXT, .s = v.p ? v : S("") };
}
static inline struct db_value db_blob(struct str v)
{
	return (struct db_value){ .type = DB_BLOB, .s = v.p ? v : S("") };
}
static inline struct db_value db_opt_int(struct opt_int v)
{
	return (struct db_value){ .type = DB_INT, .null = !v.is, .i = v.v };
}
static inline struct db_value db_opt_bool(struct opt_bool v)
{
	return (struct db_value){ .type = DB_BOOL, .null = !v.is, .i = v.v };
}
static inline struct db_value db_opt_real(struct opt_real v)
{
	return (struct db_value){ .type = DB_REAL, .null = !v.is, .r = v.v };
}
static inline struct db_value db_opt_text(struct str v)
{
	return (struct db_value){ .type = DB_TEXT, .null = !v.p, .s = v };
}
static inline struct db_value db_opt_blob(struct str v)
{
	return (struct db_value){ .type = DB_BLOB, .null = !v.p, .s = v };
}
/* The region the request or job is about. Without one the statement is not run, and is ERR_DB. */
static inline struct db_value db_region(const struct ctx *c)
{
	struct db_value v = db_text(c->region);
	v.missing = c->region.n == 0;
	return v;
}
/* For callers of generated functions, where 0 stands for a number that is not there. */
static inline int64_t or_zero(struct opt_int v)
{
	return v.is ? v.v : 0;
}
static inline struct opt_int some(int64_t v)
{
	return (struct opt_int){ v != 0, v };
}
/* A number that is there. */
static inline struct opt_int opt_int(int64_t v)
{
	return (struct opt_int){ true, v };
}
#endif
