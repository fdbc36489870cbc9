/* Accounts: keys, passwords, names to sign in with. Roles at posts are in accounts_grants.c and accounts_members.c, sessions in
 * accounts_session.c, invitations and resets in accounts_invite.c, pages in accounts_web*.c. */
#include "features/accounts/accounts.h"
#include "accounts_sql.h"
#include "base/id.h"
#include "base/utf8.h"
#include "features/accounts/accounts_keys.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "http/form.h"
#include "http/session.h"
#include "http/slow.h"
#include "vault/codes.h"
#include "vault/hash.h"
#include "vault/password.h"
#include "web/words.h"

enum { PHONE_DIGITS_MIN = 8, PHONE_DIGITS_MAX = 15 };

const char *const accounts_role_codes[] = { "resident", "head", "figure", "mediator", "officer", "desk", "command",
	"press", "admin", NULL };
const char *const accounts_role_names[] = { N_("Resident"), N_("Head of RT or RW"), N_("Community figure"),
	N_("Mediator"), N_("Bhabinkamtibmas"), N_("Duty desk"), N_("Chief"), N_("Press officer"), N_("Administrator") };

unsigned accounts_role_of(struct str code)
{
	for (unsigned i = 0; accounts_role_codes[i]; i++)
		if (str_is(code, accounts_role_codes[i]))
			return 1U << i;
	return 0;
}

struct str accounts_role_list(struct ctx *c, unsigned roles)
{
	struct str list = { "", 0 };
	for (unsigned i = 0; i < 9; i++) {
		if (!(roles & (1U << i)))
			continue;
		list = arena_and(c->mem, list, words_get(c->lang, accounts_role_names[i]));
	}
	return list;
}

const struct accounts_session *accounts_signed_in(const struct ctx *c)
{
	return c->session ? c->session->more : NULL;
}

const struct membership *accounts_at_post(const struct ctx *c, int64_t post_id)
{
	const struct accounts_session *me = accounts_signed_in(c);
	for (size_t i = 0; me && i < me->posts_count; i++)
		if (me->posts[i].post_id == post_id)
			return &me->posts[i];
	return NULL;
}

bool accounts_phone(struct arena *mem, struct str typed, struct str *phone)
{
	char *to = arena_alloc(mem, typed.n + 4, 1);
	size_t n = 0;
	typed = str_trim(typed);
	bool plus = typed.n && typed.p[0] == '+';
	to[n++] = '+';
	for (size_t i = plus ? 1 : 0; i < typed.n; i++) {
		char ch = typed.p[i];
		if (ch == ' ' || ch == '-' || ch == '.' || ch == '(' || ch == ')')
			continue;
		if (ch < '0' || ch > '9')
			return false;
		if (n == 1 && !plus && ch == '0') {
			to[n++] = '6'; /* a number without country is Indonesian */
			to[n++] = '2';
			continue;
		}
		to[n++] = ch;
	}
	*phone = (struct str){ to, n };
	return n > PHONE_DIGITS_MIN && n <= PHONE_DIGITS_MAX + 1;
}

struct name_input {
	struct str name;
};
static const struct field name_fields[] = {
	FIELD(name_input, name, FIELD_LINE, 1, ACCOUNTS_NAME_MAX, true, N_("Your name")),
};
static const struct form name_form = FORM(name_input, name_fields, NULL);

bool accounts_name_fits(struct arena *mem, struct str typed, struct str *name)
{
	struct ctx c = { .mem = mem };
	struct form_state *state = arena_new_of(mem, struct form_state);
	struct name_input in = { 0 };
	if (!utf8_valid(typed))
		return false;
	state->values[state->values_count++] = (struct form_value){ S("name"), typed };
	bool fits = form_fill(&c, &name_form, state, &in);
	*name = in.name;
	return fits;
}

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

struct vault_row accounts_row(const struct ctx *c, int64_t account_id)
{
	return (struct vault_row){ S("accounts"), c->region, account_id };
}

void accounts_name_lookup(struct ctx *c, struct str typed, uint8_t lookup[VAULT_HASH_BYTES])
{
	struct str phone;
	if (accounts_phone(c->mem, typed, &phone))
		vault_lookup(c->vault, "sign_in_phone", phone, lookup);
	else
		vault_lookup(c->vault, "sign_in_name", utf8_fold(c->mem, typed), lookup);
}

enum err accounts_find(struct ctx *c, struct str name_or_phone, int64_t *id, bool *found)
{
	uint8_t lookup[VAULT_HASH_BYTES];
	struct accounts_name_find_row row;
	accounts_name_lookup(c, name_or_phone, lookup);
	TRY(accounts_name_find(c, bytes(lookup, sizeof lookup), &row, found));
	if (!*found)
		return OK;
	*id = row.account_id;
	return places_enter(c, row.region);
}

static enum err store_name(struct ctx *c, struct str typed, int64_t account_id)
{
	uint8_t lookup[VAULT_HASH_BYTES];
	accounts_name_lookup(c, typed, lookup);
	return accounts_name_insert(c, bytes(lookup, sizeof lookup), account_id);
}

static void wipe_key(void *key)
{
	vault_wipe(key, VAULT_KEY_BYTES);
}

uint8_t *accounts_secret(struct ctx *c)
{
	uint8_t *key = arena_alloc(c->mem, VAULT_KEY_BYTES, 1);
	arena_defer(c->mem, wipe_key, key);
	return key;
}

enum err accounts_password_key(
	struct ctx *c, struct str password, struct str salt, int64_t cost, uint8_t key[VAULT_KEY_BYTES])
{
	return slow_hash(c, utf8_clean(c->mem, password), salt, cost, key);
}

int64_t accounts_password_cost(const struct ctx *c)
{
	return accounts_settings.cheap || c->demo ? PASSWORD_COST_LEAST : PASSWORD_COST_NORMAL;
}

enum err accounts_password_wrap(struct ctx *c, int64_t account_id, struct str password, struct str salt, int64_t cost,
	const uint8_t secret_key[VAULT_KEY_BYTES], struct str *wrapped)
{
	uint8_t *key = accounts_secret(c);
	struct vault_row row = accounts_row(c, account_id);
	TRY(accounts_password_key(c, password, salt, cost, key));
	uint8_t *to = arena_alloc(c->mem, VAULT_WRAPPED_BYTES, 1);
	vault_wrap(key, &row, "password_key", secret_key, to);
	*wrapped = bytes(to, VAULT_WRAPPED_BYTES);
	return OK;
}

struct str accounts_recovery_wrap(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code)
{
	uint8_t *key = accounts_secret(c);
	uint8_t *to = arena_alloc(c->mem, VAULT_WRAPPED_BYTES, 1);
	char *text = arena_alloc(c->mem, RECOVERY_TEXT_BYTES + 1, 1);
	struct vault_row row = accounts_row(c, account_id);
	vault_recovery_new(text, key);
	vault_wrap(key, &row, "recovery_key", secret_key, to);
	*code = str_of(text);
	return bytes(to, VAULT_WRAPPED_BYTES);
}

enum err accounts_create(
	struct ctx *c, const struct account_new *what, const struct key_pair *pair, int64_t *id, struct str *recovery)
{
	uint8_t *salt = arena_alloc(c->mem, PASSWORD_SALT_BYTES, 1);
	struct str password_key;
	int64_t cost = what->cheap ? PASSWORD_COST_LEAST : accounts_password_cost(c);
	assert(*id > 0);
	assert(what->salt.n == PASSWORD_SALT_BYTES);
	memcpy(salt, what->salt.p, PASSWORD_SALT_BYTES);
	TRY(accounts_password_wrap(
		c, *id, what->password, bytes(salt, PASSWORD_SALT_BYTES), cost, pair->secret_key, &password_key));
	struct str recovery_key = accounts_recovery_wrap(c, *id, pair->secret_key, recovery);
	TRY(accounts_insert(c, *id, what->name, what->phone, what->lang == LANG_EN ? S("en") : S("id"),
		bytes(pair->public_key, VAULT_KEY_BYTES), bytes(salt, PASSWORD_SALT_BYTES), cost, password_key,
		recovery_key));
	TRY(store_name(c, what->name, *id));
	return what->phone.n ? store_name(c, what->phone, *id) : OK;
}

enum err accounts_name_taken(struct ctx *c, struct str typed, bool *taken)
{
	uint8_t lookup[VAULT_HASH_BYTES];
	struct accounts_name_find_row row;
	accounts_name_lookup(c, typed, lookup);
	return accounts_name_find(c, bytes(lookup, sizeof lookup), &row, taken);
}
