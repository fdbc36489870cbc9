/* adem migrate: brings the database to the newest schema. */
#include "db/migrate.h"
#include "app/command.h"
#include "app/pepper.h"
#include "app/program.h"

static void say(void *arg, const char *line)
{
	(void)arg;
	printf("%s\n", line);
}

int migrate_command(int argc, char **argv)
{
	static const char usage[] = "usage: adem migrate [--data DIR] [--dry-run] [--NAME VALUE …]\n\n"
				    "Brings the database to the newest schema, after a copy of an embedded one.\n"
				    "  --dry-run                only says what would be done";
	static const char *const own[] = { "--dry-run", NULL };
	const char *values[1] = { NULL };
	struct program p;
	int status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | MAKES_DATA, argc, argv, usage, own, values, NULL, &status))
		return status;
	bool dry_run = values[0] != NULL;
	enum err e = migrate_run(&p.ctx, dry_run, say, NULL);
	if (e == OK && !dry_run)
		e = pepper_bind(&p, say, NULL);
	status = e == OK ? 0 : program_failed(&p.ctx);
	program_close(&p);
	return status;
}
