/* What both databases have in common: the rules of transactions, rows to structs, the injected fault. */
#include "db/backend.h"
#include "db/memo.h"

int db_fault_countdown = -1;

enum { TRIES_MAX = 3, ROWS_MAX = 1000000 };

static bool fault_is_due(void)
{
	if (db_fault_countdown < 0)
		return false;
	return db_fault_countdown-- == 0;
}

enum err db_connect(struct ctx *c, struct str where, struct db **out)
{
	*out = NULL;
	if (str_starts(where, S("sqlite:")))
		return db_sqlite_connect(c, (struct str){ where.p + 7, where.n - 7 }, out);
	if (str_starts(where, S("postgresql://")) || str_starts(where, S("postgres://")))
		return db_postgres_connect(c, where, out);
	return FAIL(c, ERR_INPUT, "a database is \"sqlite:FILE\" or \"postgresql://…\"");
}

void db_files(struct arena *mem, struct str where, const char **files, size_t max)
{
	if (max > 0)
		files[0] = NULL;
	if (!str_starts(where, S("sqlite:")))
		db_postgres_files(mem, where, files, max);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	if (db->in_transaction)
		db->backend->rollback(db);
	db->backend->close(db);
}

enum db_kind db_kind(const struct db *db)
{
	return db->backend->kind;
}

enum err db_tidy(struct ctx *c, bool *done)
{
	assert(!c->db->in_transaction);
	*done = true;
	return c->db->backend->tidy ? c->db->backend->tidy(c, done) : OK;
}

bool db_reserve_fits(const struct db *db, int64_t bytes, int64_t *left)
{
	*left = INT64_MAX;
	return !db->backend->reserve_fits || db->backend->reserve_fits(db, bytes, left);
}

void db_keep_reserve(struct db *db, int64_t bytes)
{
	if (db->backend->keep_reserve)
		db->backend->keep_reserve(db, bytes);
}

enum db_room db_room(const struct db *db)
{
	return db->backend->room ? db->backend->room(db) : DB_ROOM_PLENTY;
}

void db_patient(struct db *db)
{
	assert(!db->in_transaction);
	if (db->backend->patient)
		db->backend->patient(db);
}

void db_be_brief(struct db *db)
{
	assert(!db->in_transaction);
	if (db->backend->be_brief)
		db->backend->be_brief(db);
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

bool db_retryable(const struct db *db)
{
	return db->retryable;
}

bool db_held(const struct db *db)
{
	return db->held;
}

int64_t db_statement_count(const struct db *db)
{
	return db->statements;
}

enum err db_begin(struct ctx *c, bool write)
{
	struct db *db = c->db;
	assert(db && !db->in_transaction);
	db->retryable = db->held = db->failed = db->notify = false;
	TRY(db->backend->begin(c, write));
	db->in_transaction = true;
	db->write = write;
	return OK;
}

enum err db_commit(struct ctx *c)
{
	struct db *db = c->db;
	assert(db && db->in_transaction);
	if (db->failed || fault_is_due()) {
		bool injected = !db->failed;
		db_rollback(c);
		return FAIL(c, ERR_DB, injected ? "commit: injected fault" : "commit: a statement had failed");
	}
	bool lost = false;
	enum err e = db->backend->commit(c, &lost);
	db->in_transaction = false;
	if (e != OK) {
		db->retryable = db->retryable && !lost;
		return e;
	}
	db->notified = db->notified || (db->notify && db->backend->kind == DB_SQLITE);
	return OK;
}

void db_rollback(struct ctx *c)
{
	struct db *db = c->db;
	if (!db->in_transaction)
		return;
	db->backend->rollback(db);
	db->in_transaction = false;
}

enum err db_within(struct ctx *c, bool write, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
	enum err e = OK;
	for (int tries = 0; tries < TRIES_MAX; tries++) {
		e = db_begin(c, write);
		if (e == OK)
			e = fn(c, arg);
		if (e == OK)
			e = db_commit(c);
		else
			db_rollback(c);
		if (e == OK || !db_retryable(c->db))
			break;
	}
	return e;
}

/* From what is remembered, or from the database. */
static enum err answer(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to)
{
	struct memo *memo = c->db->write ? NULL : c->db->memo;
	if (memo && memo_get(memo, def, in, to))
		return OK;
	TRY(c->db->backend->run(c, def, in, to));
	if (memo)
		memo_keep(memo, def, in, to);
	return OK;
}

static bool lacks_region(const struct db_stmt_def *def, const struct db_value *in)
{
	for (size_t i = 0; def->in[i]; i++)
		if (in[i].missing)
			return true;
	return false;
}

static enum err run(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to)
{
	struct db *db = c->db;
	assert(db && db->in_transaction);
	if (db->failed)
		return FAIL(c, ERR_DB, "%s: the transaction has failed before", def->name);
	if (def->write && !db->write)
		return FAIL(c, ERR_DB, "%s: writes, but the transaction only reads", def->name);
	db->statements++;
	db->retryable = false;
	enum err e = fault_is_due()          ? FAIL(c, ERR_DB, "%s: injected fault", def->name)
		     : lacks_region(def, in) ? FAIL(c, ERR_DB, "%s: there is no region", def->name)
					     : answer(c, def, in, to);
	db->failed = e != OK;
	return e;
}

static void put_value(const struct db_column *col, const struct db_value *v, char *row, struct arena *mem)
{
	void *at = row + col->at;
	switch (col->type) {
	case DB_INT:
		if (col->null)
			*(struct opt_int *)at = (struct opt_int){ !v->null, v->null ? 0 : v->i };
		else
			*(int64_t *)at = v->i;
		break;
	case DB_BOOL:
		if (col->null)
			*(struct opt_bool *)at = (struct opt_bool){ !v->null, !v->null && v->i };
		else
			*(bool *)at = v->i != 0;
		break;
	case DB_REAL:
		if (col->null)
			*(struct opt_real *)at = (struct opt_real){ !v->null, v->null ? 0 : v->r };
		else
			*(double *)at = v->r;
		break;
	case DB_TEXT:
	case DB_BLOB: *(struct str *)at = v->null ? (struct str){ NULL, 0 } : arena_str(mem, v->s); break;
	}
}

enum err db_rows_add(struct db_rows *to, const struct db_value *values)
{
	const struct db_stmt_def *def = to->def;
	if (to->count == ROWS_MAX)
		return FAIL(to->c, ERR_DB, "%s: more than %d rows", def->name, ROWS_MAX);
	to->rows = arena_grow(to->c->mem, to->rows, to->count, &to->cap, to->count + 1, def->row_size);
	char *row = (char *)to->rows + to->count++ * def->row_size;
	for (size_t i = 0; i < def->out_count; i++) {
		const struct db_column *col = &def->out[i];
		assert(values[i].type == col->type);
		if (values[i].null && !col->null)
			return FAIL(to->c, ERR_DB, "%s: %s is null", def->name, col->name);
		put_value(col, &values[i], row, to->c->mem);
	}
	return OK;
}

enum err db_exec(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in)
{
	struct db_rows none = { .c = c, .def = def };
	return run(c, def, in, &none);
}

enum err db_maybe(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void *row, bool *found)
{
	/* The first row goes straight to ROW; a second one would move the array elsewhere. */
	struct db_rows to = { .c = c, .def = def, .rows = row, .cap = 1 };
	memset(row, 0, def->row_size);
	*found = false;
	TRY(run(c, def, in, &to));
	if (to.count > 1) {
		c->db->failed = true;
		return FAIL(c, ERR_DB, "%s: more than one row", def->name);
	}
	*found = to.count == 1;
	return OK;
}

enum err db_one(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void *row)
{
	bool found = false;
	TRY(db_maybe(c, def, in, row, &found));
	return found ? OK : FAIL(c, ERR_NOT_FOUND, "%s: no such row", def->name);
}

enum err db_many(
	struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, void **rows, size_t *rows_count)
{
	struct db_rows to = { .c = c, .def = def };
	*rows = NULL;
	*rows_count = 0;
	TRY(run(c, def, in, &to));
	*rows = to.rows;
	*rows_count = to.count;
	return OK;
}

enum err db_notify(struct ctx *c)
{
	struct db *db = c->db;
	assert(db->in_transaction && db->write);
	if (db->notify)
		return OK;
	if (db->failed)
		return FAIL(c, ERR_DB, "notify: the transaction has failed before");
	enum err e = db->backend->notify(c);
	db->failed = e != OK;
	db->notify = e == OK;
	return e;
}

bool db_take_notified(struct db *db)
{
	bool was = db->notified;
	db->notified = false;
	return was;
}

enum err db_listen(struct ctx *c)
{
	assert(!c->db->in_transaction);
	return c->db->backend->listen(c);
}

int db_wake_fd(const struct db *db)
{
	return db->backend->wake_fd(db);
}

bool db_wake_drain(struct ctx *c)
{
	assert(!c->db->in_transaction);
	return c->db->backend->wake_drain(c);
}

bool db_called(const struct db *db, struct str region)
{
	bool called = db->calls.all || db->backend->kind == DB_SQLITE;
	for (size_t i = 0; i < db->calls.count && !called; i++)
		called = str_is(region, db->calls.region[i]);
	return called;
}

void db_forget_calls(struct db *db)
{
	db->calls = (struct db_calls){ 0 };
}

void db_settle(struct db *db)
{
	assert(!db->in_transaction);
	db->backend->settle(db);
}

enum err db_check(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	assert(!c->db->in_transaction);
	return c->db->backend->check(c, thorough, found, progress, arg);
}

enum err db_raw(struct ctx *c, struct str sql, struct db_table *out)
{
	struct db_table unwanted;
	if (!out)
		out = &unwanted;
	*out = (struct db_table){ 0 };
	if (c->db->memo)
		memo_forget(c->db->memo); /* it may change anything */
	enum err e = c->db->backend->raw(c, sql, out);
	c->db->failed = c->db->failed || e != OK;
	return e;
}

struct str *db_table_add(struct ctx *c, struct db_table *out, size_t columns)
{
	assert(out->rows == 0 || out->columns == columns);
	size_t used = out->rows * columns;
	out->columns = columns;
	out->cell = arena_grow(c->mem, out->cell, used, &out->cap, used + columns, sizeof *out->cell);
	out->rows++;
	return out->cell + used;
}
