#include "features/accounts/accounts_news.h"
#include "accounts_sql.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/frame/frame.h"

enum err accounts_tell(struct ctx *c, int64_t account_id, const char *kind, int64_t post_id, unsigned roles)
{
	return accounts_notice_insert(c, id_new(c->now_ms), account_id, str_of(kind),
		(struct opt_int){ post_id != 0, post_id }, roles,
		(struct opt_int){ c->account_id != 0, c->account_id });
}

static const char *key_of(struct str kind)
{
	static const struct {
		const char *kind, *key;
	} keys[] = {
		{NEWS_PASSWORD,            N_("Your password was changed.")                                          },
		{ NEWS_RECOVERY_MADE,      N_("A new recovery code was made for you. It works after a day.")         },
		{ NEWS_RECOVERY_CANCELLED, N_("The new recovery code was cancelled. The one of before still works.") },
		{ NEWS_RECOVERED,          N_("Somebody got in with your recovery code and set a new password.")     },
		{ NEWS_RESET_MADE,         N_("Whoever runs Adem here made a code that sets a new password for you.")},
		{ NEWS_RESET,              N_("Your account was reset: it has a new password and a new key.")        },
		{ NEWS_JOINED,             N_("You joined {post} as: {roles}.")                                      },
		{ NEWS_ROLES,              N_("Your roles at {post} are now: {roles}.")                              },
		{ NEWS_REMOVED,            N_("You do not belong to {post} any more.")                               },
		{ NEWS_KEY,                N_("You were given the key of {post}.")                                   },
	};
	for (size_t i = 0; i < COUNT(keys); i++)
		if (str_is(kind, keys[i].kind))
			return keys[i].key;
	return keys[0].key;
}

enum err accounts_news(struct ctx *c, struct accounts_news_line **lines, size_t *count, int64_t *last)
{
	struct accounts_notices_row *rows;
	TRY(accounts_notices(c, c->account_id, &rows, count));
	*lines = arena_array(c->mem, struct accounts_news_line, *count + 1);
	*last = *count ? rows[0].id : 0;
	for (size_t i = 0; i < *count; i++) {
		struct word_value values[] = {
			{"post",                rows[i].post_name       },
                        { "roles", accounts_role_list(c, (unsigned)rows[i].roles) }
		};
		bool self = rows[i].by_id.is && rows[i].by_id.v == c->account_id;
		(*lines)[i] = (struct accounts_news_line){
			.text = words_format(c->mem, c->lang, key_of(rows[i].kind), values, COUNT(values)),
			.when = frame_date_clock(c, rows[i].created_ms),
			.by = self || !rows[i].by_id.is ? S("") : rows[i].by_name,
		};
	}
	return OK;
}
