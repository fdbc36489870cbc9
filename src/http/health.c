#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "events_sql.h"
#include "http/health.h"

enum err health_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	struct events_since_row *rows;
	size_t rows_count;
	c->region = S("-"); /* whichever: the answer counts, not what it says */
	enum err e = db_begin(c, false);
	if (e == OK)
		e = events_since(c, INT64_MAX, &rows, &rows_count);
	db_rollback(c);
	if (e != OK) {
		log_warn("not_healthy", "why=\"%.*s\"", STR_ARG(c->err.why));
		return REFUSE(c, ERR_BUSY, "The database does not answer.");
	}
	struct json j;
	json_init(&j, response_json(c, r, 200));
	json_object(&j);
	json_key(&j, "status");
	json_str(&j, S("ok"));
	json_end(&j);
	return OK;
}
