#include "features/reports/receipts_called.h"
#include "web/words.h"

/* Names of called posts, each in one of the first three. */
struct called_names {
	struct names {
		struct str *all;
		size_t count;
	} now, nobody_there, also;
	struct names hear; /* of all of them */
};

static void add(struct names *to, struct str name)
{
	to->all[to->count++] = name;
}

static void sort(struct ctx *c, const struct alert_target *readers, size_t readers_count, const struct alert_told *told,
	struct called_names *out)
{
	struct names *lists[] = { &out->now, &out->nobody_there, &out->also, &out->hear };
	for (size_t i = 0; i < COUNT(lists); i++)
		*lists[i] = (struct names){ arena_array(c->mem, struct str, told->called_count + 1), 0 };
	for (size_t i = 0; i < told->called_count; i++) {
		const struct alert_called *post = &told->called[i];
		bool reads = false;
		for (size_t k = 0; k < readers_count; k++)
			reads = reads || readers[k].post_id == post->post_id;
		add(!reads ? &out->also : post->heard ? &out->now : &out->nobody_there, post->name);
		if (post->heard)
			add(&out->hear, post->name);
	}
}

static struct str listed(struct ctx *c, const struct names *names)
{
	struct str all = S("");
	for (size_t i = 0; i < names->count; i++)
		all = arena_and(c->mem, all, names->all[i]);
	return all;
}

struct called_words receipts_called_words(
	struct ctx *c, const struct alert_target *readers, size_t readers_count, const struct alert_told *told)
{
	struct called_names names;
	sort(c, readers, readers_count, told, &names);
	struct word_value now = { "names", listed(c, &names.now) }, also = { "names", listed(c, &names.also) };
	struct word_value nobody[] = {
		{"names",   listed(c, &names.nobody_there)},
		{ "others", listed(c, &names.hear)        },
	};
	struct called_words out = { S(""), S(""), S("") };
	if (names.now.count)
		out.now = words_format(c->mem, c->lang, N_("Called now: {names}."), &now, 1);
	if (names.nobody_there.count)
		out.nobody_there = words_format(c->mem, c->lang,
			names.hear.count ? N_("Called, but nobody could be reached there: {names}. The call reaches: "
					      "{others}.")
					 : N_("Called, but nobody could be reached there: {names}."),
			nobody, COUNT(nobody));
	if (names.also.count)
		out.also = words_format(
			c->mem, c->lang, N_("Also called: {names}. They do not read what you wrote."), &also, 1);
	return out;
}

static void put_names(struct json *j, const char *key, const struct names *names)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < names->count; i++)
		json_str(j, names->all[i]);
	json_end(j);
}

void receipts_put_called(struct ctx *c, const struct alert_target *readers, size_t readers_count,
	const struct alert_told *told, struct json *j)
{
	struct called_names names;
	sort(c, readers, readers_count, told, &names);
	put_names(j, "called", &names.now);
	put_names(j, "nobody_there", &names.nobody_there);
	put_names(j, "also_called", &names.also);
}
