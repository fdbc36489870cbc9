#include "db/postgres_wire.h"
#include <endian.h>

/* Type numbers of pg_type, which never change. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
};

Oid wire_oid(enum db_type type)
{
	switch (type) {
	case DB_INT: return OID_INT8;
	case DB_TEXT: return OID_TEXT;
	case DB_BOOL: return OID_BOOL;
	case DB_REAL: return OID_FLOAT8;
	case DB_BLOB: return OID_BYTEA;
	}
	return 0;
}

static void set_param(struct wire_params *p, int i, const struct db_value *v)
{
	p->formats[i] = 1;
	p->values[i] = (const char *)&p->room[i];
	p->lengths[i] = sizeof p->room[i].n;
	if (v->null) {
		p->values[i] = NULL;
	} else if (v->type == DB_INT) {
		p->room[i].n = htobe64((uint64_t)v->i);
	} else if (v->type == DB_REAL) {
		uint64_t bits;
		memcpy(&bits, &v->r, sizeof bits);
		p->room[i].n = htobe64(bits);
	} else if (v->type == DB_BOOL) {
		p->room[i].b = v->i ? 1 : 0;
		p->lengths[i] = 1;
	} else {
		assert(v->s.n <= INT32_MAX);
		p->values[i] = v->s.p;
		p->lengths[i] = (int)v->s.n;
	}
}

int wire_params(struct wire_params *p, const struct db_stmt_def *def, const struct db_value *in)
{
	int n = (int)strlen(def->in);
	assert(n <= DB_IN_MAX);
	for (int i = 0; i < n; i++) {
		assert(in[i].type == (enum db_type)def->in[i]);
		set_param(p, i, &in[i]);
	}
	return n;
}

bool wire_fits(Oid oid, enum db_type type)
{
	if (type == DB_INT)
		return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2;
	return oid == wire_oid(type);
}

static int64_t read_int(const char *p, int n)
{
	uint64_t v = 0;
	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return n == 2 ? (int16_t)v : n == 4 ? (int32_t)v : (int64_t)v;
}

struct db_value wire_column(const PGresult *r, int row, int i, enum db_type type)
{
	struct db_value v = { .type = type, .null = PQgetisnull(r, row, i) };
	const char *p = PQgetvalue(r, row, i);
	int n = PQgetlength(r, row, i);
	if (v.null)
		return v;
	if (type == DB_TEXT || type == DB_BLOB) {
		v.s = (struct str){ p, (size_t)n };
	} else if (type == DB_BOOL) {
		v.i = p[0] != 0;
	} else if (type == DB_INT) {
		v.i = read_int(p, n);
	} else {
		int64_t bits = read_int(p, n);
		memcpy(&v.r, &bits, sizeof v.r);
	}
	return v;
}
