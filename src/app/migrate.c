/* adem migrate: brings the database to the newest schema. */
#include "db/migrate.h"
#include "app/command.h"
#include "app/copies.h"
#include "app/hold.h"
#include "app/pepper.h"
#include "app/place.h"
#include "app/program.h"
#include "base/log.h"
#include "base/outlet.h"
#include <unistd.h>
#include "features/audit/audit.h"
#include "features/places/places.h"

struct regions {
	struct region *rows;
	size_t count;
};

static void say(void *arg, const char *line)
{
	(void)arg;
	log_say("%s", line);
}

static enum err key_region(struct ctx *c, void *arg)
{
	return audit_key(c, arg);
}

static enum err read_regions(struct ctx *c, void *arg)
{
	struct regions *all = arg;
	return places_regions(c, &all->rows, &all->count);
}

/* Audit rows from before the chain was keyed are vouched for by a first keyed row, once. */
static enum err key_audit(struct ctx *c)
{
	struct regions all = { 0 };
	TRY(db_within(c, false, read_regions, &all));
	for (size_t i = 0; i < all.count; i++) {
		int64_t number = 0;
		c->region = all.rows[i].region;
		TRY(db_within(c, true, key_region, &number));
		if (number)
			log_say("%.*s: the audit is keyed with the pepper from row %" PRId64 " on", STR_ARG(c->region),
				number);
	}
	return OK;
}

/* Whether an embedded database is not there yet; trying out must not make it. */
static bool is_missing(const struct program *p)
{
	struct str where = place_of_database(p), kind = S("sqlite:");
	if (!str_starts(where, kind))
		return false;
	struct str file = arena_str(p->mem, (struct str){ where.p + kind.n, where.n - kind.n });
	return access(file.p, F_OK) != 0 && errno == ENOENT;
}

/* A server that does not know a step would go on and answer with errors: whoever applies one has the database alone. */
static enum err apply(struct program *p)
{
	size_t pending;
	TRY(migrate_pending(&p->ctx, &pending));
	if (pending && !hold_alone(p))
		return FAIL(&p->ctx, ERR_CONFLICT, "nothing was changed");
	TRY(migrate_run(&p->ctx, false, say, NULL));
	struct copies copies = copies_look(place_file(p));
	if (copies.count)
		printf("%zu copies from before an upgrade lie beside the database. \"adem serve\" removes each after "
		       "%d days; until then what people withdraw is still in it: remove it yourself once all is well\n",
			copies.count, COPIES_KEPT_DAYS);
	TRY(pepper_bind(p, say, NULL));
	return key_audit(&p->ctx);
}

static void say_all_steps(void)
{
	for (size_t i = 0; i < migrations_count; i++)
		log_say("%04d %s: would be applied", migrations[i].number, migrations[i].what);
}

int migrate_command(int argc, char **argv)
{
	struct words {
		bool dry_run, new_database;
	} w = { 0 };
	static const struct arg options[] = {
		ARG(struct words, dry_run, ARG_SWITCH, "dry_run", "only says what would be done"),
		ARG(struct words, new_database, ARG_SWITCH, "new_database",
			"makes a new, empty database beside a pepper.key that is there"),
	};
	static const struct args args = { .name = "adem migrate",
		.about = "Brings the database to the newest schema, after a copy of an embedded one.",
		.arg = options,
		.count = COUNT(options),
		.settings = true };
	struct program p;
	int status;
	if (!program_begin(&p, &args, argc, argv, &w, &status))
		return status;
	/* It stands before each start of the server. */
	outlet_never_wait();
	bool dry_run = w.dry_run;
	p.new_database = w.new_database;
	if (dry_run && is_missing(&p)) {
		bool may = place_may_make(&p);
		if (may)
			say_all_steps();
		program_close(&p);
		return may ? 0 : 1;
	}
	if (!program_open(&p, dry_run ? NEEDS_VAULT | NEEDS_DB : NEEDS_VAULT | NEEDS_DB | MAKES_DATA))
		return 1;
	enum err e = dry_run ? migrate_run(&p.ctx, true, say, NULL) : apply(&p);
	status = e == OK ? 0 : program_failed(&p.ctx);
	program_close(&p);
	return status;
}
