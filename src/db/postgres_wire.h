/* postgres_wire.h - within src/db: values in the binary form that PostgreSQL sends and takes. */
#ifndef ADEM_DB_POSTGRES_WIRE_H
#define ADEM_DB_POSTGRES_WIRE_H
#include "db/stmt.h"
#include <libpq-fe.h>

/* Parameters as libpq wants them; they borrow the values. */
struct wire_params {
	const char *values[DB_IN_MAX];
	int lengths[DB_IN_MAX], formats[DB_IN_MAX];
	union {
		uint64_t n; /* big endian */
		char b;
	} room[DB_IN_MAX];
};

/* The type's number in pg_type. */
Oid wire_oid(enum db_type type);
/* Fills P with the parameters of DEF; returns how many there are. */
int wire_params(struct wire_params *p, const struct db_stmt_def *def, const struct db_value *in);
/* Whether a column of type OID can be read as TYPE. */
bool wire_fits(Oid oid, enum db_type type);
/* Column I of a row of R, borrowed from it. */
struct db_value wire_column(const PGresult *r, int row, int i, enum db_type type);
#endif
