#include "app/pepper.h"
#include "db/migrate.h"
#include "features/accounts/accounts.h"
#include "pepper_sql.h"
#include "vault/vault.h"
#include <unistd.h>

enum { PRINT_BYTES = 2 * VAULT_FINGERPRINT_BYTES };

/* What the database says about its pepper. */
struct belongs {
	bool knows;             /* the fingerprint stands there */
	bool holds_data;        /* something in it needs the pepper */
	struct str fingerprint; /* bytes */
};

static struct str printed(struct ctx *c, struct str fingerprint)
{
	char *text = arena_alloc(c->mem, PRINT_BYTES + 1, 1);
	for (size_t i = 0; i < fingerprint.n && i < VAULT_FINGERPRINT_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", (unsigned char)fingerprint.p[i]);
	return str_of(text);
}

static struct str own_fingerprint(struct ctx *c)
{
	uint8_t *print = arena_alloc(c->mem, VAULT_FINGERPRINT_BYTES, 1);
	vault_fingerprint(c->vault, print);
	return (struct str){ (const char *)print, VAULT_FINGERPRINT_BYTES };
}

static enum err ask(struct ctx *c, void *arg)
{
	struct belongs *b = arg;
	struct pepper_get_row row = { 0 };
	struct pepper_regions_row regions = { 0 };
	bool has_regions, has_pepper;
	*b = (struct belongs){ 0 };
	TRY(migrate_has(c, "foundation", &has_regions));
	TRY(migrate_has(c, "pepper", &has_pepper));
	if (has_regions)
		TRY(pepper_regions(c, &regions));
	if (has_pepper)
		TRY(pepper_get(c, &row, &b->knows));
	b->holds_data = b->knows || regions.count > 0;
	if (b->knows)
		b->fingerprint = row.fingerprint;
	return OK;
}

static enum err refuse_other(struct ctx *c, struct str theirs)
{
	return FAIL(c, ERR_CONFLICT,
		"this pepper is not the database's: it has the fingerprint %.*s, the database was made with %.*s. "
		"Put the copy of the right pepper file in its place",
		STR_ARG(printed(c, own_fingerprint(c))), STR_ARG(printed(c, theirs)));
}

static enum err compare(struct ctx *c, const struct belongs *b, bool may_be_unknown)
{
	if (b->knows)
		return str_eq(b->fingerprint, own_fingerprint(c)) ? OK : refuse_other(c, b->fingerprint);
	if (may_be_unknown)
		return OK;
	return FAIL(c, ERR_CONFLICT, "the database does not know its pepper yet: run \"adem migrate\" first");
}

static enum err ask_begun(struct ctx *c, void *arg)
{
	return migrate_begun(c, arg);
}

bool pepper_had_database(struct program *p)
{
	bool begun;
	struct str path = config_path(p->mem, &p->cfg, p->cfg.pepper_file);
	if (db_within(&p->ctx, false, ask_begun, &begun) != OK) {
		program_failed(&p->ctx);
		return false;
	}
	if (begun || p->new_database || access(path.p, F_OK) != 0)
		return true;
	fprintf(stderr,
		"adem: the database is empty, and %.*s shows that there was one: put its copy there. Who wants a new "
		"one says \"adem migrate --new-database\"\n",
		STR_ARG(path));
	return false;
}

bool pepper_open(struct program *p, bool makes)
{
	const char *why = NULL;
	struct belongs b = { 0 };
	struct str path = config_path(p->mem, &p->cfg, p->cfg.pepper_file);
	if (p->ctx.db && db_within(&p->ctx, false, ask, &b) != OK) {
		program_failed(&p->ctx);
		return false;
	}
	bool there = access(path.p, F_OK) == 0, missing = !there && errno == ENOENT;
	if (b.holds_data && missing) {
		fprintf(stderr,
			"adem: pepper file %.*s: it is missing, and the database holds data that was made with it. A "
			"new "
			"one would lose every password and receipt, so none is made: put the copy of it in its place\n",
			STR_ARG(path));
		return false;
	}
	p->vault = vault_open(path.p, makes && !b.holds_data, &why);
	if (!p->vault) {
		fprintf(stderr, "adem: pepper file %.*s: %s\n", STR_ARG(path), why);
		return false;
	}
	p->ctx.vault = p->vault;
	if (!p->ctx.db || compare(&p->ctx, &b, makes) == OK)
		return true;
	fprintf(stderr, "adem: pepper file %.*s: %.*s\n", STR_ARG(path), STR_ARG(p->ctx.err.why));
	return false;
}

/* Whether the sign-in name of one of the accounts is found; one is enough, since names can be changed in time. */
static enum err finds_anybody(struct ctx *c, bool *finds)
{
	struct pepper_names_row *rows;
	size_t rows_count;
	TRY(pepper_names(c, &rows, &rows_count));
	*finds = rows_count == 0;
	for (size_t i = 0; i < rows_count && !*finds; i++) {
		int64_t id;
		TRY(accounts_find(c, rows[i].name, &id, finds));
	}
	return OK;
}

static enum err bind(struct ctx *c, void *arg)
{
	struct belongs *b = arg;
	bool finds;
	TRY(ask(c, b));
	if (b->knows)
		return compare(c, b, false);
	TRY(finds_anybody(c, &finds));
	if (!finds)
		return FAIL(c, ERR_CONFLICT,
			"no sign-in name of the database is found with this pepper: it is another one, or a new one in "
			"place of one that was lost. Put the copy of the right pepper file in its place");
	return pepper_insert(c, own_fingerprint(c));
}

enum err pepper_bind(struct program *p, void (*say)(void *arg, const char *line), void *arg)
{
	struct belongs b;
	TRY(db_within(&p->ctx, true, bind, &b));
	if (!b.knows)
		say(arg, arena_printf(p->ctx.mem, "the database belongs to the pepper with the fingerprint %.*s",
				 STR_ARG(printed(&p->ctx, own_fingerprint(&p->ctx))))
				 .p);
	return OK;
}
