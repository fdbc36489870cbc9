#include "db/tables.h"
#include "db/raw.h"

const struct table tables[] = {
	{"accounts",         TABLE_BY_REGION},
	{ "alert_answers",   TABLE_BY_REGION},
	{ "alert_calls",     TABLE_BY_REGION},
	{ "alert_rungs",     TABLE_BY_REGION},
	{ "alerts",          TABLE_BY_REGION},
	{ "audit",           TABLE_BY_REGION},
	{ "audit_heads",     TABLE_BY_REGION},
	{ "box_keys",        TABLE_BY_REGION},
	{ "boxes",           TABLE_BY_REGION},
	{ "case_entries",    TABLE_BY_REGION},
	{ "case_posts",      TABLE_BY_REGION},
	{ "case_watches",    TABLE_BY_REGION},
	{ "cases",           TABLE_BY_REGION},
	{ "circle_keys",     TABLE_BY_REGION},
	{ "circles",         TABLE_BY_REGION},
	{ "duties",          TABLE_BY_REGION},
	{ "duty_swaps",      TABLE_BY_REGION},
	{ "events",          TABLE_BY_REGION},
	{ "invitations",     TABLE_BY_REGION},
	{ "jobs",            TABLE_BY_REGION},
	{ "memberships",     TABLE_BY_REGION},
	{ "migrations",      TABLE_SHARED   },
	{ "neighbours",      TABLE_SHARED   },
	{ "pepper",          TABLE_SHARED   },
	{ "places",          TABLE_SHARED   },
	{ "posts",           TABLE_BY_REGION},
	{ "regions",         TABLE_SHARED   },
	{ "report_messages", TABLE_BY_REGION},
	{ "report_readers",  TABLE_BY_REGION},
	{ "report_receipts", TABLE_BY_REGION},
	{ "report_tokens",   TABLE_BY_REGION},
	{ "reports",         TABLE_BY_REGION},
	{ "sessions",        TABLE_BY_REGION},
	{ "sign_in_names",   TABLE_SHARED   },
};
const size_t tables_count = COUNT(tables);

struct distribution {
	void (*say)(void *arg, const char *line);
	void *arg;
};

/* Tables of the schema that Citus does not know yet, as text for an IN list. */
static const char local_sql[] =
	"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
	" AND oid NOT IN (SELECT logicalrelid FROM pg_dist_partition)";

static bool is_local(const struct db_table *local, const char *name)
{
	for (size_t i = 0; i < local->rows; i++)
		if (str_is(db_cell(local, i, 0), name))
			return true;
	return false;
}

/* Takes away the references from and to local tables; *BACK is the SQL that puts them back. */
static enum err drop_references(struct ctx *c, struct str *back)
{
	struct db_table t;
	struct str drop = S("");
	*back = S("");
	TRY(db_raw(c,
		arena_printf(c->mem,
			"SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I;', conrelid::regclass, conname),"
			" format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s;', conrelid::regclass, conname,"
			" pg_get_constraintdef(oid)) FROM pg_constraint WHERE contype = 'f'"
			" AND (conrelid::regclass::text IN (%s) OR confrelid::regclass::text IN (%s))"
			" ORDER BY conrelid::regclass::text, conname",
			local_sql, local_sql),
		&t));
	for (size_t i = 0; i < t.rows; i++) {
		drop = arena_printf(c->mem, "%.*s%.*s", STR_ARG(drop), STR_ARG(db_cell(&t, i, 0)));
		*back = arena_printf(c->mem, "%.*s%.*s", STR_ARG(*back), STR_ARG(db_cell(&t, i, 1)));
	}
	return drop.n ? db_raw(c, drop, NULL) : OK;
}

static enum err distribute_kind(
	struct ctx *c, const struct distribution *d, const struct db_table *local, enum table_kind kind)
{
	const char *first = NULL;
	for (size_t i = 0; i < tables_count; i++) {
		const struct table *t = &tables[i];
		if (t->kind != kind)
			continue;
		/* All split tables lie together, the first of the list decides where. */
		first = first ? first : t->name;
		if (!is_local(local, t->name))
			continue;
		struct str sql =
			kind == TABLE_SHARED
				? arena_printf(c->mem, "SELECT create_reference_table('%s')", t->name)
				: arena_printf(c->mem,
					  "SELECT create_distributed_table('%s', 'region', colocate_with => '%s')",
					  t->name, t->name == first ? "none" : first);
		TRY(db_raw(c, sql, NULL));
		d->say(d->arg, arena_printf(c->mem, "%s: %s", t->name,
				       kind == TABLE_SHARED ? "copied to every node" : "distributed by region")
				       .p);
	}
	return OK;
}

static enum err distribute(struct ctx *c, void *arg)
{
	struct db_table local;
	struct str back;
	TRY(db_raw(c, str_of(local_sql), &local));
	if (local.rows == 0)
		return OK;
	/* Reference tables and tables that refer to them are changed in one transaction. */
	TRY(db_raw(c, S("SET LOCAL citus.multi_shard_modify_mode = 'sequential'"), NULL));
	TRY(drop_references(c, &back));
	TRY(distribute_kind(c, arg, &local, TABLE_SHARED));
	TRY(distribute_kind(c, arg, &local, TABLE_BY_REGION));
	return back.n ? db_raw(c, back, NULL) : OK;
}

enum err tables_distribute(struct ctx *c, void (*say)(void *arg, const char *line), void *arg)
{
	struct distribution d = { say, arg };
	struct db_table t;
	if (db_kind(c->db) != DB_POSTGRES)
		return OK;
	TRY(db_raw(c, S("SELECT 1 FROM pg_extension WHERE extname = 'citus'"), &t));
	return t.rows ? db_within(c, true, distribute, &d) : OK;
}
