#include "vault/receipt.h"
#include "base/id.h"
#include "vault/derive.h"

enum { SYMBOLS = 20, REGION_SYMBOLS = 2, RANDOM_SYMBOLS = 17 };
_Static_assert(RECEIPT_TEXT_BYTES == SYMBOLS + SYMBOLS / 4 - 1, "groups of four");
_Static_assert(SYMBOLS == REGION_SYMBOLS + RANDOM_SYMBOLS + 1, "region, random, check");

/* Everything else from valid symbols. The region's number is part of what is hashed. */
static void fill(const struct vault *v, const uint8_t symbols[SYMBOLS], struct receipt *receipt)
{
	struct str secret = part_of(symbols, SYMBOLS - 1);
	uint8_t seed[VAULT_KEY_BYTES], id[VAULT_KEY_BYTES];
	symbols_write(symbols, SYMBOLS, receipt->text);
	receipt->region_number = symbols[0] * 32 + symbols[1];
	derive(v->receipt_key, "receipt/lookup", &secret, 1, id);
	vault_hash("receipt/lookup", (struct str[]){ part_of(id, sizeof id) }, 1, receipt->lookup);
	derive(v->receipt_key, "receipt/pair", &secret, 1, seed);
	vault_pair_of(seed, &receipt->pair);
	vault_wipe(id, sizeof id);
	vault_wipe(seed, sizeof seed);
}

static void make(
	const struct vault *v, int region_number, const uint8_t random[RANDOM_SYMBOLS], struct receipt *receipt)
{
	assert(v && receipt);
	assert(region_number >= 0 && region_number <= RECEIPT_REGION_MAX);
	uint8_t symbols[SYMBOLS] = { (uint8_t)(region_number / 32), (uint8_t)(region_number % 32) };
	symbols_of_bytes(random, RANDOM_SYMBOLS, symbols + REGION_SYMBOLS);
	symbols[SYMBOLS - 1] = symbols_check(symbols, SYMBOLS - 1, KIND_RECEIPT);
	fill(v, symbols, receipt);
	vault_wipe(symbols, sizeof symbols);
}

void vault_receipt_new(const struct vault *v, int region_number, struct receipt *receipt)
{
	uint8_t random[RANDOM_SYMBOLS];
	random_bytes(random, sizeof random);
	make(v, region_number, random, receipt);
	vault_wipe(random, sizeof random);
}

void vault_receipt_from_token(
	const struct vault *v, int region_number, const uint8_t token[RECEIPT_TOKEN_BYTES], struct receipt *receipt)
{
	uint8_t random[VAULT_HASH_BYTES];
	derive(v->receipt_key, "receipt/token", (struct str[]){ part_of(token, RECEIPT_TOKEN_BYTES) }, 1, random);
	make(v, region_number, random, receipt);
	vault_wipe(random, sizeof random);
}

enum code_read vault_receipt_read(const struct vault *v, struct str text, struct receipt *receipt)
{
	assert(v && receipt);
	uint8_t symbols[SYMBOLS];
	enum code_read read = symbols_read(text, KIND_RECEIPT, symbols, SYMBOLS);
	if (read == CODE_OK)
		fill(v, symbols, receipt);
	vault_wipe(symbols, sizeof symbols);
	return read;
}
