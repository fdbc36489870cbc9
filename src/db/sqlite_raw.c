#include "db/sqlite_raw.h"
#include "db/backend.h"

const char *sqlite_said(struct ctx *c, sqlite3 *h)
{
	const char *file = sqlite3_db_filename(h, "main");
	switch (sqlite3_errcode(h) & 0xFF) {
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_NOTADB: return arena_printf(c->mem, "%s: %s", file ? file : "?", sqlite3_errmsg(h)).p;
	default: return sqlite3_errmsg(h);
	}
}

static struct str cell(struct ctx *c, sqlite3_stmt *st, int i)
{
	int type = sqlite3_column_type(st, i);
	if (type == SQLITE_NULL)
		return (struct str){ NULL, 0 };
	const unsigned char *p = type == SQLITE_BLOB ? sqlite3_column_blob(st, i) : sqlite3_column_text(st, i);
	size_t n = (size_t)sqlite3_column_bytes(st, i);
	if (type != SQLITE_BLOB)
		return arena_str(c->mem, (struct str){ (const char *)p, n });
	char *hex = arena_alloc(c->mem, 2 * n + 3, 1);
	hex[0] = '\\';
	hex[1] = 'x';
	for (size_t k = 0; k < n; k++)
		snprintf(hex + 2 + 2 * k, 3, "%02x", p[k]);
	return (struct str){ hex, 2 * n + 2 };
}

static enum err step_all(struct ctx *c, sqlite3 *h, sqlite3_stmt *st, struct db_table *out)
{
	int columns = sqlite3_column_count(st), rc;
	if (columns)
		*out = (struct db_table){ .columns = (size_t)columns };
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct str *row = db_table_add(c, out, (size_t)columns);
		for (int i = 0; i < columns; i++)
			row[i] = cell(c, st, i);
	}
	if (rc == SQLITE_DONE)
		return OK;
	enum err e = (rc & 0xFF) == SQLITE_BUSY ? ERR_BUSY : (rc & 0xFF) == SQLITE_CONSTRAINT ? ERR_CONFLICT : ERR_DB;
	return FAIL(c, e, "raw statement: %s", sqlite_said(c, h));
}

enum err sqlite_raw(struct ctx *c, sqlite3 *h, struct str sql, struct db_table *out)
{
	struct str text = arena_str(c->mem, sql);
	const char *at = text.p;
	enum err e = OK;
	while (e == OK && *at) {
		sqlite3_stmt *st = NULL;
		if (sqlite3_prepare_v2(h, at, -1, &st, &at) != SQLITE_OK)
			return FAIL(c, ERR_DB, "raw statement: %s", sqlite_said(c, h));
		if (st)
			e = step_all(c, h, st, out);
		sqlite3_finalize(st);
	}
	return e;
}
