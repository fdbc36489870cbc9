/* postgres_state.h - what PostgreSQL's codes of errors (SQLSTATE) mean to whoever asked. Inside src/db only. */
#ifndef ADEM_DB_POSTGRES_STATE_H
#define ADEM_DB_POSTGRES_STATE_H
#include "base/err.h"

enum err state_code(const char *state);
/* The same transaction may succeed when it is repeated. */
bool state_is_passing(const char *state);
/* Another transaction holds a row for longer than was to be waited. */
bool state_is_held(const char *state);
/* The server only reads. */
bool state_is_read_only(const char *state);
/* The server's message may hold a value. */
bool state_is_about_values(const char *state);
#endif
