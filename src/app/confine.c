#include "app/confine.h"
#include "app/place.h"
#include "base/log.h"

bool confine(const struct program *p, enum sandbox_kind kind)
{
	const struct config *cfg = &p->cfg;
	if (str_is(cfg->sandbox, "off"))
		return true;
	struct sandbox what = { .kind = kind };
	if (kind != SANDBOX_HASHER) {
		what.dirs[0] = place_folder(p);
		what.network = what.dirs[0] == NULL;
		db_files(p->mem, cfg->database, what.reads, COUNT(what.reads));
	}
	enum sandbox_result got = sandbox_enter(&what);
	if (got == SANDBOX_FULL)
		return true;
	bool required = str_is(cfg->sandbox, "required");
	log_warn("sandbox_incomplete", "files=open calls=%s goes_on=%s", got == SANDBOX_PARTLY ? "confined" : "open",
		required ? "no" : "yes");
	return !required;
}
