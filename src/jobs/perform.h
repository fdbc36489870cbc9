/* perform.h - within src/jobs: one job, from its lease to the mark that it is done. */
#ifndef ADEM_JOBS_PERFORM_H
#define ADEM_JOBS_PERFORM_H
#include "jobs/queue.h"

/* How long a job of KIND (NULL: of none that is known) may take, in milliseconds. */
int64_t job_limit_ms(const struct job_kind *kind);
/* How long a worker that takes a job of KIND has it to itself. */
int64_t job_lease_ms(const struct job_kind *kind);
/* When the round of KIND after MS begins in a region. */
int64_t job_round_ms(const struct job_kind *kind, struct str region, int64_t ms);
/* Makes that round's job, if it is not there yet; in a write transaction. *AT_MS: when it is due. */
MUST_CHECK enum err job_add_round(struct ctx *c, const struct job_kind *kind, int64_t *at_ms);
/* Takes one job of c->region that is called NAME and does it as KIND says (NULL: it fails, nobody knows the kind). *FOUND:
 * there was one that was due. A job that fails is no error; that the queue cannot be read or written is. C is the caller's to
 * spoil. */
MUST_CHECK enum err job_perform(struct ctx *c, struct str name, const struct job_kind *kind, bool *found);
#endif
