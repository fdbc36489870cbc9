/* program.h - what most commands begin with: settings, pepper, database, a context. */
#ifndef ADEM_APP_PROGRAM_H
#define ADEM_APP_PROGRAM_H
#include "app/config.h"
#include "base/err.h"
#include "db/db.h"
#include "jobs/queue.h"
#include "http/router.h"

struct program {
	struct config cfg;
	struct arena *mem; /* lives as long as the program; cfg's texts are in it */
	struct vault *vault;
	struct ctx ctx;              /* on ctx.db, with memory of its own */
	struct db_identity database; /* what each further connection must find, where NEEDS_SCHEMA has looked */
	bool new_database;           /* may be made beside a pepper that is there */
};

enum program_needs {
	NEEDS_VAULT = 1,
	NEEDS_DB = 2,
	NEEDS_SCHEMA = 4, /* the newest; otherwise it says which command to run */
	MAKES_DATA = 8,   /* makes the data directory and the pepper when they are missing */
};

/* Begins P: reads the words of a command into INTO, and the settings. False when it is not to go on: *STATUS is its exit status.
 * Nothing is opened yet, so that what is called wrongly is told before anything else. */
MUST_CHECK bool program_begin(struct program *p, const struct args *k, int argc, char **argv, void *into, int *status);
/* Opens what is needed; false after the reason was printed. */
MUST_CHECK bool program_open(struct program *p, unsigned needs);
void program_close(struct program *p);
/* A further connection and context, for a process forked from this one. */
MUST_CHECK bool program_connect(struct program *p, struct ctx *c);
/* Prints the error of C and returns 1, for commands. */
int program_failed(const struct ctx *c);

/* The tables of the program. */
extern const struct route routes[];
extern const size_t routes_count;
extern const struct job_kind tasks[];
extern const size_t tasks_count;
/* Keeps a demo's roster ahead of the days. */
enum err demo_renew_job(struct ctx *c, int64_t unused);
/* The page of an error (router.h). */
void error_page(struct ctx *c, const struct request *q, struct response *r, enum err e);
#endif
