/* The token in forms. What the session has is a constant of 22 characters; what a page holds is as many random ones, then the
 * constant shifted by them in the same alphabet. */
#include "base/id.h"
#include "http/form.h"
#include "http/session.h"

enum { ALPHABET = 64, TEXT_BYTES = CSRF_TEXT_BYTES * 2 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
_Static_assert(sizeof alphabet == ALPHABET + 1, "six bits a character");

static int digit_of(char ch)
{
	const char *at = ch ? strchr(alphabet, ch) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

struct str form_token(struct ctx *c)
{
	if (!c->session)
		return S("");
	unsigned char shift[CSRF_TEXT_BYTES];
	char *text = arena_alloc(c->mem, TEXT_BYTES + 1, 1);
	random_bytes(shift, sizeof shift);
	for (size_t i = 0; i < CSRF_TEXT_BYTES; i++) {
		int by = shift[i] % ALPHABET, digit = digit_of(c->session->token.csrf[i]);
		assert(digit >= 0);
		text[i] = alphabet[by];
		text[CSRF_TEXT_BYTES + i] = alphabet[(digit + by) % ALPHABET];
	}
	return (struct str){ text, TEXT_BYTES };
}

static const struct form_value *sent(const struct request *q)
{
	for (size_t i = 0; q->state && i < q->state->values_count; i++)
		if (str_is(q->state->values[i].name, FORM_TOKEN_NAME))
			return &q->state->values[i];
	return NULL;
}

bool form_token_of(const struct session_token *session, const struct request *q)
{
	const struct form_value *v = sent(q);
	char text[CSRF_TEXT_BYTES];
	if (!v || v->value.n != TEXT_BYTES)
		return false;
	for (size_t i = 0; i < CSRF_TEXT_BYTES; i++) {
		int by = digit_of(v->value.p[i]), shifted = digit_of(v->value.p[CSRF_TEXT_BYTES + i]);
		if (by < 0 || shifted < 0)
			return false;
		text[i] = alphabet[(shifted - by + ALPHABET) % ALPHABET];
	}
	return vault_csrf_check(session, (struct str){ text, sizeof text });
}

bool form_token_check(struct ctx *c, const struct request *q)
{
	assert(c->session);
	return form_token_of(&c->session->token, q);
}
