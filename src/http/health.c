#include "http/health.h"
#include "base/json.h"

enum err health_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	struct json j;
	json_init(&j, response_json(c, r, 200));
	json_object(&j);
	json_key(&j, "status");
	json_str(&j, S("ok"));
	json_end(&j);
	return OK;
}
