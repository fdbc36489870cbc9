/* place.h - where the database lies. An embedded one has a folder of its own, DATA/db, because the folder is what workers may
 * write to: the pepper and the configuration lie outside of it. */
#ifndef ADEM_APP_PLACE_H
#define ADEM_APP_PLACE_H
#include "app/program.h"

/* For db_connect(): the setting, an embedded file with its whole path. */
struct str place_of_database(const struct program *p);
/* The file of an embedded database, NUL at the end; NULL when it is on a server. */
const char *place_file(const struct program *p);
/* The folder of an embedded database, NUL at the end; NULL when it is on a server. */
const char *place_folder(const struct program *p);
/* Sees to it that the database can be opened: with MAKES the folder is made, and a database that lies where it did before
 * there was one (DATA/adem.db) is moved there, which a line on standard output tells. Where there is a pepper, none is made
 * in place of one that is missing or empty, unless p->new_database. Without MAKES, one that is not there is not made. False
 * after saying what is wrong. */
MUST_CHECK bool place_prepare(struct program *p, bool makes);
/* Whether a database may be made where it is missing or empty. Where there is a pepper there was one, and what was in it must not
 * be given up without a word: then only with p->new_database. False after saying so. */
MUST_CHECK bool place_may_make(const struct program *p);
/* Whether workers can be confined to the folder: neither the pepper nor the configuration is in it. False after saying
 * which one is. */
MUST_CHECK bool place_is_apart(const struct program *p);
#endif
