#include "db/migrate.h"
#include "base/clock.h"
#include "db/backend.h"
#include "db/estimates.h"
#include "db/script.h"
#include "db/tables.h"
#include "migrate_sql.h"

static const char *const make_table_sql[2] = {
	[DB_SQLITE] = "CREATE TABLE migrations (number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),"
		      " what TEXT NOT NULL, hash TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT",
	[DB_POSTGRES] = "CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),"
			" what TEXT NOT NULL, hash TEXT NOT NULL, applied_ms BIGINT NOT NULL)",
};
static const char *const has_table_sql[2] = {
	[DB_SQLITE] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'",
	[DB_POSTGRES] = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('migrations')",
};

struct run {
	const struct migration *steps;
	size_t count;
	bool dry_run;
	void (*say)(void *arg, const char *line);
	void *arg;
	struct migrate_applied_row *applied;
	size_t applied_count;
};

/* FNV-1a, 64 bits: guards against accidents, not against attackers, who could change the table as well. */
static struct str hash_of(struct ctx *c, const struct migration *m)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (const char *p = m->sql[db_kind(c->db)]; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return arena_printf(c->mem, "%016" PRIx64, h);
}

static enum err has_table(struct ctx *c, bool *has)
{
	struct db_table t;
	TRY(db_raw(c, str_of(has_table_sql[db_kind(c->db)]), &t));
	*has = str_is(db_cell(&t, 0, 0), "1");
	return OK;
}

static enum err read_in_transaction(struct ctx *c, void *arg)
{
	struct run *r = arg;
	bool has = false;
	r->applied_count = 0;
	TRY(has_table(c, &has));
	return has ? migrate_applied(c, &r->applied, &r->applied_count) : OK;
}

/* Reads what has been applied, and compares it with what this program knows. */
static enum err read_applied(struct ctx *c, struct run *r)
{
	TRY(db_within(c, false, read_in_transaction, r));
	for (size_t i = 0; i < r->applied_count; i++) {
		const struct migrate_applied_row *a = &r->applied[i];
		if (i >= r->count)
			return FAIL(c, ERR_CONFLICT,
				"the database is at step %" PRId64 ", this program knows %zu: use a newer one",
				r->applied[r->applied_count - 1].number, r->count);
		if (a->number != r->steps[i].number || !str_eq(a->hash, hash_of(c, &r->steps[i])))
			return FAIL(c, ERR_CONFLICT, "step %04" PRId64 " %.*s was applied with another text", a->number,
				STR_ARG(a->what));
	}
	return OK;
}

/* New tables are made without their references, distributed where there is Citus, and then referred to. */
static enum err settle_tables(struct ctx *c, const struct run *r, struct script_list *references)
{
	TRY(tables_distribute_new(c, r->say, r->arg));
	for (size_t i = 0; i < references->count; i++)
		TRY(db_raw(c, references->item[i], NULL));
	references->count = 0;
	return OK;
}

/* One statement a call: Citus hands each to its nodes as it came. */
static enum err apply_on_postgres(struct ctx *c, const struct run *r, struct str sql)
{
	struct str rest = script_plain(c->mem, sql), one;
	struct script_list references = { 0 };
	bool fresh = false; /* tables were made that are not settled */
	/* Citus: a table and those it refers to are changed in one transaction. Elsewhere a setting that nobody reads. */
	TRY(db_raw(c, S("SET LOCAL citus.multi_shard_modify_mode = 'sequential'"), NULL));
	while (script_next(&rest, &one)) {
		bool table = script_makes_table(one),
		     index = str_starts(one, S("CREATE INDEX ")) || str_starts(one, S("CREATE UNIQUE INDEX "));
		if (fresh && !table && !index) {
			TRY(settle_tables(c, r, &references));
			fresh = false;
		}
		fresh = fresh || table;
		struct script_list checks = { 0 };
		one = table ? script_lift(c->mem, one, &references) : script_lift_check(c->mem, one, &checks);
		TRY(db_raw(c, one, NULL));
		if (checks.count)
			TRY(db_raw(c, checks.item[0], NULL));
	}
	return fresh ? settle_tables(c, r, &references) : OK;
}

/* Steps run without references being watched, so that they can make a table anew. All are read once, in the transaction of the
 * last step: however often a migration is killed, no database comes to the newest step with a broken one. Reading a large
 * database after each step would take most of the time. */
static enum err check_references(struct ctx *c, const struct run *r)
{
	struct db_table broken;
	r->say(r->arg, "references are checked");
	TRY(db_raw(c, S("PRAGMA foreign_key_check"), &broken));
	return broken.rows == 0
		       ? OK
		       : FAIL(c, ERR_DB, "%zu references are without a target, the first in %.*s to %.*s", broken.rows,
				 STR_ARG(db_cell(&broken, 0, 0)), STR_ARG(db_cell(&broken, 0, 2)));
}

static enum err apply_on_sqlite(struct ctx *c, const struct run *r, const struct migration *m)
{
	TRY(db_raw(c, str_of(m->sql[DB_SQLITE]), NULL));
	TRY(db_raw(c, arena_printf(c->mem, "PRAGMA user_version=%d", m->number), NULL));
	return m == &r->steps[r->count - 1] ? check_references(c, r) : OK;
}

struct step {
	const struct run *run;
	const struct migration *migration;
};

static enum err apply_in_transaction(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	const struct migration *m = s->migration;
	TRY(db_kind(c->db) == DB_SQLITE ? apply_on_sqlite(c, s->run, m)
					: apply_on_postgres(c, s->run, str_of(m->sql[DB_POSTGRES])));
	return migrate_record(c, m->number, str_of(m->what), hash_of(c, m), clock_now_ms());
}

static void say_step(struct ctx *c, const struct run *r, const struct migration *m, const char *what)
{
	r->say(r->arg, arena_printf(c->mem, "%04d %s: %s", m->number, m->what, what).p);
}

/* Connections of ours that do not wait for the migration lock as we did. */
static const char others_sql[] =
	"SELECT count(*), coalesce(min(coalesce(a.client_addr::text, 'this host')), '') FROM pg_stat_activity a"
	" WHERE a.datname = current_database() AND a.application_name = 'adem' AND a.pid <> pg_backend_pid()"
	" AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory')";

static enum err count_others(struct ctx *c, void *arg)
{
	return db_raw(c, str_of(others_sql), arg);
}

/* A command that ends by itself is waited for, a server is not. */
static enum err refuse_beside_others(struct ctx *c)
{
	enum { LOOKS = 30, APART_MS = 100 };
	struct db_table others = { 0 };
	for (int i = 0; db_kind(c->db) == DB_POSTGRES && i < LOOKS; i++) {
		TRY(db_within(c, false, count_others, &others));
		if (str_is(db_cell(&others, 0, 0), "0"))
			return OK;
		nanosleep(&(struct timespec){ .tv_nsec = APART_MS * 1000000L }, NULL);
	}
	return db_kind(c->db) != DB_POSTGRES
		       ? OK
		       : FAIL(c, ERR_CONFLICT,
				 "another Adem works on this database (%.*s connections, one from %.*s) and does not "
				 "know the steps that are to be applied: stop it first",
				 STR_ARG(db_cell(&others, 0, 0)), STR_ARG(db_cell(&others, 0, 1)));
}

static enum err back_up(struct ctx *c, const struct run *r)
{
	struct str name,
		label = arena_printf(c->mem, "before-%04d-%" PRId64, r->steps[r->applied_count].number, c->now_ms);
	enum err e = c->db->backend->backup(c, label, &name);
	if (e != OK)
		c->err.why = arena_printf(
			c->mem, "no copy could be made, so nothing was changed: %.*s", STR_ARG(c->err.why));
	TRY(e);
	if (name.n)
		r->say(r->arg, arena_printf(c->mem, "copied to %.*s", STR_ARG(name)).p);
	return OK;
}

static enum err make_table(struct ctx *c, void *arg)
{
	(void)arg;
	bool has = false;
	TRY(has_table(c, &has));
	return has ? OK : db_raw(c, str_of(make_table_sql[db_kind(c->db)]), NULL);
}

static enum err estimate(struct ctx *c, void *arg)
{
	(void)arg;
	return estimates_write(c);
}

/* With the migration lock held. */
static enum err migrate_locked(struct ctx *c, struct run *r)
{
	TRY(db_within(c, true, make_table, NULL));
	TRY(read_applied(c, r));
	if (r->applied_count > 0 && r->applied_count < r->count) {
		TRY(refuse_beside_others(c));
		TRY(back_up(c, r));
	}
	for (size_t i = r->applied_count; i < r->count; i++) {
		struct step s = { r, &r->steps[i] };
		say_step(c, r, &r->steps[i], arena_printf(c->mem, "%zu of %zu begins", i + 1, r->count).p);
		enum err e = db_within(c, true, apply_in_transaction, &s);
		if (e != OK)
			c->err.why = arena_printf(c->mem,
				"step %04d %s was not applied, and nothing of it; the steps before it stand. Mend this "
				"and run "
				"\"adem migrate\" again: %.*s",
				s.migration->number, s.migration->what, STR_ARG(c->err.why));
		TRY(e);
		say_step(c, r, &r->steps[i], "applied");
	}
	if (db_kind(c->db) == DB_SQLITE)
		return db_within(c, true, estimate, NULL);
	return tables_distribute(c, r->say, r->arg);
}

static enum err say_what_would_be(struct ctx *c, struct run *r)
{
	TRY(read_applied(c, r));
	for (size_t i = r->applied_count; i < r->count; i++)
		say_step(c, r, &r->steps[i], "would be applied");
	return OK;
}

static enum err migrate_alone(struct ctx *c, struct run *r)
{
	TRY(c->db->backend->migrate_begin(c));
	enum err e = migrate_locked(c, r);
	c->db->backend->migrate_end(c);
	return e;
}

enum err migrate_run_steps(struct ctx *c, const struct migration *steps, size_t count, bool dry_run,
	void (*say)(void *arg, const char *line), void *arg)
{
	struct run r = { .steps = steps, .count = count, .dry_run = dry_run, .say = say, .arg = arg };
	assert(!db_in_transaction(c->db) && count > 0);
	TRY(dry_run ? say_what_would_be(c, &r) : migrate_alone(c, &r));
	if (r.applied_count == count)
		say(arg, "the database is at the newest step");
	return OK;
}

enum err migrate_run(struct ctx *c, bool dry_run, void (*say)(void *arg, const char *line), void *arg)
{
	return migrate_run_steps(c, migrations, migrations_count, dry_run, say, arg);
}

enum err migrate_pending(struct ctx *c, size_t *count)
{
	struct run r = { .steps = migrations, .count = migrations_count };
	TRY(read_applied(c, &r));
	*count = r.count - r.applied_count;
	return OK;
}

enum err migrate_check(struct ctx *c)
{
	struct run r = { .steps = migrations, .count = migrations_count };
	TRY(read_applied(c, &r));
	if (r.applied_count < r.count)
		return FAIL(c, ERR_CONFLICT,
			"the database is at step %zu, this program needs %zu: run \"adem migrate\" first",
			r.applied_count, r.count);
	return tables_check(c);
}

enum err migrate_begun(struct ctx *c, bool *begun)
{
	return has_table(c, begun);
}

enum err migrate_has(struct ctx *c, const char *what, bool *has)
{
	struct run r = { 0 };
	*has = false;
	TRY(read_in_transaction(c, &r));
	for (size_t i = 0; i < r.applied_count; i++)
		*has = *has || str_is(r.applied[i].what, what);
	return OK;
}
