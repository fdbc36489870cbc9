/* Receipts, invitations, recovery codes and form tokens. Known answers: see vault_test.c. */
#include "vault_test.h"
#include "base/clock.h"
#include "base/id.h"
#include "vault/codes.h"
#include "vault/proof.h"
#include "vault/receipt.h"
#include "vault/ticket.h"

static const int64_t then_ms = INT64_C(1732030200000);

static enum code_read read_as_receipt(const char *text)
{
	uint8_t symbols[20];
	return symbols_read(str_of(text), KIND_RECEIPT, symbols, 20);
}

static void assert_same_receipt(const struct receipt *a, const struct receipt *b)
{
	assert_string_equal(a->text, b->text);
	assert_int_equal(a->region_number, b->region_number);
	assert_memory_equal(a->lookup, b->lookup, sizeof a->lookup);
	assert_memory_equal(&a->pair, &b->pair, sizeof a->pair);
}

static void receipts_agree_with_known_answers(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	uint8_t token[16];
	struct receipt r, typed;
	for (size_t i = 0; i < sizeof token; i++)
		token[i] = (uint8_t)(100 + i);
	vault_receipt_from_token(v, 317, token, &r);
	assert_string_equal(r.text, "9XVE-M6PV-1X9M-ZT19-HRH7");
	assert_int_equal(r.region_number, 317);
	assert_true(is_hex(r.lookup, 32, "8021b51a8c5f84c530546339fa52d1b5f400fbb3810c0530be689d455d61adc8"));
	assert_true(is_hex(r.pair.public_key, 32, "5f3fe30e6f0f9ab3b79549e9476a630b9454a8b6b8a09ee2f21e0f001dce9d0b"));
	assert_int_equal(vault_receipt_read(v, str_of(r.text), &typed), CODE_OK);
	assert_same_receipt(&r, &typed);
	vault_receipt_from_token(v, 318, token, &typed);
	assert_memory_not_equal(r.lookup, typed.lookup, 32);
	vault_close(v);
}

static void a_receipt_names_its_region_and_is_read_again(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	for (int region = 0; region <= RECEIPT_REGION_MAX; region++) {
		struct receipt r, typed;
		vault_receipt_new(v, region, &r);
		assert_int_equal(strlen(r.text), RECEIPT_TEXT_BYTES);
		assert_int_equal(vault_receipt_read(v, str_of(r.text), &typed), CODE_OK);
		assert_int_equal(typed.region_number, region);
		assert_same_receipt(&r, &typed);
	}
	vault_close(v);
}

static void another_pepper_gives_another_receipt_key(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	const char *why;
	char path[] = "/tmp/adem-pepper-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(remove(path), 0);
	struct vault *other = vault_open(path, true, &why);
	assert_int_equal(remove(path), 0);
	struct receipt a, b;
	vault_receipt_new(v, 1, &a);
	assert_int_equal(vault_receipt_read(other, str_of(a.text), &b), CODE_OK);
	assert_memory_not_equal(a.lookup, b.lookup, 32);
	assert_memory_not_equal(a.pair.public_key, b.pair.public_key, 32);
	vault_close(v);
	vault_close(other);
}

static void typing_is_forgiven_where_it_is_clear(void **state)
{
	(void)state;
	static const char *const same[] = {
		"05ZY-XWVT-SRQP-NMKJ-HG10",
		"05zyxwvtsrqpnmkjhg10",
		"  o5ZY xwvt-SRQP\tNMKJ--hgiO\r\n",
		"05ZY\xE2\x80\x93XWVT\xE2\x80\x94SRQP\xC2\xA0NMKJ.HG_LO",
		"\xEF\xBB\xBF-0-5-Z-Y-X-W-V-T-S-R-Q-P-N-M-K-J-H-G-l-0",
	};
	uint8_t want[20], got[20];
	enum code_read first = symbols_read(str_of(same[0]), KIND_RECEIPT, want, 20);
	assert_true(first == CODE_OK || first == CODE_CHECK);
	for (size_t i = 1; i < COUNT(same); i++) {
		assert_int_equal(symbols_read(str_of(same[i]), KIND_RECEIPT, got, 20), first);
		assert_memory_equal(want, got, 20);
	}
	static const char *const bad[] = { "", "-", "05ZY-XWVT-SRQP-NMKJ-HG1", "05ZY-XWVT-SRQP-NMKJ-HG100",
		"U5ZY-XWVT-SRQP-NMKJ-HG10", "05ZY-XWVT-SRQP-NMKJ-HG1!", "05ZY-XWVT-SRQP-NMKJ-HG1\xE2",
		"05ZY+XWVT-SRQP-NMKJ-HG10", "05ZY-XWVT-SRQP-NMKJ-HG1u" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(read_as_receipt(bad[i]), CODE_SHAPE);
	assert_int_equal(symbols_read((struct str){ "05ZY\0XWVTSRQPNMKJHG10", 21 }, KIND_RECEIPT, got, 20), CODE_SHAPE);
	static char spaces[SYMBOLS_INPUT_BYTES_MAX + 1];
	memset(spaces, ' ', sizeof spaces);
	memcpy(spaces, "05ZYXWVTSRQPNMKJHG10", 20);
	assert_int_equal(symbols_read((struct str){ spaces, sizeof spaces - 1 }, KIND_RECEIPT, got, 20), first);
	assert_int_equal(symbols_read((struct str){ spaces, sizeof spaces }, KIND_RECEIPT, got, 20), CODE_SHAPE);
}

/* Fills SYMBOLS with a valid text of N symbols. */
static void any_valid(uint8_t *symbols, size_t n, enum symbols_kind kind)
{
	uint8_t random[SYMBOLS_MAX];
	random_bytes(random, sizeof random);
	symbols_of_bytes(random, n - 1, symbols);
	symbols[n - 1] = symbols_check(symbols, n - 1, kind);
}

static enum code_read check(const uint8_t *symbols, size_t n, enum symbols_kind kind)
{
	char text[SYMBOLS_MAX * 2];
	uint8_t back[SYMBOLS_MAX];
	symbols_write(symbols, n, text);
	enum code_read read = symbols_read(str_of(text), kind, back, n);
	assert_memory_equal(symbols, back, n);
	return read;
}

static void every_wrong_symbol_is_noticed(void **state)
{
	(void)state;
	static const size_t lengths[] = { 20, 24 };
	for (size_t l = 0; l < COUNT(lengths); l++) {
		size_t n = lengths[l];
		uint8_t s[SYMBOLS_MAX];
		any_valid(s, n, KIND_RECOVERY);
		assert_int_equal(check(s, n, KIND_RECOVERY), CODE_OK);
		for (size_t i = 0; i < n; i++) {
			uint8_t was = s[i];
			for (uint8_t wrong = 0; wrong < 32; wrong++) {
				s[i] = wrong;
				assert_int_equal(check(s, n, KIND_RECOVERY), wrong == was ? CODE_OK : CODE_CHECK);
			}
			s[i] = was;
		}
	}
}

/* Symbols A and B at I and J of some text: exchanged, or the twin A A typed as B B, they need another check symbol. */
static void pair_is_noticed(size_t i, size_t j, uint8_t a, uint8_t b)
{
	enum { N = 24 };
	uint8_t s[N], t[N];
	any_valid(s, N, KIND_RECEIPT);
	memcpy(t, s, N);
	s[i] = t[j] = a;
	s[j] = t[i] = b;
	assert_int_not_equal(symbols_check(s, N - 1, KIND_RECEIPT), symbols_check(t, N - 1, KIND_RECEIPT));
	s[j] = a;
	t[j] = b;
	assert_int_not_equal(symbols_check(s, N - 1, KIND_RECEIPT), symbols_check(t, N - 1, KIND_RECEIPT));
}

/* Every pair of places and every pair of symbols there: the rest of the text does not matter to a linear check, so one
 * random text for each shows it. */
static void every_exchange_and_every_twin_error_is_noticed(void **state)
{
	(void)state;
	for (size_t j = 1; j < 23; j++)
		for (size_t i = 0; i < j; i++)
			for (uint8_t a = 0; a < 32; a++)
				for (uint8_t b = 0; b < a; b++)
					pair_is_noticed(i, j, a, b);
}

static void the_check_symbol_changing_places_is_noticed(void **state)
{
	(void)state;
	enum { N = 24 };
	uint8_t s[N];
	for (size_t i = 0; i < N - 1; i++) {
		do
			any_valid(s, N, KIND_RECEIPT);
		while (s[i] == s[N - 1]);
		uint8_t keep = s[i];
		s[i] = s[N - 1];
		s[N - 1] = keep;
		assert_int_equal(check(s, N, KIND_RECEIPT), CODE_CHECK);
	}
}

static void one_kind_of_code_is_never_taken_for_another(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	for (int i = 0; i < 200; i++) {
		struct receipt r, r2;
		struct invitation_code c, c2;
		vault_receipt_new(v, i, &r);
		vault_invitation_new(v, i, &c);
		assert_int_equal(vault_invitation_read(v, str_of(r.text), &c2), CODE_CHECK);
		assert_int_equal(vault_receipt_read(v, str_of(c.text), &r2), CODE_CHECK);
	}
	vault_close(v);
}

static void invitations_and_recovery_codes_agree_with_known_answers(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	struct invitation_code c, again;
	uint8_t key[32], back[32];
	char text[RECOVERY_TEXT_BYTES + 1];
	assert_int_equal(vault_invitation_read(v, S("05ZY-XWVT-SRQP-NMKJ-HGFK"), &c), CODE_OK);
	assert_int_equal(c.region_number, 5);
	assert_true(is_hex(c.lookup, 32, "a837839c506ed429024699b07e2fcd1d67cf5a7579d5990e132ec180c8fa48e3"));
	assert_true(is_hex(c.pair.public_key, 32, "83f1afe6956dd0ecf40b9cea07a9665a8839e4667eb52e0ff469cf8f036dd951"));
	vault_invitation_new(v, 1023, &c);
	assert_int_equal(vault_invitation_read(v, str_of(c.text), &again), CODE_OK);
	assert_string_equal(c.text, again.text);
	assert_memory_equal(c.lookup, again.lookup, sizeof c.lookup);
	assert_memory_equal(&c.pair, &again.pair, sizeof c.pair);
	assert_int_equal(vault_recovery_read(S("0123-4567-89AB-CDEF-GHJK-MNPB"), key), CODE_OK);
	assert_true(is_hex(key, 32, "839ac0ac5292212fc2e172ac07a25b1496a3bd7086883330e74518b3789d2ddb"));
	vault_recovery_new(text, key);
	assert_int_equal(vault_recovery_read(str_of(text), back), CODE_OK);
	assert_memory_equal(key, back, 32);
	vault_close(v);
}

static enum proof_result check_proof(const struct vault *v, const char *form, struct str token, struct str answer,
	int64_t wait_ms, int64_t age_max_ms, int64_t now_ms, struct proof *proof)
{
	struct proof_terms terms = {
		.form = form, .bits = 10, .age_max_ms = age_max_ms, .wait_ms = wait_ms, .waited_age_max_ms = age_max_ms
	};
	return vault_proof_check(v, &terms, token, answer, now_ms, proof);
}

static void a_ticket_opens_where_it_was_given_and_nowhere_else(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	uint8_t content[TICKET_BYTES], got[TICKET_BYTES], none[TICKET_BYTES] = { 0 };
	char text[TICKET_TEXT_BYTES + 1], other[TICKET_TEXT_BYTES + 1];
	for (size_t i = 0; i < sizeof content; i++)
		content[i] = (uint8_t)(i + 1);
	vault_ticket_seal(v, S("here"), content, text);
	vault_ticket_seal(v, S("here"), content, other);
	assert_string_not_equal(text, other);
	assert_true(vault_ticket_open(v, S("here"), str_of(text), got));
	assert_memory_equal(got, content, sizeof content);
	assert_false(vault_ticket_open(v, S("there"), str_of(text), got));
	assert_memory_equal(got, none, sizeof none);
	assert_false(vault_ticket_open(v, S("here"), S(""), got));
	assert_false(vault_ticket_open(v, S("here"), (struct str){ text, TICKET_TEXT_BYTES - 1 }, got));
	for (size_t i = 0; i < TICKET_TEXT_BYTES; i++) {
		memcpy(other, text, sizeof other);
		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_false(vault_ticket_open(v, S("here"), str_of(other), got));
	}
	vault_close(v);
}

static void a_long_ticket_opens_with_all_that_is_in_it(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	static uint8_t content[TICKET_LONG_BYTES_MAX], got[TICKET_LONG_BYTES_MAX];
	static char text[TICKET_LONG_TEXT_BYTES_MAX + 1];
	static const size_t sizes[] = { 0, 1, 2, TICKET_BYTES, TICKET_LONG_BYTES_MAX };
	size_t n;
	for (size_t i = 0; i < sizeof content; i++)
		content[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		vault_ticket_seal_long(v, S("here"), content, sizes[i], text);
		assert_true(vault_ticket_open_long(v, S("here"), str_of(text), got, &n));
		assert_int_equal(n, sizes[i]);
		assert_memory_equal(got, content, n);
		assert_false(vault_ticket_open_long(v, S("there"), str_of(text), got, &n));
		text[0] = text[0] == 'A' ? 'B' : 'A';
		assert_false(vault_ticket_open_long(v, S("here"), str_of(text), got, &n));
		assert_int_equal(n, 0);
		text[strlen(text) - 1] = 0;
		assert_false(vault_ticket_open_long(v, S("here"), str_of(text), got, &n));
	}
	char more[TICKET_LONG_TEXT_BYTES_MAX + 5];
	memset(more, 'A', sizeof more - 1);
	more[sizeof more - 1] = 0;
	assert_false(vault_ticket_open_long(v, S("here"), str_of(more), got, &n));
	assert_false(vault_ticket_open_long(v, S("here"), S("AAAA"), got, &n));
	vault_close(v);
}

static void a_known_form_token_passes_with_its_answer(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	struct str token = S("AQAAAZNFC3jAAAECAwQFBgcICQoLDA0ODwzc9LTPf3ySv0_NXxgRtQsf");
	struct proof p;
	char answer[PROOF_ANSWER_BYTES_MAX + 1];
	assert_int_equal(check_proof(v, "reports", token, S("4724"), 10000, HOUR_MS, then_ms, &p), PROOF_OK);
	assert_true(p.made_ms == then_ms);
	assert_int_equal(p.bits, 12);
	assert_true(is_hex(p.random, 16, "000102030405060708090a0b0c0d0e0f"));
	assert_true(is_hex(p.hash, 32, "c0854916209636ad4d406235a5939321660c7b9274a886d3968424e6561a92e0"));
	assert_true(vault_proof_solve(token, answer));
	assert_string_equal(answer, "4724");
	vault_close(v);
}

static void a_form_token_passes_by_work_or_by_waiting(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	char token[PROOF_TEXT_BYTES + 1], answer[PROOF_ANSWER_BYTES_MAX + 1];
	struct proof p;
	vault_proof_new(v, "reports", 10, then_ms, token);
	struct str t = str_of(token), none = S("");
	assert_true(vault_proof_solve(t, answer));
	struct str good = str_of(answer);
	assert_int_equal(check_proof(v, "reports", t, good, 10000, HOUR_MS, then_ms, &p), PROOF_OK);
	assert_int_equal(check_proof(v, "reports", t, none, 10000, HOUR_MS, then_ms + 9999, &p), PROOF_TOO_EARLY);
	assert_int_equal(check_proof(v, "reports", t, none, 10000, HOUR_MS, then_ms + 10000, &p), PROOF_OK);
	assert_int_equal(check_proof(v, "reports", t, good, 10000, HOUR_MS, then_ms + HOUR_MS, &p), PROOF_OK);
	assert_int_equal(check_proof(v, "reports", t, good, 10000, HOUR_MS, then_ms + HOUR_MS + 1, &p), PROOF_EXPIRED);
	assert_int_equal(check_proof(v, "reports", t, good, 0, HOUR_MS, then_ms - 5 * MINUTE_MS, &p), PROOF_OK);
	assert_int_equal(
		check_proof(v, "reports", t, good, 0, HOUR_MS, then_ms - 5 * MINUTE_MS - 1, &p), PROOF_EXPIRED);
	assert_int_equal(check_proof(v, "receipts", t, good, 10000, HOUR_MS, then_ms, &p), PROOF_FORGED);
	const char *wrong[] = { "x y", "\xC3\xA9", "-", "012345678901234567890123456789012" };
	size_t failed = 0;
	for (size_t i = 0; i < COUNT(wrong); i++)
		failed += check_proof(v, "reports", t, str_of(wrong[i]), 0, HOUR_MS, then_ms, &p) == PROOF_WRONG;
	assert_true(failed >= 3); /* "-" may solve it, once in 1024 */
	vault_proof_new(v, "reports", 0, then_ms, token);
	assert_int_equal(check_proof(v, "reports", t, none, 10000, HOUR_MS, then_ms, &p), PROOF_OK);
	vault_close(v);
}

static void who_waits_comes_soon_and_waits_longer_where_many_ask(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	char token[PROOF_TEXT_BYTES + 1], answer[PROOF_ANSWER_BYTES_MAX + 1];
	struct proof_terms terms = { .form = "reports",
		.bits = 4,
		.age_max_ms = 12 * HOUR_MS,
		.wait_ms = 10000,
		.wait_more_ms = 5000,
		.waited_age_max_ms = 15 * MINUTE_MS };
	struct proof p;
	for (int more = 0; more <= 4; more++) {
		int64_t wait_ms = 10000 + more * 5000;
		vault_proof_new(v, "reports", 4 + more, then_ms, token);
		struct str t = str_of(token), none = S("");
		assert_true(vault_proof_wait_ms(&terms, 4 + more) == wait_ms);
		assert_int_equal(vault_proof_check(v, &terms, t, none, then_ms + wait_ms - 1, &p), PROOF_TOO_EARLY);
		assert_int_equal(vault_proof_check(v, &terms, t, none, then_ms + wait_ms, &p), PROOF_OK);
		assert_true(p.waited);
		assert_int_equal(vault_proof_check(v, &terms, t, none, then_ms + 15 * MINUTE_MS, &p), PROOF_OK);
		assert_int_equal(
			vault_proof_check(v, &terms, t, none, then_ms + 15 * MINUTE_MS + 1, &p), PROOF_EXPIRED);
		assert_true(vault_proof_solve(t, answer));
		assert_int_equal(vault_proof_check(v, &terms, t, str_of(answer), then_ms + 12 * HOUR_MS, &p), PROOF_OK);
		assert_false(p.waited);
	}
	vault_close(v);
}

static void the_answer_needs_exactly_the_bits_asked_for(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	char token[PROOF_TEXT_BYTES + 1], answer[PROOF_ANSWER_BYTES_MAX + 1];
	struct proof p;
	for (int bits = 1; bits <= 12; bits++) {
		vault_proof_new(v, "reports", bits, then_ms, token);
		assert_true(vault_proof_solve(str_of(token), answer));
		int64_t tried = 0, want = 0;
		assert_true(str_to_i64(str_of(answer), 0, INT64_MAX, &want));
		for (; tried < want; tried++) { /* nothing smaller passes */
			(void)snprintf(answer, sizeof answer, "%" PRId64, tried);
			assert_int_equal(check_proof(v, "reports", str_of(token), str_of(answer), 0, 0, then_ms, &p),
				PROOF_WRONG);
		}
	}
	vault_close(v);
}

static void a_changed_form_token_is_forged(void **state)
{
	(void)state;
	struct vault *v = open_known_vault();
	char token[PROOF_TEXT_BYTES + 1];
	struct proof p;
	vault_proof_new(v, "reports", 0, then_ms, token);
	for (size_t i = 0; i < PROOF_TEXT_BYTES; i++) {
		char was = token[i];
		for (int other = 0; other < 256; other++) {
			token[i] = (char)other;
			enum proof_result want = token[i] == was ? PROOF_OK : PROOF_FORGED;
			assert_int_equal(
				check_proof(v, "reports", str_of(token), S(""), 0, HOUR_MS, then_ms, &p), want);
		}
		token[i] = was;
	}
	assert_int_equal(check_proof(v, "reports", S(""), S(""), 0, HOUR_MS, then_ms, &p), PROOF_FORGED);
	assert_int_equal(
		check_proof(v, "reports", (struct str){ token, PROOF_TEXT_BYTES - 1 }, S(""), 0, HOUR_MS, then_ms, &p),
		PROOF_FORGED);
	assert_int_equal(check_proof(v, "reports", str_of(token), S(""), 0, HOUR_MS, then_ms, &p), PROOF_OK);
	vault_close(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(receipts_agree_with_known_answers),
		cmocka_unit_test(a_receipt_names_its_region_and_is_read_again),
		cmocka_unit_test(another_pepper_gives_another_receipt_key),
		cmocka_unit_test(typing_is_forgiven_where_it_is_clear),
		cmocka_unit_test(every_wrong_symbol_is_noticed),
		cmocka_unit_test(every_exchange_and_every_twin_error_is_noticed),
		cmocka_unit_test(the_check_symbol_changing_places_is_noticed),
		cmocka_unit_test(one_kind_of_code_is_never_taken_for_another),
		cmocka_unit_test(invitations_and_recovery_codes_agree_with_known_answers),
		cmocka_unit_test(a_ticket_opens_where_it_was_given_and_nowhere_else),
		cmocka_unit_test(a_long_ticket_opens_with_all_that_is_in_it),
		cmocka_unit_test(a_known_form_token_passes_with_its_answer),
		cmocka_unit_test(a_form_token_passes_by_work_or_by_waiting),
		cmocka_unit_test(who_waits_comes_soon_and_waits_longer_where_many_ask),
		cmocka_unit_test(the_answer_needs_exactly_the_bits_asked_for),
		cmocka_unit_test(a_changed_form_token_is_forged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
