/* hold.h - what a running program holds against others: its directory and its embedded database, and that these stay where they
 * are. */
#ifndef ADEM_APP_HOLD_H
#define ADEM_APP_HOLD_H
#include "app/program.h"

/* Takes the data directory and the embedded database for as long as this program and its children live: two servers on one of
 * them would do each job twice, and one would hold what the other's proxy does not know. False after a line to stderr. */
MUST_CHECK bool hold_alone(struct program *p);
/* Has the supervisor end the program when the file of the embedded database is moved, removed, overwritten or another one
 * put in its place, or its log removed: what was acknowledged after that would be in a file that nobody finds. Says in the
 * log when the file of the pepper is away or another one, and in *PEPPER_AWAY, memory that processes share, as long as it is. */
void hold_watch(struct program *p, bool *pepper_away);
#endif
