/* box.h - sealed text. A row's box has one random content key; each field of the row is encrypted under it, and the key is
 * sealed to every reader (circles, a receipt). Whoever may read opens the key with their own pair, then the fields.
 *
 *	struct vault_box box;
 *	vault_box_new(&box, &row);
 *	ciphertext = vault_box_seal(mem, &box, "text", text);
 *	for each reader: vault_box_seal_key(&box, reader_public, sealed_key);
 *	vault_wipe(&box, sizeof box);
 *
 *	vault_box_open_key(&box, &row, &my_pair, sealed_key) && vault_box_open(mem, &box, "text", ciphertext, &text)
 *
 * XChaCha20-Poly1305 with random nonces; table, region, id and field are authenticated, so a ciphertext that was moved to
 * another row or field does not open. Text is padded to multiples of BOX_PADDING bytes: its length shows only in such
 * steps. One ephemeral key pair serves all readers of a box, so that a reader costs one multiplication on the curve. */
#ifndef ADEM_VAULT_BOX_H
#define ADEM_VAULT_BOX_H
#include "base/arena.h"
#include "vault/keys.h"

enum { BOX_PADDING = 256, BOX_TEXT_BYTES_MAX = 16 << 20 };

/* Secrets of one row in use: wipe it. The texts of ROW are borrowed and must outlive it. Copying it is harmless, changing
 * its members is not: the ephemeral pair belongs to this content key alone. */
struct vault_box {
	struct vault_row row;
	uint8_t content_key[VAULT_KEY_BYTES];
	struct key_pair ephemeral;
	bool has_ephemeral;
};

/* A new content key for ROW. */
void vault_box_new(struct vault_box *box, const struct vault_row *row);
/* The ciphertext of TEXT (any bytes, at most BOX_TEXT_BYTES_MAX, may be empty) for FIELD, in memory of MEM. */
struct str vault_box_seal(struct arena *mem, const struct vault_box *box, const char *field, struct str text);
/* The content key for one reader. False: READER_PUBLIC is no usable key. */
MUST_CHECK bool vault_box_seal_key(
	struct vault_box *box, const uint8_t reader_public[VAULT_KEY_BYTES], uint8_t sealed[VAULT_SEALED_BYTES]);
/* Fills *BOX with the content key of ROW that was sealed to READER; then fields can be opened, and the key sealed to
 * further readers. False (and BOX holds no key) for another reader or row, or when a byte was changed. */
MUST_CHECK bool vault_box_open_key(
	struct vault_box *box, const struct vault_row *row, const struct key_pair *reader, struct str sealed);
/* The text of FIELD in memory of MEM, followed by a NUL, wiped when MEM is reset. False when it is another field or row,
 * or a byte was changed. */
MUST_CHECK bool vault_box_open(
	struct arena *mem, const struct vault_box *box, const char *field, struct str ciphertext, struct str *text);
#endif
