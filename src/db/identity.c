/* Whose a database is. */
#include "db/backend.h"

/* The pepper it was made with, and its steps. */
static const char *const facts_sql[2] = {
	[DB_SQLITE] = "SELECT (SELECT lower(hex(fingerprint)) FROM pepper WHERE number = 1),"
		      " (SELECT group_concat(hash, ' ') FROM (SELECT hash FROM migrations ORDER BY number))",
	[DB_POSTGRES] = "SELECT (SELECT encode(fingerprint, 'hex') FROM pepper WHERE number = 1),"
			" (SELECT string_agg(hash, ' ' ORDER BY number) FROM migrations)",
};

static enum err read_facts(struct ctx *c, struct db_identity *is)
{
	struct db_table t = { 0 };
	*is = (struct db_identity){ 0 };
	TRY(c->db->backend->raw(c, str_of(facts_sql[db_kind(c->db)]), &t));
	*is = (struct db_identity){ .pepper = db_cell(&t, 0, 0), .schema = db_cell(&t, 0, 1) };
	return OK;
}

enum err db_identify(struct ctx *c, struct db_identity *who)
{
	TRY(read_facts(c, who));
	c->db->expected = who;
	return OK;
}

enum err db_meet(struct ctx *c)
{
	const struct db_identity *who = c->db->expected;
	struct db_identity is;
	c->db->differs = DB_SAME;
	if (!who)
		return OK;
	enum err e = read_facts(c, &is);
	if (e == ERR_BUSY)
		return e;
	bool pepper = e == OK && str_eq(is.pepper, who->pepper), schema = e == OK && str_eq(is.schema, who->schema);
	if (pepper && schema)
		return OK;
	c->db->differs = pepper ? DB_OTHER_SCHEMA : DB_OTHER;
	return FAIL(c, ERR_BUSY, "another database has the name of the one that this program was started on: %.*s",
		STR_ARG(e != OK  ? c->err.why
			: pepper ? S("its schema differs")
				 : S("its pepper differs")));
}

enum err db_expect(struct ctx *c, const struct db_identity *who)
{
	c->db->expected = who;
	return db_meet(c);
}

enum db_differs db_differs(const struct db *db)
{
	return db->differs;
}
