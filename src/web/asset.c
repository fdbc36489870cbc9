#include "web/asset.h"

extern const struct asset assets[];
extern const size_t assets_count;

const struct asset *asset_by_name(const char *name)
{
	for (size_t i = 0; i < assets_count; i++)
		if (strcmp(assets[i].name, name) == 0)
			return &assets[i];
	return NULL;
}

const struct asset *asset_by_path(struct str path)
{
	for (size_t i = 0; i < assets_count; i++)
		if (str_is(path, assets[i].path))
			return &assets[i];
	return NULL;
}

struct safe_url asset_url(const char *name)
{
	const struct asset *a = asset_by_name(name);
	assert(a);
	return (struct safe_url){ str_of(a->path) };
}
