/* adem check: is everything as it must be? Schema, pages, audit chain, sealed boxes. */
#include "app/command.h"
#include "app/program.h"
#include "db/migrate.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/places/places.h"

static void found(void *arg, struct str what)
{
	int *problems = arg;
	(*problems)++;
	printf("database: %.*s\n", STR_ARG(what));
}

static enum err check_region(struct ctx *c, void *arg)
{
	int *problems = arg;
	int64_t broken_at, rows, boxes, unreadable;
	struct jobs_given_up_row jobs;
	TRY(audit_verify(c, &broken_at, &rows));
	if (broken_at) {
		(*problems)++;
		printf("%.*s: the audit chain is broken at row %" PRId64 "\n", STR_ARG(c->region), broken_at);
	} else {
		printf("%.*s: audit chain holds, %" PRId64 " rows\n", STR_ARG(c->region), rows);
	}
	TRY(circles_verify(c, &boxes, &unreadable));
	printf("%.*s: %" PRId64 " sealed boxes, %" PRId64 " that no member can open\n", STR_ARG(c->region), boxes,
		unreadable);
	*problems += unreadable > 0;
	TRY(jobs_given_up(c, JOBS_ATTEMPTS_MAX, &jobs));
	printf("%.*s: %" PRId64 " jobs given up%s\n", STR_ARG(c->region), jobs.n,
		jobs.n ? "; an administrator finds them at /jobs" : "");
	*problems += jobs.n > 0;
	return OK;
}

static enum err regions_of(struct ctx *c, void *arg)
{
	struct {
		struct region *rows;
		size_t count;
	} *list = arg;
	return places_regions(c, &list->rows, &list->count);
}

static enum err check_all(struct ctx *c, int *problems)
{
	struct {
		struct region *rows;
		size_t count;
	} list = { 0 };
	TRY(migrate_check(c));
	printf("schema: newest\n");
	TRY(db_check(c, found, problems));
	TRY(db_within(c, false, regions_of, &list));
	if (list.count == 0) {
		(*problems)++;
		printf("regions: none, so that nobody can report; \"adem demo\" makes an invented one\n");
	}
	for (size_t i = 0; i < list.count; i++) {
		c->region = list.rows[i].region;
		TRY(db_within(c, false, check_region, problems));
	}
	return OK;
}

int check_command(int argc, char **argv)
{
	struct program p;
	int status, problems = 0;
	static const char usage[] =
		"usage: adem check [--data DIR] [--NAME VALUE …]\n\n"
		"Verifies schema, database, references, audit chain, that somebody can open every sealed box,\n"
		"and that no work in the background was given up.";
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB, argc, argv, usage, NULL, NULL, NULL, &status))
		return status;
	status = check_all(&p.ctx, &problems) == OK ? 0 : program_failed(&p.ctx);
	if (status == 0)
		printf(problems ? "%d problems\n" : "all is well\n", problems);
	program_close(&p);
	return status ? status : problems > 0;
}
