#include "base/json.h"
#include "db/db.h"
#include "http/health.h"

enum err health_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	TRY(db_begin(c, false));
	enum err e = db_commit(c);
	if (e != OK)
		return REFUSE(c, ERR_BUSY, "The database does not answer.");
	struct json j;
	json_init(&j, response_json(c, r, 200));
	json_object(&j);
	json_key(&j, "status");
	json_str(&j, S("ok"));
	json_end(&j);
	return OK;
}
