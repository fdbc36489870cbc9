#include "features/accounts/accounts_password.h"
#include "accounts_sql.h"
#include "base/utf8.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_words.h"
#include "features/places/places.h"
#include "vault/strength.h"
#include "web/words.h"

/* A million million guesses. Four words that do not belong together pass; two of the commonest and a year do not. */
static const double BITS_MIN = 40;

/* What is known of the person is named as the reason when it spares so many doublings of guesses. */
static const double BITS_OF_KNOWING = 8;

static void add(struct accounts_known *k, struct str word)
{
	if (word.n >= STRENGTH_WORD_BYTES_MIN && k->count < ACCOUNTS_KNOWN_MAX)
		k->words[k->count++] = word;
}

static bool is_letter(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (ch & 0x80);
}

/* What of a text people type: of a phone number what stands behind the country. */
static struct str as_typed(struct ctx *c, struct str text)
{
	const struct str home = S("+62");
	struct str phone;
	if (!accounts_phone(c->mem, text, &phone))
		return utf8_fold(c->mem, text);
	return str_starts(phone, home) ? (struct str){ phone.p + home.n, phone.n - home.n } : phone;
}

void accounts_know_text(struct ctx *c, struct accounts_known *k, struct str text)
{
	struct str folded = as_typed(c, text);
	char *joined = arena_alloc(c->mem, folded.n + 1, 1);
	size_t joined_n = 0, pieces = 0;
	for (size_t i = 0, from; i < folded.n; i++) {
		for (from = i; i < folded.n && is_letter(folded.p[i]); i++)
			joined[joined_n++] = folded.p[i];
		add(k, (struct str){ folded.p + from, i - from });
		pieces += i > from;
	}
	if (pieces > 1)
		add(k, (struct str){ joined, joined_n });
}

enum err accounts_know_post(struct ctx *c, struct accounts_known *k, struct str name, int64_t place_id)
{
	struct place *places;
	size_t places_count;
	accounts_know_text(c, k, name);
	TRY(places_upward(c, place_id, &places, &places_count));
	for (size_t i = 0; i < places_count; i++)
		accounts_know_text(c, k, places[i].name);
	return OK;
}

enum err accounts_know_account(struct ctx *c, struct accounts_known *k, int64_t account_id)
{
	struct accounts_get_row row;
	struct accounts_memberships_row *posts;
	size_t posts_count;
	bool found;
	TRY(accounts_get(c, account_id, &row, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such account");
	accounts_know_text(c, k, row.name);
	accounts_know_text(c, k, row.phone);
	TRY(accounts_memberships(c, account_id, &posts, &posts_count));
	for (size_t i = 0; i < posts_count; i++)
		TRY(accounts_know_post(c, k, posts[i].post_name, posts[i].place_id));
	return OK;
}

enum err accounts_check_password(
	struct ctx *c, const struct request *q, const char *field, struct str password, const struct accounts_known *k)
{
	struct str typed = utf8_clean(c->mem, password), *words;
	size_t common = 0;
	if (c->demo && str_is(typed, ACCOUNTS_DEMO_PASSWORD))
		return OK;
	words = arena_array(c->mem, struct str, STRENGTH_WORDS_MAX);
	while (common < STRENGTH_WORDS_MAX - ACCOUNTS_KNOWN_MAX && accounts_common_words[common]) {
		words[k->count + common] = str_of(accounts_common_words[common]);
		common++;
	}
	memcpy(words, k->words, k->count * sizeof *words);
	struct strength all = vault_strength(c->mem, typed, words, k->count + common);
	if (all.bits >= BITS_MIN)
		return OK;
	if (vault_strength(c->mem, typed, words + k->count, common).bits - all.bits >= BITS_OF_KNOWING)
		return form_refuse(c, q, field,
			N_("Whoever knows you guesses this: it is made of your name, your number, your post or a place "
			   "here. Take four words that have nothing to do with you."));
	return form_refuse(c, q, field,
		all.pattern
			? N_("This is guessed quickly, because it repeats or counts, is a date, or follows the keys. "
			     "Take four words that do not belong together.")
			: N_("This is guessed quickly, because such words are tried first. Take four words that do not "
			     "belong together, or add one more."));
}
