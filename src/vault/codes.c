#include "vault/codes.h"
#include "base/id.h"
#include "vault/derive.h"

enum { INVITATION_SYMBOLS = 20, RECOVERY_SYMBOLS = 24, REGION_SYMBOLS = 2 };
_Static_assert(INVITATION_TEXT_BYTES == INVITATION_SYMBOLS + INVITATION_SYMBOLS / 4 - 1, "groups of four");
_Static_assert(RECOVERY_TEXT_BYTES == RECOVERY_SYMBOLS + RECOVERY_SYMBOLS / 4 - 1, "groups of four");
_Static_assert(RECOVERY_SYMBOLS <= (int)SYMBOLS_MAX, "the check finds what symbols.h promises");

/* N - 1 symbols are there but for those after FROM, which become random; then the check. */
static void complete(uint8_t *symbols, size_t from, size_t n, enum symbols_kind kind)
{
	uint8_t random[SYMBOLS_MAX];
	random_bytes(random, n - 1 - from);
	symbols_of_bytes(random, n - 1 - from, symbols + from);
	symbols[n - 1] = symbols_check(symbols, n - 1, kind);
	vault_wipe(random, sizeof random);
}

static void fill(const struct vault *v, const uint8_t symbols[INVITATION_SYMBOLS], struct invitation_code *code)
{
	struct str secret = part_of(symbols, INVITATION_SYMBOLS - 1);
	uint8_t seed[VAULT_KEY_BYTES], id[VAULT_KEY_BYTES];
	symbols_write(symbols, INVITATION_SYMBOLS, code->text);
	code->region_number = symbols[0] * 32 + symbols[1];
	derive(v->invitation_key, "invitation/lookup", &secret, 1, id);
	vault_hash("invitation/lookup", (struct str[]){ part_of(id, sizeof id) }, 1, code->lookup);
	derive(v->invitation_key, "invitation/pair", &secret, 1, seed);
	vault_pair_of(seed, &code->pair);
	vault_wipe(id, sizeof id);
	vault_wipe(seed, sizeof seed);
}

void vault_invitation_new(const struct vault *v, int region_number, struct invitation_code *code)
{
	assert(v && code);
	assert(region_number >= 0 && region_number <= INVITATION_REGION_MAX);
	uint8_t symbols[INVITATION_SYMBOLS] = { (uint8_t)(region_number / 32), (uint8_t)(region_number % 32) };
	complete(symbols, REGION_SYMBOLS, INVITATION_SYMBOLS, KIND_INVITATION);
	fill(v, symbols, code);
	vault_wipe(symbols, sizeof symbols);
}

enum code_read vault_invitation_read(const struct vault *v, struct str text, struct invitation_code *code)
{
	assert(v && code);
	uint8_t symbols[INVITATION_SYMBOLS];
	enum code_read read = symbols_read(text, KIND_INVITATION, symbols, INVITATION_SYMBOLS);
	if (read == CODE_OK)
		fill(v, symbols, code);
	vault_wipe(symbols, sizeof symbols);
	return read;
}

static void recovery_key(const uint8_t symbols[RECOVERY_SYMBOLS], uint8_t key[VAULT_KEY_BYTES])
{
	vault_hash("recovery", (struct str[]){ part_of(symbols, RECOVERY_SYMBOLS - 1) }, 1, key);
}

void vault_recovery_new(char text[RECOVERY_TEXT_BYTES + 1], uint8_t key[VAULT_KEY_BYTES])
{
	uint8_t symbols[RECOVERY_SYMBOLS];
	complete(symbols, 0, RECOVERY_SYMBOLS, KIND_RECOVERY);
	symbols_write(symbols, RECOVERY_SYMBOLS, text);
	recovery_key(symbols, key);
	vault_wipe(symbols, sizeof symbols);
}

enum code_read vault_recovery_read(struct str text, uint8_t key[VAULT_KEY_BYTES])
{
	uint8_t symbols[RECOVERY_SYMBOLS];
	enum code_read read = symbols_read(text, KIND_RECOVERY, symbols, RECOVERY_SYMBOLS);
	if (read == CODE_OK)
		recovery_key(symbols, key);
	vault_wipe(symbols, sizeof symbols);
	return read;
}
