/* script.h - within src/db: the text of a migration, cut into statements. Knows as much of SQL as the project's own
 * migrations use: keywords in capitals, comments behind "--", no "$$" and no ';' inside of quotes. */
#ifndef ADEM_DB_SCRIPT_H
#define ADEM_DB_SCRIPT_H
#include "base/arena.h"

/* SQL without its comments, in MEM. */
struct str script_plain(struct arena *mem, struct str sql);
/* Cuts the next statement, without its ';', off *REST, which script_plain() made. False: there is none left. */
bool script_next(struct str *rest, struct str *statement);

struct script_list {
	struct str *item; /* in an arena */
	size_t count, cap;
};

/* The actions of an ALTER TABLE, one for each comma between them, in MEM; none when STATEMENT is another one. */
struct script_list script_actions(struct arena *mem, struct str statement);
bool script_makes_table(struct str statement);
/* STATEMENT, a CREATE TABLE, without its references; for each of these a statement that adds it, under the name that
 * PostgreSQL would have given it, goes to OUT. Both in MEM. */
struct str script_lift(struct arena *mem, struct str statement, struct script_list *out);
/* STATEMENT as Citus takes it: ALTER TABLE … ADD COLUMN without its CHECK, which goes to OUT as an ADD CONSTRAINT under the name
 * that PostgreSQL would have given it; any other one as it is. In MEM. */
struct str script_lift_check(struct arena *mem, struct str statement, struct script_list *out);
#endif
