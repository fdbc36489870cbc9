/* program.h - what most commands begin with: settings, pepper, database, a context. */
#ifndef ADEM_APP_PROGRAM_H
#define ADEM_APP_PROGRAM_H
#include "app/config.h"
#include "base/err.h"
#include "jobs/queue.h"
#include "http/router.h"

struct program {
	struct config cfg;
	struct arena *mem; /* lives as long as the program; cfg's texts are in it */
	struct vault *vault;
	struct ctx ctx; /* on ctx.db, with memory of its own */
};

enum program_needs {
	NEEDS_VAULT = 1,
	NEEDS_DB = 2,
	NEEDS_SCHEMA = 4, /* the newest; otherwise it says which command to run */
	MAKES_DATA = 8,   /* makes the data directory and the pepper when they are missing */
};

/* Reads the settings (see config_load) and opens what is needed. On failure the reason is printed and *status is
 * the exit status. */
MUST_CHECK bool program_open(struct program *p, unsigned needs, int argc, char **argv, const char *usage,
	const char *const *own, const char **own_values, const char ***words, int *status);
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
