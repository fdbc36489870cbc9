/* Known answers were computed by vault_vectors.py with Python's hashlib and its OpenSSL bindings, and libargon2: no code in
 * common with libsodium or src/vault. */
#include "vault_test.h"
#include "base/id.h"
#include "vault/box.h"
#include "vault/password.h"
#include "vault/tokens.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct vault_row account_row = {
	{"accounts", 8},
        { "31.71",   5},
        77
};
static const struct vault_row circle_row = {
	{"circles", 7},
        { "31.71",  5},
        77
};
static const struct vault_row report_row = {
	{"reports", 7},
        { "31.71",  5},
        77
};

static void count_from(uint8_t first, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(first + i);
}

static struct str bytes_of(const void *p, size_t n)
{
	return (struct str){ p, n };
}

static void hashes_agree_with_known_answers(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	uint8_t hash[32], zero[32] = { 0 };
	vault_hash("test", (struct str[]){ S("abc"), S("") }, 2, hash);
	assert_true(is_hex(hash, 32, "a70cf518473421c429ac2d07b4a303cbdc8a0103597b7c7f56b234e0f2cac45f"));
	vault_lookup(v, "sign_in", S("siti"), hash);
	assert_true(is_hex(hash, 32, "5eb4e1086aa32cf650130988338de15c58f7848e2734f9636deb482400ac39dc"));
	vault_chain(v, zero, S("row"), hash);
	assert_true(is_hex(hash, 32, "175f2269b2bc4efaa6a1b5d2c6e5207eceed1776d2eb0f2327dc2efe5490797d"));
	vault_chain_head(v, S("31.71"), 7, zero, hash);
	assert_true(is_hex(hash, 32, "33cc496394a802c4d955439f4745e92014b546513d92f572db29d023f03911dd"));
	vault_chain(NULL, zero, S("row"), hash);
	assert_true(is_hex(hash, 32, "c8da6d42973493d2042c95d71d644f5b236ab99f2a8291b60203efee196b6c74"));
	vault_fingerprint(v, hash);
	assert_true(is_hex(hash, 8, "effcf32666438bd8"));
	vault_close(v);
}

static void a_hash_knows_its_label_and_where_parts_end(void **state)
{
	(void)state;
	uint8_t a[32], b[32], c[32], d[32];
	vault_hash("one", (struct str[]){ S("ab"), S("c") }, 2, a);
	vault_hash("one", (struct str[]){ S("a"), S("bc") }, 2, b);
	vault_hash("two", (struct str[]){ S("ab"), S("c") }, 2, c);
	vault_hash("one", (struct str[]){ S("abc") }, 1, d);
	assert_false(vault_equal(a, b, 32) || vault_equal(a, c, 32) || vault_equal(a, d, 32) || vault_equal(b, d, 32));
	vault_hash("one", (struct str[]){ S("ab"), S("c") }, 2, b);
	assert_true(vault_equal(a, b, 32));
}

static void lookups_of_another_pepper_or_kind_differ(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	char path[] = "/tmp/adem-pepper-XXXXXX";
	const char *why;
	assert_true(close(mkstemp(path)) == 0 && unlink(path) == 0);
	struct vault *other = vault_open(path, true, &why);
	assert_non_null(other);
	uint8_t a[32], b[32];
	vault_lookup(v, "sign_in", S("siti"), a);
	vault_lookup(other, "sign_in", S("siti"), b);
	assert_memory_not_equal(a, b, 32);
	vault_lookup(v, "phone", S("siti"), b);
	assert_memory_not_equal(a, b, 32);
	vault_fingerprint(v, a);
	vault_fingerprint(other, b);
	assert_memory_not_equal(a, b, 8);
	(void)unlink(path);
	vault_close(v);
	vault_close(other);
}

static void the_pepper_is_made_once_and_read_again(void **state)
{
	(void)state;
	char dir[] = "/tmp/adem-vault-XXXXXX", path[64], other[64];
	const char *why = NULL;
	uint8_t first[8], again[8];
	struct stat st;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/pepper.key", dir);
	assert_null(vault_open(path, false, &why));
	assert_string_equal(why, "there is no pepper file");
	struct vault *v = vault_open(path, true, &why);
	assert_non_null(v);
	vault_fingerprint(v, first);
	vault_close(v);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 32);
	assert_int_equal(st.st_nlink, 1);
	v = vault_open(path, true, &why);
	assert_non_null(v);
	vault_fingerprint(v, again);
	vault_close(v);
	assert_memory_equal(first, again, 8);
	(void)snprintf(other, sizeof other, "%s/none/pepper.key", dir);
	assert_null(vault_open(other, true, &why));
	assert_string_equal(why, "the pepper file cannot be made");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else was left behind */
}

static void processes_that_start_together_agree_on_one_pepper(void **state)
{
	(void)state;
	enum { PROCESSES = 8 };
	char dir[] = "/tmp/adem-vault-XXXXXX", path[64];
	uint8_t seen[PROCESSES][8];
	int ends[2];
	assert_non_null(mkdtemp(dir));
	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof path, "%s/pepper.key", dir);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0) {
			const char *why;
			struct vault *v = vault_open(path, true, &why);
			if (!v)
				_exit(1);
			vault_fingerprint(v, seen[0]);
			_exit(write(ends[1], seen[0], 8) != 8);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = 1;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		assert_int_equal(read(ends[0], seen[i], 8), 8);
		assert_memory_equal(seen[0], seen[i], 8);
	}
	(void)close(ends[0]);
	(void)close(ends[1]);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_pepper_that_others_may_read_or_that_is_odd_is_refused(void **state)
{
	(void)state;
	static const struct {
		mode_t mode;
		size_t bytes;
		bool good;
	} cases[] = {
		{0600,  32, true },
		{ 0400, 32, true },
		{ 0640, 32, true },
		{ 0604, 32, false},
		{ 0601, 32, false},
		{ 0644, 32, false},
		{ 0660, 32, false},
		{ 0602, 32, false},
		{ 0600, 31, false},
		{ 0600, 33, false},
		{ 0600, 0,  false},
	};
	char path[] = "/tmp/adem-pepper-XXXXXX";
	int fd = mkstemp(path);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = NULL;
		assert_int_equal(fchmod(fd, cases[i].mode), 0);
		assert_int_equal(ftruncate(fd, (off_t)cases[i].bytes), 0);
		struct vault *v = vault_open(path, true, &why);
		assert_true((v != NULL) == cases[i].good);
		assert_true((why == NULL) == cases[i].good);
		vault_close(v);
	}
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	const char *why = NULL;
	assert_null(vault_open("/tmp", true, &why));
	assert_string_equal(why, "the pepper is not a regular file");
}

static void passwords_agree_with_known_answers_and_depend_on_everything(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	uint8_t salt[16], key[32], other[32];
	count_from(0, salt, 16);
	assert_true(vault_password_key(v, S("kampung rawa"), salt, PASSWORD_COST_LEAST, key));
	assert_true(is_hex(key, 32, "659d7bdda2808554f07bcb922118d6fb9998c1191b15851955e029f5e973ff03"));
	assert_true(vault_password_key(v, S("kampung rawa"), salt, PASSWORD_COST_NORMAL, other));
	assert_true(is_hex(other, 32, "93c68400a897ccbaa70bf808672de44625c369c4be09ea889ec3726b05a84706"));
	assert_true(vault_password_key(v, S("kampung Rawa"), salt, PASSWORD_COST_LEAST, other));
	assert_memory_not_equal(key, other, 32);
	salt[15] ^= 1;
	assert_true(vault_password_key(v, S("kampung rawa"), salt, PASSWORD_COST_LEAST, other));
	assert_memory_not_equal(key, other, 32);
	assert_true(vault_password_key(v, S(""), salt, PASSWORD_COST_LEAST, other));
	assert_false(vault_password_key(v, S("x"), salt, PASSWORD_COST_COUNT, other));
	assert_false(vault_password_key(v, S("x"), salt, -1, other));
	static const char longest[PASSWORD_BYTES_MAX + 1] = { 'x' };
	assert_true(vault_password_key(v, bytes_of(longest, PASSWORD_BYTES_MAX), salt, PASSWORD_COST_LEAST, other));
	assert_false(
		vault_password_key(v, bytes_of(longest, PASSWORD_BYTES_MAX + 1), salt, PASSWORD_COST_LEAST, other));
	vault_close(v);
}

static void known_wrapped_and_sealed_keys_open(void **state)
{
	(void)state;
	uint8_t key[32], secret[32], reader_secret[32], blob[VAULT_SEALED_BYTES];
	struct key_pair reader;
	count_from(32, key, 32);
	count_from(3, reader_secret, 32);
	vault_pair_of(reader_secret, &reader);
	size_t n = from_hex("01000102030405060708090a0b0c0d0e0f1011121314151617f748c6b2717d411e5fa701761f1e75"
			    "b1484e4f388cbb11c0d457a83928d458afe56f7d0cf2cef934130de355316635f9",
		blob);
	assert_true(vault_unwrap(key, &account_row, "password_key", bytes_of(blob, n), secret));
	assert_true(is_hex(secret, 32, "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"));
	n = from_hex("0107a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7cd16e45e08504e0"
		     "fce7f864e62d0e14342c4752f4614c0e5be0cae155ffb0ebe6dc326652feac7dfb7eab7d267b352e81",
		blob);
	assert_true(vault_open_key(&reader, &circle_row, "secret_key", bytes_of(blob, n), secret));
	assert_true(is_hex(secret, 32, "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"));
}

static void a_known_box_opens(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	uint8_t reader_secret[32], sealed[VAULT_SEALED_BYTES], blob[512];
	struct key_pair reader;
	struct vault_box box;
	struct str text;
	count_from(3, reader_secret, 32);
	vault_pair_of(reader_secret, &reader);
	size_t n = from_hex("0107a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c71d7b4ff02ee6f"
			    "d0bbfed8ba0c9e77a44ce3ed281d46f920873b37333103564ebe828fb4d5a9bdab15a29cc7cf43f029",
		sealed);
	assert_true(vault_box_open_key(&box, &report_row, &reader, bytes_of(sealed, n)));
	n = from_hex(
		"01000102030405060708090a0b0c0d0e0f1011121314151617cbabe930704d5b2325aa93dac62c2d21932512f2826efba6c0"
		"7129640f24755cc3f18b9b7d4823ac2bf475acce35cc478b9c6323858784522bc9432a9186750c40ee1f53a215190b6073d0"
		"b690b519b1fc464bc249378ad21616e21b0589899084a7936526852f094da6e772424742fcb0a2fe43565c394dd112f8721a"
		"b320d85b7ccfcacce3f9cb776579bcb72ad4aac822144c214762658bc35a5317922b279cd5649c151d83ae6b2021ac792f8d"
		"cbe2d06e5d6e00182319486eb5130dc4e2fe1936ced961c58a99a47de1548aef730e208b1195da238ea76666039306c03307"
		"7184afa53f0c83c28144825dd04aee8ef426e77ea9f240ce3dc976e4b28d71a6d5f243ef1fe034c9cb7ebce013a8c6",
		blob);
	assert_true(vault_box_open(mem, &box, "text", bytes_of(blob, n), &text));
	assert_true(str_is(text, "RW 08"));
	arena_free(mem);
}

static void a_wrapped_key_opens_only_where_it_belongs(void **state)
{
	(void)state;
	uint8_t key[32], secret[32], back[32], zero[32] = { 0 }, wrapped[VAULT_WRAPPED_BYTES];
	random_bytes(key, 32);
	random_bytes(secret, 32);
	vault_wrap(key, &account_row, "password_key", secret, wrapped);
	struct str blob = bytes_of(wrapped, sizeof wrapped);
	assert_true(vault_unwrap(key, &account_row, "password_key", blob, back));
	assert_memory_equal(secret, back, 32);
	struct vault_row moved = account_row;
	moved.id = 78;
	assert_false(vault_unwrap(key, &moved, "password_key", blob, back));
	assert_memory_equal(back, zero, 32);
	moved = account_row;
	moved.region = S("31.72");
	assert_false(vault_unwrap(key, &moved, "password_key", blob, back));
	moved = account_row;
	moved.table = S("sessions");
	assert_false(vault_unwrap(key, &moved, "password_key", blob, back));
	assert_false(vault_unwrap(key, &account_row, "recovery_key", blob, back));
	assert_false(vault_unwrap(key, &account_row, "password_key", bytes_of(wrapped, sizeof wrapped - 1), back));
	assert_false(vault_unwrap(key, &account_row, "password_key", S(""), back));
	key[31] ^= 128;
	assert_false(vault_unwrap(key, &account_row, "password_key", blob, back));
	key[31] ^= 128;
	for (size_t i = 0; i < sizeof wrapped; i++) {
		wrapped[i] ^= 1;
		assert_false(vault_unwrap(key, &account_row, "password_key", blob, back));
		wrapped[i] ^= 1;
	}
	assert_true(vault_unwrap(key, &account_row, "password_key", blob, back));
}

/* The texts of a row are told apart by their lengths, not by where one happens to end. */
static void neighbouring_texts_of_a_row_do_not_run_together(void **state)
{
	(void)state;
	uint8_t key[32] = { 1 }, secret[32] = { 2 }, back[32], wrapped[VAULT_WRAPPED_BYTES];
	struct vault_row one = { S("ab"), S("c"), 1 }, two = { S("a"), S("bc"), 1 };
	vault_wrap(key, &one, "f", secret, wrapped);
	assert_false(vault_unwrap(key, &two, "f", bytes_of(wrapped, sizeof wrapped), back));
	assert_true(vault_unwrap(key, &one, "f", bytes_of(wrapped, sizeof wrapped), back));
}

static void a_sealed_key_opens_only_for_its_reader_and_place(void **state)
{
	(void)state;
	struct key_pair reader, other;
	uint8_t secret[32], back[32], zero[32] = { 0 }, sealed[VAULT_SEALED_BYTES];
	vault_pair_new(&reader);
	vault_pair_new(&other);
	random_bytes(secret, 32);
	assert_true(vault_seal_key(reader.public_key, &circle_row, "secret_key", secret, sealed));
	struct str blob = bytes_of(sealed, sizeof sealed);
	assert_true(vault_open_key(&reader, &circle_row, "secret_key", blob, back));
	assert_memory_equal(secret, back, 32);
	assert_false(vault_open_key(&other, &circle_row, "secret_key", blob, back));
	assert_memory_equal(back, zero, 32);
	struct vault_row moved = circle_row;
	moved.id++;
	assert_false(vault_open_key(&reader, &moved, "secret_key", blob, back));
	assert_false(vault_open_key(&reader, &circle_row, "secret", blob, back));
	assert_false(vault_open_key(&reader, &circle_row, "secret_key", bytes_of(sealed, 10), back));
	for (size_t i = 0; i < sizeof sealed; i++) {
		sealed[i] ^= 4;
		assert_false(vault_open_key(&reader, &circle_row, "secret_key", blob, back));
		sealed[i] ^= 4;
	}
	assert_false(vault_seal_key(zero, &circle_row, "secret_key", secret, sealed)); /* a point of small order */
}

static void a_box_opens_for_each_reader_and_nobody_else(void **state)
{
	(void)state;
	enum { READERS = 7 };
	struct arena *mem = arena_new(4096);
	struct key_pair readers[READERS], stranger;
	uint8_t keys[READERS][VAULT_SEALED_BYTES];
	struct vault_box box, opened;
	struct str text;
	vault_box_new(&box, &report_row);
	struct str sealed_text = vault_box_seal(mem, &box, "text", S("Ada yang kumpul di gang."));
	struct str sealed_contact = vault_box_seal(mem, &box, "contact", S(""));
	for (int i = 0; i < READERS; i++) {
		vault_pair_new(&readers[i]);
		assert_true(vault_box_seal_key(&box, readers[i].public_key, keys[i]));
	}
	vault_wipe(&box, sizeof box);
	vault_pair_new(&stranger);
	for (int i = 0; i < READERS; i++) {
		struct str key = bytes_of(keys[i], VAULT_SEALED_BYTES);
		assert_true(vault_box_open_key(&opened, &report_row, &readers[i], key));
		assert_true(vault_box_open(mem, &opened, "text", sealed_text, &text));
		assert_true(str_is(text, "Ada yang kumpul di gang."));
		assert_int_equal(text.p[text.n], 0);
		assert_true(vault_box_open(mem, &opened, "contact", sealed_contact, &text));
		assert_int_equal(text.n, 0);
		assert_false(vault_box_open_key(&opened, &report_row, &stranger, key));
		assert_false(vault_box_open_key(&opened, &report_row, &readers[(i + 1) % READERS], key));
	}
	arena_free(mem);
}

static void a_reader_can_let_another_read(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct key_pair first, second;
	uint8_t key[VAULT_SEALED_BYTES], passed[VAULT_SEALED_BYTES];
	struct vault_box box;
	struct str text;
	vault_pair_new(&first);
	vault_pair_new(&second);
	vault_box_new(&box, &report_row);
	struct str blob = vault_box_seal(mem, &box, "text", S("x"));
	assert_true(vault_box_seal_key(&box, first.public_key, key));
	assert_true(vault_box_open_key(&box, &report_row, &first, bytes_of(key, sizeof key)));
	assert_true(vault_box_seal_key(&box, second.public_key, passed));
	assert_memory_not_equal(key + 1, passed + 1, 32); /* another ephemeral key */
	assert_true(vault_box_open_key(&box, &report_row, &second, bytes_of(passed, sizeof passed)));
	assert_true(vault_box_open(mem, &box, "text", blob, &text) && str_is(text, "x"));
	arena_free(mem);
}

static void a_box_that_was_moved_or_changed_does_not_open(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct key_pair reader;
	uint8_t key[VAULT_SEALED_BYTES];
	struct vault_box box, moved;
	struct str text;
	vault_pair_new(&reader);
	vault_box_new(&box, &report_row);
	struct str blob = vault_box_seal(mem, &box, "text", S("x"));
	assert_true(vault_box_seal_key(&box, reader.public_key, key));
	assert_false(vault_box_open(mem, &box, "contact", blob, &text));
	struct vault_row rows[] = {
		{report_row.table,      report_row.region, 78},
		{ report_row.table,     S("31.72"),        77},
		{ S("report_messages"), report_row.region, 77},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(vault_box_open_key(&moved, &rows[i], &reader, bytes_of(key, sizeof key)));
		moved = box;
		moved.row = rows[i];
		assert_false(vault_box_open(mem, &moved, "text", blob, &text));
	}
	for (size_t i = 0; i < blob.n; i++) {
		((char *)(uintptr_t)blob.p)[i] ^= 32;
		assert_false(vault_box_open(mem, &box, "text", blob, &text));
		((char *)(uintptr_t)blob.p)[i] ^= 32;
	}
	for (size_t n = 0; n < blob.n; n++)
		assert_false(vault_box_open(mem, &box, "text", bytes_of(blob.p, n), &text));
	assert_true(vault_box_open(mem, &box, "text", blob, &text));
	arena_free(mem);
}

static void a_box_hides_the_length_of_its_text(void **state)
{
	(void)state;
	static char words[3 * BOX_PADDING];
	memset(words, 'a', sizeof words);
	struct arena *mem = arena_new(4096);
	struct vault_box box;
	struct str back;
	vault_box_new(&box, &report_row);
	for (size_t n = 0; n <= sizeof words; n++) {
		struct str blob = vault_box_seal(mem, &box, "text", bytes_of(words, n));
		assert_int_equal(blob.n, 1 + 24 + (n / BOX_PADDING + 1) * BOX_PADDING + 16);
		assert_true(vault_box_open(mem, &box, "text", blob, &back));
		assert_true(str_eq(back, bytes_of(words, n)));
	}
	arena_free(mem);
}

static void look_at_text(void *arg)
{
	const struct str *text = arg;
	for (size_t i = 0; i < text->n; i++)
		assert_int_equal(text->p[i], 0);
}

static void opened_text_is_wiped_with_its_arena(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096), *kept = arena_new(4096);
	struct vault_box box;
	struct str text = { NULL, 0 };
	vault_box_new(&box, &report_row);
	struct str blob = vault_box_seal(kept, &box, "text", S("tawuran nanti malam"));
	arena_defer(
		mem, look_at_text, &text); /* deferred first, so it runs after the wiping and before the memory goes */
	assert_true(vault_box_open(mem, &box, "text", blob, &text));
	assert_true(str_is(text, "tawuran nanti malam"));
	arena_free(mem);
	arena_free(kept);
}

static void sessions_agree_with_known_answers(void **state)
{
	(void)state;
	struct session_token s, again;
	struct vault *v = open_known_vault();
	uint8_t key[32], another[32];
	assert_true(vault_session_read(S("yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5uc"), &s));
	assert_int_equal(s.token[0], 200);
	vault_session_lookup(v, &s, key);
	assert_true(is_hex(key, 32, "b0a00691dfad7ccfbe4e393adebbb020ce7b69417e6b2f05094f3dbdcead8e59"));
	vault_session_key(v, &s, 77, 1732030200000, key);
	assert_true(is_hex(key, 32, "5bcca59518c3bdec0cac840e430f2a2ab040dbc197f07a556cabe51cb7ab43f8"));
	vault_session_key(v, &s, 78, 1732030200000, another);
	assert_memory_not_equal(key, another, 32);
	vault_session_key(v, &s, 77, 1732030200001, another);
	assert_memory_not_equal(key, another, 32);
	vault_close(v);
	assert_string_equal(s.csrf, "uOd36MU-4RVa2dvyLUijqQ");
	vault_session_new(&s);
	assert_true(vault_session_read(str_of(s.text), &again));
	assert_memory_equal(s.token, again.token, sizeof s.token);
	assert_string_equal(s.text, again.text);
	assert_true(vault_csrf_check(&s, str_of(again.csrf)));
	vault_session_new(&again);
	assert_false(vault_csrf_check(&s, str_of(again.csrf)));
	assert_false(vault_csrf_check(&s, S("")));
	assert_false(vault_csrf_check(&s, str_of(s.text)));
	static const char *const bad[] = { "", "abc", "yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5u",
		"yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5ud", "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5uc",
		"yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5uc=", "yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5u=" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(vault_session_read(str_of(bad[i]), &s));
	vault_session_new(&s);
	for (size_t i = 0; i < SESSION_TEXT_BYTES; i++) /* no other bytes mean the same */
		for (int other = 0; other < 256; other++) {
			char text[SESSION_TEXT_BYTES];
			memcpy(text, s.text, sizeof text);
			text[i] = (char)other;
			bool read = vault_session_read(bytes_of(text, sizeof text), &again);
			assert_true(!read || memcmp(again.text, text, sizeof text) == 0);
			assert_true(other == s.text[i] || !vault_equal(again.token, s.token, 32) || !read);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_agree_with_known_answers),
		cmocka_unit_test(a_hash_knows_its_label_and_where_parts_end),
		cmocka_unit_test(lookups_of_another_pepper_or_kind_differ),
		cmocka_unit_test(the_pepper_is_made_once_and_read_again),
		cmocka_unit_test(processes_that_start_together_agree_on_one_pepper),
		cmocka_unit_test(a_pepper_that_others_may_read_or_that_is_odd_is_refused),
		cmocka_unit_test(passwords_agree_with_known_answers_and_depend_on_everything),
		cmocka_unit_test(known_wrapped_and_sealed_keys_open),
		cmocka_unit_test(a_known_box_opens),
		cmocka_unit_test(a_wrapped_key_opens_only_where_it_belongs),
		cmocka_unit_test(neighbouring_texts_of_a_row_do_not_run_together),
		cmocka_unit_test(a_sealed_key_opens_only_for_its_reader_and_place),
		cmocka_unit_test(a_box_opens_for_each_reader_and_nobody_else),
		cmocka_unit_test(a_reader_can_let_another_read),
		cmocka_unit_test(a_box_that_was_moved_or_changed_does_not_open),
		cmocka_unit_test(a_box_hides_the_length_of_its_text),
		cmocka_unit_test(opened_text_is_wiped_with_its_arena),
		cmocka_unit_test(sessions_agree_with_known_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
