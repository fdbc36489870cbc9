/* Everything that people paste into the vault: receipts, invitations, recovery codes, form tokens with answers, cookies.
 * What is read must be written the same way again, and nothing may be found valid that the vault did not make. */
#include "vault/codes.h"
#include "vault/hash.h"
#include "vault/proof.h"
#include "vault/receipt.h"
#include "vault/tokens.h"
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct vault *vault;

static void open_vault(void)
{
	char path[] = "/tmp/adem-fuzz-XXXXXX";
	const char *why;
	int fd = mkstemp(path);
	if (fd < 0 || close(fd) != 0 || unlink(path) != 0)
		abort();
	vault = vault_open(path, true, &why);
	if (!vault || unlink(path) != 0)
		abort();
}

static void receipt(struct str text)
{
	struct receipt a, b;
	if (vault_receipt_read(vault, text, &a) != CODE_OK)
		return;
	assert(strlen(a.text) == RECEIPT_TEXT_BYTES);
	assert(a.region_number >= 0 && a.region_number <= RECEIPT_REGION_MAX);
	enum code_read again = vault_receipt_read(vault, str_of(a.text), &b);
	assert(again == CODE_OK && vault_equal(a.lookup, b.lookup, sizeof a.lookup));
	struct invitation_code code;
	again = vault_invitation_read(vault, text, &code);
	assert(again == CODE_CHECK);
}

static void codes(struct str text)
{
	struct invitation_code code;
	uint8_t key[VAULT_KEY_BYTES];
	if (vault_invitation_read(vault, text, &code) == CODE_OK)
		assert(strlen(code.text) == INVITATION_TEXT_BYTES);
	(void)!vault_recovery_read(text, key);
}

static void token(struct str text)
{
	struct proof proof;
	struct str answer = text;
	(void)str_cut(&answer, ' ', &text);
	const struct proof_terms terms = {
		.form = "reports", .bits = 16, .age_max_ms = INT64_MAX, .waited_age_max_ms = INT64_MAX
	};
	enum proof_result result = vault_proof_check(vault, &terms, text, answer, 1, &proof);
	assert(result == PROOF_FORGED);
}

static void cookie(struct str text)
{
	struct session_token session;
	if (vault_session_read(text, &session))
		assert(str_eq(str_of(session.text), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!vault)
		open_vault();
	struct str text = { (const char *)data, n };
	receipt(text);
	codes(text);
	token(text);
	cookie(text);
	return 0;
}
