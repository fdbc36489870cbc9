/* confine.h - what the processes of this program may still open once they are confined (os/sandbox.h). */
#ifndef ADEM_APP_CONFINE_H
#define ADEM_APP_CONFINE_H
#include "app/program.h"
#include "os/sandbox.h"

/* Confines this process for good as the setting "sandbox" says: an embedded database's folder to read and write, the files
 * that connecting to a server needs to read, and nothing else. False: it is not confined as it must be and must not go
 * on. */
MUST_CHECK bool confine(const struct program *p, enum sandbox_kind kind);
#endif
