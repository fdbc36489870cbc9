#include "vault/base64url.h"
#include <sodium.h>

enum { BYTES_MAX = 3 * 1024 };

void base64url_encode(const void *p, size_t n, char *text)
{
	assert(p && n <= BYTES_MAX);
	sodium_bin2base64(text, BASE64URL_CHARS(n) + 1, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64url_decode(struct str text, void *p, size_t n)
{
	assert(p && n <= BYTES_MAX);
	char again[BASE64URL_CHARS(BYTES_MAX) + 1];
	size_t have = 0;
	if (text.n != BASE64URL_CHARS(n) ||
		sodium_base642bin(p, n, text.p, text.n, NULL, &have, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) !=
			0 ||
		have != n)
		return false;
	base64url_encode(p, n, again);
	bool same = sodium_memcmp(again, text.p, text.n) == 0;
	sodium_memzero(again, sizeof again);
	return same;
}
