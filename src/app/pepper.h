/* pepper.h - the pepper and the database belong together. Receipts, passwords and sign-in names made with one pepper are
 * lost with another, so its fingerprint stands in the database (table "pepper"): a key file that is missing beside data
 * is never replaced by a new one, and one that does not fit is refused by every command. */
#ifndef ADEM_APP_PEPPER_H
#define ADEM_APP_PEPPER_H
#include "app/program.h"

/* Whether p->ctx.db can be the pepper's: an empty one beside a pepper stands where one with data was, and passes with
 * p->new_database only. False after saying why. */
MUST_CHECK bool pepper_had_database(struct program *p);
/* Opens p->vault, and compares it with the database when p->ctx.db is open. A missing file is made with MAKES, unless the
 * database holds anything. A database that does not know its pepper yet passes with MAKES only. False after saying
 * why. */
MUST_CHECK bool pepper_open(struct program *p, bool makes);
/* Writes the fingerprint of p->vault into a database that has none, for the end of a migration. Where people sign in
 * already, one of their names must be found with this pepper; otherwise it is another one and nothing is written. SAY is
 * told in a line. */
MUST_CHECK enum err pepper_bind(struct program *p, void (*say)(void *arg, const char *line), void *arg);
#endif
