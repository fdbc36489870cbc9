#include "vault/box.h"
#include "base/id.h"
#include "vault/derive.h"
#include <sodium.h>

enum {
	FORMAT = 1,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	HEAD_BYTES = 1 + NONCE_BYTES,
};
static const char key_field[] = "content_key"; /* in the associated data of sealed content keys */

struct wipe {
	void *p;
	size_t n;
};

static void wipe_later(void *arg)
{
	const struct wipe *w = arg;
	sodium_memzero(w->p, w->n);
}

/* Plaintext in an arena: gone when the request is. */
static uint8_t *secret_alloc(struct arena *mem, size_t n)
{
	struct wipe *w = arena_new_of(mem, struct wipe);
	*w = (struct wipe){ arena_alloc(mem, n, 1), n };
	arena_defer(mem, wipe_later, w);
	return w->p;
}

void vault_box_new(struct vault_box *box, const struct vault_row *row)
{
	assert(box && row->id > 0);
	*box = (struct vault_box){ .row = *row };
	random_bytes(box->content_key, sizeof box->content_key);
}

struct str vault_box_seal(struct arena *mem, const struct vault_box *box, const char *field, struct str text)
{
	assert(text.n <= BOX_TEXT_BYTES_MAX);
	uint8_t code[ROW_CODE_BYTES_MAX];
	size_t code_n = row_encode("box", &box->row, field, code);
	size_t padded_n = (text.n / BOX_PADDING + 1) * BOX_PADDING, n = 0;
	size_t blob_n = HEAD_BYTES + padded_n + TAG_BYTES;
	uint8_t *blob = arena_alloc(mem, blob_n, 1), *body = blob + HEAD_BYTES;
	blob[0] = FORMAT;
	random_bytes(blob + 1, NONCE_BYTES);
	if (text.n > 0)
		memcpy(body, text.p, text.n);
	int padded = sodium_pad(&n, body, text.n, BOX_PADDING, padded_n);
	assert(padded == 0 && n == padded_n);
	(void)padded;
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		body, NULL, body, padded_n, code, code_n, NULL, blob + 1, box->content_key); /* in place */
	return (struct str){ (char *)blob, blob_n };
}

bool vault_box_seal_key(
	struct vault_box *box, const uint8_t reader_public[VAULT_KEY_BYTES], uint8_t sealed[VAULT_SEALED_BYTES])
{
	if (!box->has_ephemeral)
		vault_pair_new(&box->ephemeral);
	box->has_ephemeral = true;
	return seal_key_with(&box->ephemeral, reader_public, &box->row, key_field, box->content_key, sealed);
}

bool vault_box_open_key(
	struct vault_box *box, const struct vault_row *row, const struct key_pair *reader, struct str sealed)
{
	*box = (struct vault_box){ .row = *row };
	return vault_open_key(reader, row, key_field, sealed, box->content_key);
}

bool vault_box_open(
	struct arena *mem, const struct vault_box *box, const char *field, struct str ciphertext, struct str *text)
{
	const uint8_t *blob = (const uint8_t *)ciphertext.p;
	if (ciphertext.n < HEAD_BYTES + BOX_PADDING + TAG_BYTES || blob[0] != FORMAT)
		return false;
	uint8_t code[ROW_CODE_BYTES_MAX];
	size_t code_n = row_encode("box", &box->row, field, code);
	size_t padded_n = ciphertext.n - HEAD_BYTES - TAG_BYTES, n = 0;
	uint8_t *body = secret_alloc(mem, padded_n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(body, NULL, NULL, blob + HEAD_BYTES, padded_n + TAG_BYTES, code,
		    code_n, blob + 1, box->content_key) != 0)
		return false;
	if (sodium_unpad(&n, body, padded_n, BOX_PADDING) != 0)
		return false;
	body[n] = 0; /* the first byte of the padding */
	*text = (struct str){ (char *)body, n };
	return true;
}
