#include "features/accounts/accounts_news.h"
#include "accounts_sql.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/frame/frame.h"
#include "http/session.h"

#define NEWS_CODE(constant, code, words) code,
#define NEWS_NAME(constant, code, words) words,
static const char *const codes[NEWS_COUNT] = { ACCOUNTS_NEWS(NEWS_CODE) };
static const char *const names[NEWS_COUNT] = { ACCOUNTS_NEWS(NEWS_NAME) };
#undef NEWS_CODE
#undef NEWS_NAME

enum err accounts_tell(struct ctx *c, int64_t account_id, enum news kind, int64_t post_id, unsigned roles)
{
	return accounts_notice_insert(c, id_new(c->now_ms), account_id, str_of(codes[kind]),
		(struct opt_int){ post_id != 0, post_id }, roles,
		(struct opt_int){ c->account_id != 0, c->account_id });
}

/* The database holds no other kinds. */
static const char *name_of(struct str kind)
{
	int i = 0;
	while (i < NEWS_COUNT - 1 && !str_is(kind, codes[i]))
		i++;
	return names[i];
}

enum err accounts_news(struct ctx *c, struct accounts_news_line **lines, size_t *count, int64_t *last)
{
	struct accounts_notices_row *rows;
	TRY(accounts_notices(c, c->account_id, c->session->id, c->now_ms - NEWS_OF_SECRETS_MS, &rows, count));
	*lines = arena_array(c->mem, struct accounts_news_line, *count + 1);
	*last = *count ? rows[0].id : 0;
	for (size_t i = 0; i < *count; i++) {
		struct word_value values[] = {
			{"post",                rows[i].post_name       },
                        { "roles", accounts_role_list(c, (unsigned)rows[i].roles) }
		};
		bool self = rows[i].by_id.is && rows[i].by_id.v == c->account_id;
		(*lines)[i] = (struct accounts_news_line){
			.text = words_format(c->mem, c->lang, name_of(rows[i].kind), values, COUNT(values)),
			.when = frame_date_clock(c, rows[i].created_ms),
			.by = self || !rows[i].by_id.is ? S("") : rows[i].by_name,
		};
	}
	return OK;
}
