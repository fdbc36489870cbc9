/* SQLite: one file in WAL mode, every commit on disk before it is reported. */
#include "db/backend.h"
#include "db/lock.h"
#include "db/memo.h"
#include "db/prepared.h"
#include "db/reserve.h"
#include "db/sqlite_check.h"
#include "db/sqlite_raw.h"
#include "db/stamp.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WRITE_WAIT_MS = 10000,
	MIGRATE_WAIT_MS = 60000,
	TIDY_WAIT_MS = 200,
	BUSY_MS = 5000, /* only a safety net: writers queue on the lock */
};

enum { CONTROL_BEGIN, CONTROL_BEGIN_WRITE, CONTROL_COMMIT, CONTROL_ROLLBACK, CONTROL_COUNT };

static const char version_sql[] = "PRAGMA data_version";
static const char *const control_sql[CONTROL_COUNT] = { "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK" };

struct sqlite {
	struct db db; /* first */
	sqlite3 *h;
	int lock;
	bool migrating; /* the lock is kept, the schema may change */
	bool checking;  /* pages are read for damage */
	struct prepared prepared;
	sqlite3_stmt *control[CONTROL_COUNT], *version;
	char *file, *reserve; /* malloc'ed */
	struct stamp_files files;
};

static struct sqlite *of(struct db *db)
{
	assert(db && db->backend->kind == DB_SQLITE);
	return (struct sqlite *)db;
}

static enum err code_of(int extended)
{
	switch (extended) {
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_FOREIGNKEY:
	case SQLITE_CONSTRAINT_CHECK:
	case SQLITE_CONSTRAINT_TRIGGER: return ERR_CONFLICT;
	}
	switch (extended & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR: /* and what follows: it is there, and cannot be used as it is */
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY: return ERR_BUSY;
	}
	return ERR_DB;
}

/* The disk was full: whether it is worth while to try again, now that the reserve is given back. */
static bool found_room(struct sqlite *s, int rc)
{
	int primary = rc & 0xFF;
	bool full = primary == SQLITE_FULL || (primary == SQLITE_IOERR && sqlite3_system_errno(s->h) == ENOSPC);
	return full && (reserve_release(s->reserve) || reserve_room(s->reserve) == DB_ROOM_TIGHT);
}

static enum err fail(struct ctx *c, const char *what)
{
	struct sqlite *s = of(c->db);
	int rc = sqlite3_extended_errcode(s->h);
	s->db.retryable = rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID ||
			  rc == SQLITE_BUSY_SNAPSHOT || found_room(s, rc);
	return FAIL(c, code_of(rc), "%s: %s", what, sqlite_said(c, s->h));
}

static enum err control(struct ctx *c, int which)
{
	sqlite3_stmt *st = of(c->db)->control[which];
	int rc = sqlite3_step(st);
	enum err e = rc == SQLITE_DONE ? OK : fail(c, control_sql[which]);
	sqlite3_reset(st);
	return e;
}

/* What the verdict V on the files means; HOLDS: the write lock is held. While only the log has lost its name it can still
 * be moved into the database, and nothing that was acknowledged is lost. */
static enum err check_verdict(struct ctx *c, enum stamp_verdict v, bool holds)
{
	struct sqlite *s = of(c->db);
	if (v == STAMP_OURS)
		return OK;
	if (v == STAMP_LOG_GONE && (holds || lock_take(s->lock, TIDY_WAIT_MS))) {
		sqlite3_wal_checkpoint_v2(s->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		stamp_note_rescue(&s->files);
		if (!holds)
			lock_release(s->lock);
	}
	return FAIL(c, ERR_BUSY, "%s: %s", s->file, stamp_words(v));
}

static enum err check_files(struct ctx *c, bool holds)
{
	return check_verdict(c, stamp_look(&of(c->db)->files, holds), holds);
}

/* Begins to read, and sees whether anybody else has written since. (The number only counts what others wrote.) */
static enum err begin_read(struct ctx *c)
{
	struct sqlite *s = of(c->db);
	TRY(check_files(c, s->migrating));
	TRY(control(c, CONTROL_BEGIN));
	if (sqlite3_step(s->version) == SQLITE_ROW)
		memo_see(s->db.memo, sqlite3_column_int64(s->version, 0));
	else
		memo_forget(s->db.memo); /* the first statement will say what is wrong */
	sqlite3_reset(s->version);
	return OK;
}

static enum err begin(struct ctx *c, bool write)
{
	struct sqlite *s = of(c->db);
	if (!write)
		return begin_read(c);
	if (!s->migrating && !lock_take(s->lock, WRITE_WAIT_MS))
		return FAIL(c, ERR_BUSY, "the write lock was not free within %d ms", WRITE_WAIT_MS);
	enum err e = check_files(c, true);
	if (e == OK)
		e = control(c, CONTROL_BEGIN_WRITE);
	if (e != OK && !s->migrating)
		lock_release(s->lock);
	return e;
}

static void end_write(struct sqlite *s)
{
	if (!s->db.write)
		return;
	memo_forget(s->db.memo);
	stamp_note(&s->files);
	if (!s->migrating)
		lock_release(s->lock);
}

static void rollback(struct db *db)
{
	struct sqlite *s = of(db);
	if (!sqlite3_get_autocommit(s->h)) { /* some errors have rolled back already */
		sqlite3_step(s->control[CONTROL_ROLLBACK]);
		sqlite3_reset(s->control[CONTROL_ROLLBACK]);
	}
	assert(sqlite3_get_autocommit(s->h));
	end_write(s);
}

static enum err commit(struct ctx *c, bool *lost)
{
	*lost = false;
	enum err e = control(c, CONTROL_COMMIT);
	if (e != OK)
		rollback(c->db);
	else
		end_write(of(c->db));
	return e;
}

static void bind_all(sqlite3_stmt *st, const struct db_stmt_def *def, const struct db_value *in)
{
	int rc = SQLITE_OK;
	for (int i = 0; def->in[i]; i++) {
		const struct db_value *v = &in[i];
		assert(v->type == (enum db_type)def->in[i]);
		if (v->null)
			rc |= sqlite3_bind_null(st, i + 1);
		else if (v->type == DB_REAL)
			rc |= sqlite3_bind_double(st, i + 1, v->r);
		else if (v->type == DB_TEXT)
			rc |= sqlite3_bind_text64(st, i + 1, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
		else if (v->type == DB_BLOB)
			rc |= sqlite3_bind_blob64(st, i + 1, v->s.p, v->s.n, SQLITE_STATIC);
		else
			rc |= sqlite3_bind_int64(st, i + 1, v->i);
	}
	assert(rc == SQLITE_OK); /* the statement and its declaration disagree, or a value is over 1 GB */
	(void)rc;
}

static struct db_value column(sqlite3_stmt *st, int i, enum db_type type)
{
	struct db_value v = { .type = type, .null = sqlite3_column_type(st, i) == SQLITE_NULL };
	if (v.null)
		return v;
	switch (type) {
	case DB_INT: v.i = sqlite3_column_int64(st, i); break;
	case DB_BOOL: v.i = sqlite3_column_int64(st, i) != 0; break;
	case DB_REAL: v.r = sqlite3_column_double(st, i); break;
	case DB_TEXT:
		v.s.p = (const char *)sqlite3_column_text(st, i);
		v.s.n = (size_t)sqlite3_column_bytes(st, i);
		break;
	case DB_BLOB:
		v.s.p = sqlite3_column_blob(st, i);
		v.s.n = (size_t)sqlite3_column_bytes(st, i);
		break;
	}
	return v;
}

static enum err fetch(struct ctx *c, sqlite3_stmt *st, struct db_rows *to)
{
	struct db_value values[DB_OUT_MAX];
	const struct db_stmt_def *def = to->def;
	int rc;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		for (size_t i = 0; i < def->out_count; i++)
			values[i] = column(st, (int)i, def->out[i].type);
		if (def->out_count)
			TRY(db_rows_add(to, values));
	}
	return rc == SQLITE_DONE ? OK : fail(c, def->name);
}

static enum err prepare(struct ctx *c, const struct db_stmt_def *def, sqlite3_stmt **st)
{
	struct sqlite *s = of(c->db);
	*st = prepared_get(&s->prepared, def);
	if (*st)
		return OK;
	if (sqlite3_prepare_v3(s->h, def->sqlite, -1, SQLITE_PREPARE_PERSISTENT, st, NULL) != SQLITE_OK)
		return fail(c, def->name);
	assert(sqlite3_bind_parameter_count(*st) == (int)strlen(def->in));
	assert(def->kind == DB_EXEC || sqlite3_column_count(*st) == (int)def->out_count);
	prepared_put(&s->prepared, def, *st);
	return OK;
}

static enum err run(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to)
{
	sqlite3_stmt *st = NULL;
	TRY(prepare(c, def, &st));
	if (!c->db->write && !sqlite3_stmt_readonly(st))
		return FAIL(c, ERR_DB, "%s: writes, but the transaction only reads", def->name);
	bind_all(st, def, in);
	enum err e = fetch(c, st, to);
	sqlite3_reset(st); /* a statement that is not reset blocks the commit */
	sqlite3_clear_bindings(st);
	return e;
}

static enum err notify(struct ctx *c)
{
	(void)c; /* db.c remembers it, the server wakes its siblings */
	return OK;
}

static int wake_fd(const struct db *db)
{
	(void)db;
	return -1;
}

static bool wake_drain(struct ctx *c)
{
	(void)c;
	return false;
}

static void settle(struct db *db)
{
	(void)db; /* every call has ended when it returns */
}

static enum err raw(struct ctx *c, struct str sql, struct db_table *out)
{
	return sqlite_raw(c, of(c->db)->h, sql, out);
}

static enum err check(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	struct sqlite *s = of(c->db);
	s->checking = true;
	enum err e = sqlite_check(c, s->h, thorough, found, progress, arg);
	s->checking = false;
	return e;
}

/* Writers are kept out by our lock; who reads is waited for only shortly, since alerts wait meanwhile. */
static enum err tidy(struct ctx *c, bool *done)
{
	struct sqlite *s = of(c->db);
	int in_log = 0;
	*done = false;
	if (!lock_take(s->lock, TIDY_WAIT_MS))
		return OK;
	enum err e = check_files(c, true);
	if (e == OK) {
		sqlite3_busy_timeout(s->h, TIDY_WAIT_MS);
		int rc = sqlite3_wal_checkpoint_v2(s->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_log, NULL);
		sqlite3_busy_timeout(s->h, BUSY_MS);
		e = rc == SQLITE_OK || rc == SQLITE_BUSY ? OK : fail(c, "checkpoint");
		*done = rc == SQLITE_OK;
		stamp_note(&s->files);
	}
	lock_release(s->lock);
	return e;
}

static void keep_reserve(struct db *db, int64_t bytes)
{
	reserve_keep(of(db)->reserve, bytes);
}

static bool fits_reserve(const struct db *db, int64_t bytes, int64_t *left)
{
	return reserve_fits(((const struct sqlite *)db)->reserve, bytes, left);
}

static enum db_room room(const struct db *db)
{
	return reserve_room(((const struct sqlite *)db)->reserve);
}

static enum err migrate_begin(struct ctx *c)
{
	struct sqlite *s = of(c->db);
	assert(!s->migrating && !s->db.in_transaction);
	if (!lock_take(s->lock, MIGRATE_WAIT_MS))
		return FAIL(c, ERR_BUSY, "the write lock was not free within %d ms", MIGRATE_WAIT_MS);
	s->migrating = true;
	enum err e = raw(c, S("PRAGMA foreign_keys=OFF; PRAGMA application_id=0x4164656D"), &(struct db_table){ 0 });
	if (e != OK) {
		s->migrating = false;
		lock_release(s->lock);
	}
	return e;
}

static void migrate_end(struct ctx *c)
{
	struct sqlite *s = of(c->db);
	assert(s->migrating && !s->db.in_transaction);
	int rc = sqlite3_exec(s->h, "PRAGMA foreign_keys=ON", NULL, NULL, NULL);
	assert(rc == SQLITE_OK);
	(void)rc;
	s->migrating = false;
	lock_release(s->lock);
}

static enum err backup(struct ctx *c, struct str label, struct str *name)
{
	struct sqlite *s = of(c->db);
	*name = arena_printf(c->mem, "%s.%.*s", s->file, STR_ARG(label));
	/* Made by us first, empty and for the owner only; VACUUM INTO fills it but leaves syncing to others. */
	int fd = open(name->p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return FAIL(c, ERR_IO, "%s: %s", name->p, strerror(errno));
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", name->p);
	int rc = sql ? sqlite3_exec(s->h, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
	sqlite3_free(sql);
	enum err e = rc == SQLITE_OK ? OK : fail(c, "backup");
	if (e == OK && fsync(fd) != 0)
		e = FAIL(c, ERR_IO, "%s: %s", name->p, strerror(errno));
	close(fd);
	if (e != OK)
		unlink(name->p); /* half a copy must not pass for one */
	return e;
}

static void finalize(void *st)
{
	sqlite3_finalize(st);
}

static void sqlite_close(struct db *db)
{
	struct sqlite *s = of(db);
	prepared_clear(&s->prepared, finalize);
	for (int i = 0; i < CONTROL_COUNT; i++)
		sqlite3_finalize(s->control[i]);
	sqlite3_finalize(s->version);
	memo_free(s->db.memo);
	bool holds = s->files.joined && lock_take(s->lock, WRITE_WAIT_MS);
	if (s->files.joined && stamp_look(&s->files, holds) == STAMP_OVERWRITTEN)
		sqlite3_db_config(
			s->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); /* it would break what is there now */
	int rc = sqlite3_close(s->h);
	assert(rc == SQLITE_OK); /* else a statement was left open */
	(void)rc;
	stamp_close(&s->files);
	if (s->lock >= 0)
		close(s->lock);
	free(s->file);
	free(s->reserve);
	free(s);
}

static const struct db_backend sqlite_backend = {
	.kind = DB_SQLITE,
	.close = sqlite_close,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.run = run,
	.notify = notify,
	.listen = notify,
	.wake_fd = wake_fd,
	.wake_drain = wake_drain,
	.settle = settle,
	.check = check,
	.raw = raw,
	.tidy = tidy,
	.keep_reserve = keep_reserve,
	.reserve_fits = fits_reserve,
	.room = room,
	.migrate_begin = migrate_begin,
	.migrate_end = migrate_end,
	.backup = backup,
};

/* Statements of features read and write rows; anything else is for migrations. */
static int authorize(void *arg, int action, const char *a, const char *b, const char *database, const char *trigger)
{
	const struct sqlite *s = arg;
	(void)database;
	(void)trigger;
	static const char *const reading[] = { "table_info", "table_xinfo", "index_list", "index_info", "index_xinfo",
		"foreign_key_list", "foreign_key_check" };
	if (s->migrating || s->checking)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return a && str_starts(str_of(a), S("sqlite_")) && action != SQLITE_READ && action != SQLITE_FUNCTION
			       ? SQLITE_DENY
			       : SQLITE_OK;
	case SQLITE_PRAGMA:
		for (size_t i = 0; i < COUNT(reading); i++)
			if (strcmp(a, reading[i]) == 0)
				return SQLITE_OK;
		return b ? SQLITE_DENY : SQLITE_OK;
	default: return SQLITE_DENY;
	}
}

static const char setup_sql[] = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
				"PRAGMA cache_size=-4000; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;"
				"PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=1000;"
				"PRAGMA journal_size_limit=16777216";

/* The database must be ours or empty. The tables are counted first: who makes them at this moment says whose they are before. */
static enum err check_owner(struct ctx *c)
{
	struct db_table id = { 0 }, tables = { 0 };
	TRY(raw(c, S("SELECT count(*) FROM sqlite_schema"), &tables));
	TRY(raw(c, S("PRAGMA application_id"), &id));
	bool ours = str_is(db_cell(&id, 0, 0), "1097098605"); /* "Adem" */
	if (ours || (str_is(db_cell(&id, 0, 0), "0") && str_is(db_cell(&tables, 0, 0), "0")))
		return OK;
	return FAIL(c, ERR_DB, "%s belongs to another program", of(c->db)->file);
}

/* From here on this connection watches over the files, with all others. */
static enum err join(struct ctx *c)
{
	struct sqlite *s = of(c->db);
	TRY(raw(c, S("SELECT count(*) FROM sqlite_schema"), &(struct db_table){ 0 })); /* has the log opened */
	if (!lock_take(s->lock, WRITE_WAIT_MS))
		return FAIL(c, ERR_BUSY, "the write lock was not free within %d ms", WRITE_WAIT_MS);
	enum err e = check_verdict(c, stamp_join(&s->files), true);
	lock_release(s->lock);
	return e;
}

static enum err set_up(struct ctx *c)
{
	struct sqlite *s = of(c->db);
	char seed;
	sqlite3_randomness(1, &seed); /* opens /dev/urandom, which a sandbox will hide */
	sqlite3_extended_result_codes(s->h, 1);
	sqlite3_busy_timeout(s->h, BUSY_MS);
	TRY(check_owner(c));
	/* Several processes may start on a new database at once; switching to WAL does not wait for them by itself. */
	if (!lock_take(s->lock, WRITE_WAIT_MS))
		return FAIL(c, ERR_BUSY, "the write lock was not free within %d ms", WRITE_WAIT_MS);
	struct db_table mode = { 0 };
	enum err e = raw(c, S("PRAGMA journal_mode=WAL"), &mode);
	lock_release(s->lock);
	TRY(e);
	if (!str_is(db_cell(&mode, 0, 0), "wal"))
		return FAIL(c, ERR_DB, "%s: the file system does not carry WAL mode", s->file);
	TRY(raw(c, str_of(setup_sql), &(struct db_table){ 0 }));
	sqlite3_set_authorizer(s->h, authorize, s);
	for (int i = 0; i < CONTROL_COUNT; i++)
		if (sqlite3_prepare_v3(s->h, control_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &s->control[i], NULL) !=
			SQLITE_OK)
			return fail(c, control_sql[i]);
	if (sqlite3_prepare_v3(s->h, version_sql, -1, SQLITE_PREPARE_PERSISTENT, &s->version, NULL) != SQLITE_OK)
		return fail(c, version_sql);
	return join(c);
}

/* Makes an absent file for the owner only; SQLite gives its WAL the rights of the database. */
static enum err open_files(struct ctx *c, struct sqlite *s)
{
	int fd = open(s->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return FAIL(c, ERR_IO, "%s: %s", s->file, strerror(errno));
	close(fd);
	struct str lock = arena_printf(c->mem, "%s.lock", s->file);
	s->lock = lock_open(lock.p);
	if (s->lock < 0)
		return FAIL(c, ERR_IO, "%s: %s", lock.p, strerror(errno));
	stamp_init(&s->files, s->file, s->lock);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(s->file, &s->h, flags, NULL) != SQLITE_OK)
		return FAIL(c, ERR_IO, "%s: %s", s->file, sqlite3_errmsg(s->h));
	return OK;
}

/* Whether opening has failed for want of room: SQLite says no more than "disk I/O error" of the files it makes beside the
 * database. */
static bool lacks_room(const struct sqlite *s)
{
	int primary = s->h ? sqlite3_errcode(s->h) & 0xFF : SQLITE_CANTOPEN;
	bool at_disk = primary == SQLITE_FULL || primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
	return at_disk && reserve_disk_is_full(s->file);
}

/* Opens FILE once; *FULL: it failed since the disk is full, and it is to be tried again where there is room now. */
static enum err open_once(struct ctx *c, struct str file, struct db **out, bool *full)
{
	struct sqlite *s = calloc(1, sizeof *s);
	if (!s || !(s->file = strndup(file.p, file.n)) || asprintf(&s->reserve, "%s.reserve", s->file) < 0)
		abort();
	s->db.backend = &sqlite_backend;
	s->db.memo = memo_new();
	s->lock = -1;
	struct ctx inner = *c; /* the caller's c->db stays what it is */
	inner.db = &s->db;
	enum err e = open_files(&inner, s);
	if (e == OK)
		e = set_up(&inner);
	*full = e != OK && lacks_room(s);
	if (*full && !reserve_release(s->reserve) && reserve_disk_is_full(s->file))
		e = FAIL(&inner, ERR_BUSY, "the disk is full: %.*s", STR_ARG(inner.err.why));
	c->err = inner.err;
	if (e == OK)
		*out = &s->db;
	else
		sqlite_close(&s->db);
	return e;
}

enum err db_sqlite_connect(struct ctx *c, struct str file, struct db **out)
{
	bool full;
	if (file.n == 0 || memchr(file.p, 0, file.n) || file.p[0] == ':')
		return FAIL(c, ERR_INPUT, "\"sqlite:\" must be followed by the name of a file");
	enum err e = open_once(c, file, out, &full);
	return full ? open_once(c, file, out, &full) : e;
}
