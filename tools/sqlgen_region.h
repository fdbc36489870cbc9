/* sqlgen_region.h - one statement, one region: every table that a statement names is held to the region by itself. */
#ifndef ADEM_TOOLS_SQLGEN_REGION_H
#define ADEM_TOOLS_SQLGEN_REGION_H

/* The first table of SQL (in the form of struct sqlgen_statement) that is not: NULL, or its alias or name in a buffer
 * of the function's own. A table is held by "alias.region = :region" in the SELECT, UPDATE or DELETE that names it,
 * where it stands alone also by "region = :region"; an INSERT by "region" as its first column and :region, or the
 * region of the row it comes from, as its first value. Nothing holds beside an OR (put it in parentheses), behind a
 * NOT, for tables in parentheses, or where the region itself is set. Being joined to a table that is held is not
 * enough: a database that is spread over machines by region sends the statement to one of them only when each table
 * says which. */
const char *sqlgen_without_region(const char *sql);
#endif
