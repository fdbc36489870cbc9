/* lock.h - the queue of SQLite's writers: a file beside the database, locked by whoever writes.
 *
 * SQLite's own busy wait starves processes when several write. Here a writer blocks in the kernel instead, and two
 * locks in a row make it fair: who waits for the second holds the first, so that the process which has just written
 * cannot overtake. The locks belong to the open file, and end with the process however it dies. */
#ifndef ADEM_DB_LOCK_H
#define ADEM_DB_LOCK_H
#include "base/str.h"

/* Opens the lock file, which is made when absent. -1: errno says why. */
int lock_open(const char *file);
/* Waits for the lock, at most MAX_MS. False: in vain. Uses SIGALRM and ITIMER_REAL while waiting. */
bool lock_take(int fd, int64_t max_ms);
void lock_release(int fd);
/* Belongs to those who have the database open, until FD is closed; the write lock is held. True: nobody else does. */
bool lock_join(int fd);
/* Whether somebody belongs to them through another open file. */
bool lock_has_joined(int fd);
#endif
