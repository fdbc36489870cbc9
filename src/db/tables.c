#include "db/tables.h"
#include "db/raw.h"

const struct table tables[] = {
	{"accounts",           TABLE_BY_REGION},
	{ "alert_answers",     TABLE_BY_REGION},
	{ "alert_calls",       TABLE_BY_REGION},
	{ "alert_flood_cases", TABLE_BY_REGION},
	{ "alert_floods",      TABLE_BY_REGION},
	{ "alert_rungs",       TABLE_BY_REGION},
	{ "alert_words",       TABLE_BY_REGION},
	{ "alerts",            TABLE_BY_REGION},
	{ "audit",             TABLE_BY_REGION},
	{ "audit_heads",       TABLE_BY_REGION},
	{ "box_keys",          TABLE_BY_REGION},
	{ "boxes",             TABLE_BY_REGION},
	{ "case_entries",      TABLE_BY_REGION},
	{ "case_posts",        TABLE_BY_REGION},
	{ "case_watches",      TABLE_BY_REGION},
	{ "cases",             TABLE_BY_REGION},
	{ "circle_keys",       TABLE_BY_REGION},
	{ "circles",           TABLE_BY_REGION},
	{ "clocks",            TABLE_BY_REGION},
	{ "duties",            TABLE_BY_REGION},
	{ "duty_swaps",        TABLE_BY_REGION},
	{ "events",            TABLE_BY_REGION},
	{ "form_keys",         TABLE_BY_REGION},
	{ "invitations",       TABLE_BY_REGION},
	{ "jobs",              TABLE_BY_REGION},
	{ "memberships",       TABLE_BY_REGION},
	{ "migrations",        TABLE_SHARED   },
	{ "neighbours",        TABLE_BY_REGION},
	{ "notices",           TABLE_BY_REGION},
	{ "pepper",            TABLE_SHARED   },
	{ "places",            TABLE_BY_REGION},
	{ "posts",             TABLE_BY_REGION},
	{ "pulses",            TABLE_BY_REGION},
	{ "regions",           TABLE_SHARED   },
	{ "report_messages",   TABLE_BY_REGION},
	{ "report_readers",    TABLE_BY_REGION},
	{ "report_receipts",   TABLE_BY_REGION},
	{ "report_tokens",     TABLE_BY_REGION},
	{ "reports",           TABLE_BY_REGION},
	{ "sessions",          TABLE_BY_REGION},
	{ "sign_in_names",     TABLE_SHARED   },
};
const size_t tables_count = COUNT(tables);

struct distribution {
	void (*say)(void *arg, const char *line);
	void *arg;
};

/* Tables of the schema that are not yet distributed, and whether they have a region. */
static const char local_sql[] =
	"SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'region')"
	" FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
	" AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
	" AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid"
	" AND (p.partmethod = 'h' OR p.repmodel = 't')) ORDER BY c.relname";

static bool has_citus(struct ctx *c, enum err *e)
{
	struct db_table t = { 0 };
	*e = db_kind(c->db) == DB_POSTGRES ? db_raw(c, S("SELECT 1 FROM pg_extension WHERE extname = 'citus'"), &t)
					   : OK;
	return *e == OK && t.rows > 0;
}

static const struct table *table_of(struct str name)
{
	for (size_t i = 0; i < tables_count; i++)
		if (str_is(name, tables[i].name))
			return &tables[i];
	return NULL;
}

static bool by_region(const struct db_table *local, size_t row)
{
	const struct table *t = table_of(db_cell(local, row, 0));
	return t ? t->kind == TABLE_BY_REGION : str_is(db_cell(local, row, 1), "t");
}

/* Takes away the references from and to local tables, each by itself; BACK is what puts them back. */
static enum err drop_references(struct ctx *c, const struct db_table *local, struct db_table *back)
{
	struct str names = S("");
	for (size_t i = 0; i < local->rows; i++)
		names = arena_printf(
			c->mem, "%.*s%s'%.*s'::regclass", STR_ARG(names), i ? ", " : "", STR_ARG(db_cell(local, i, 0)));
	TRY(db_raw(c,
		arena_printf(c->mem,
			"SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
			" pg_get_constraintdef(oid)), format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,"
			" conname) FROM pg_constraint WHERE contype = 'f'"
			" AND (conrelid IN (%.*s) OR confrelid IN (%.*s)) ORDER BY conrelid::regclass::text, conname",
			STR_ARG(names), STR_ARG(names)),
		back));
	for (size_t i = 0; i < back->rows; i++)
		TRY(db_raw(c, db_cell(back, i, 1), NULL));
	return OK;
}

static enum err share_tables(struct ctx *c, const struct distribution *d, const struct db_table *local)
{
	for (size_t i = 0; i < local->rows; i++) {
		struct str name = db_cell(local, i, 0);
		if (by_region(local, i))
			continue;
		TRY(db_raw(c, arena_printf(c->mem, "SELECT create_reference_table('%.*s')", STR_ARG(name)), NULL));
		d->say(d->arg, arena_printf(c->mem, "%.*s: copied to every node", STR_ARG(name)).p);
	}
	return OK;
}

/* All split tables lie together: the rows of a region are on one node. */
static enum err split_tables(struct ctx *c, const struct distribution *d, const struct db_table *local)
{
	struct db_table t = { 0 };
	TRY(db_raw(c,
		S("SELECT logicalrelid::regclass::text FROM pg_dist_partition WHERE partmethod = 'h' ORDER BY 1 "
		  "LIMIT 1"),
		&t));
	struct str beside = t.rows ? db_cell(&t, 0, 0) : S("none");
	for (size_t i = 0; i < local->rows; i++) {
		struct str name = db_cell(local, i, 0);
		if (!by_region(local, i))
			continue;
		TRY(db_raw(c,
			arena_printf(c->mem,
				"SELECT create_distributed_table('%.*s', 'region', colocate_with => '%.*s')",
				STR_ARG(name), STR_ARG(beside)),
			NULL));
		d->say(d->arg, arena_printf(c->mem, "%.*s: distributed by region", STR_ARG(name)).p);
		beside = str_is(beside, "none") ? name : beside;
	}
	return OK;
}

enum err tables_distribute_new(struct ctx *c, void (*say)(void *arg, const char *line), void *arg)
{
	struct distribution d = { say, arg };
	struct db_table local = { 0 }, back = { 0 };
	enum err e = OK;
	if (!has_citus(c, &e))
		return e;
	TRY(db_raw(c, str_of(local_sql), &local));
	if (local.rows == 0)
		return OK;
	/* Reference tables and tables that refer to them are changed in one transaction. */
	TRY(db_raw(c, S("SET LOCAL citus.multi_shard_modify_mode = 'sequential'"), NULL));
	TRY(drop_references(c, &local, &back));
	TRY(share_tables(c, &d, &local));
	TRY(split_tables(c, &d, &local));
	for (size_t i = 0; i < back.rows; i++)
		TRY(db_raw(c, db_cell(&back, i, 0), NULL));
	return OK;
}

static enum err distribute(struct ctx *c, void *arg)
{
	const struct distribution *d = arg;
	return tables_distribute_new(c, d->say, d->arg);
}

enum err tables_distribute(struct ctx *c, void (*say)(void *arg, const char *line), void *arg)
{
	struct distribution d = { say, arg };
	return db_kind(c->db) == DB_POSTGRES ? db_within(c, true, distribute, &d) : OK;
}

static enum err find_local(struct ctx *c, void *arg)
{
	struct db_table *local = arg;
	enum err e = OK;
	return has_citus(c, &e) ? db_raw(c, str_of(local_sql), local) : e;
}

enum err tables_check(struct ctx *c)
{
	struct db_table local = { 0 };
	TRY(db_within(c, false, find_local, &local));
	for (size_t i = 0; i < local.rows; i++)
		if (table_of(db_cell(&local, i, 0)))
			return FAIL(c, ERR_CONFLICT,
				"this database has Citus, but its table %.*s is not distributed: run \"adem migrate\" "
				"first",
				STR_ARG(db_cell(&local, i, 0)));
	return OK;
}
