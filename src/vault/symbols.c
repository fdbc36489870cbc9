#include "vault/symbols.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
_Static_assert(sizeof alphabet == 33, "32 symbols");

/* Times x in GF(32). */
static uint8_t times_x(uint8_t v)
{
	return (uint8_t)(v & 16 ? (v << 1 ^ 0x25) & 31 : v << 1);
}

/* Sum of x^i * symbols[i], by Horner from the last. */
static uint8_t weigh(const uint8_t *symbols, size_t n)
{
	uint8_t sum = 0;
	for (size_t i = n; i-- > 0;)
		sum = times_x(sum) ^ symbols[i];
	return sum;
}

uint8_t symbols_check(const uint8_t *symbols, size_t n, enum symbols_kind kind)
{
	assert(n >= 1 && n < SYMBOLS_MAX);
	uint8_t rest = weigh(symbols, n) ^ (uint8_t)kind;
	for (size_t i = n; i < 31; i++) /* divided by x^n, which is times x^(31 - n) */
		rest = times_x(rest);
	return rest;
}

void symbols_write(const uint8_t *symbols, size_t n, char *text)
{
	for (size_t i = 0; i < n; i++) {
		assert(symbols[i] < 32);
		if (i > 0 && i % 4 == 0)
			*text++ = '-';
		*text++ = alphabet[symbols[i]];
	}
	*text = 0;
}

/* The value of a character, or -1. */
static int symbol_of(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const char *at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

/* How many bytes at the start of TEXT only separate: 0 for none. */
static size_t separator(struct str text)
{
	if (strchr(" \t\r\n-._", text.p[0]) && text.p[0])
		return 1;
	static const char *const signs[] = {
		"\xC2\xA0",                                                                     /* no-break space */
		"\xC2\xAD",                                                                     /* soft hyphen */
		"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93", "\xE2\x80\x94", /* hyphens and dashes */
		"\xE2\x80\x95", "\xE2\x88\x92",                                                 /* bar, minus */
		"\xE2\x80\x8B", "\xE2\x80\xAF", "\xEF\xBB\xBF", /* spaces without width */
	};
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_starts(text, str_of(signs[i])))
			return strlen(signs[i]);
	return 0;
}

enum code_read symbols_read(struct str text, enum symbols_kind kind, uint8_t *symbols, size_t n)
{
	assert(n >= 2 && n <= SYMBOLS_MAX);
	if (text.n > SYMBOLS_INPUT_BYTES_MAX)
		return CODE_SHAPE;
	size_t have = 0;
	while (text.n > 0) {
		size_t skip = separator(text);
		int symbol = skip ? 0 : symbol_of(text.p[0]);
		if (symbol < 0 || (!skip && have == n))
			return CODE_SHAPE;
		if (!skip)
			symbols[have++] = (uint8_t)symbol;
		skip += !skip;
		text.p += skip;
		text.n -= skip;
	}
	if (have != n)
		return CODE_SHAPE;
	return weigh(symbols, n) == (uint8_t)kind ? CODE_OK : CODE_CHECK;
}

void symbols_of_bytes(const uint8_t *bytes, size_t n, uint8_t *symbols)
{
	for (size_t i = 0; i < n; i++)
		symbols[i] = bytes[i] & 31;
}
