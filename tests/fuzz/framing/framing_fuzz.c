/* Headers that say where a request ends: what passes has at most one length of digits or one chunked encoding, never both, and
 * one host. Input: the version, then "Name: value" lines as a parser hands them on. */
#include "http/framing.h"
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool is(struct str a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = { (const char *)data, n }, version = S(""), line, name;
	struct framing f = { 0 };
	int lengths = 0, encodings = 0, hosts = 0;
	(void)str_cut(&rest, '\n', &version);
	while (str_cut(&rest, '\n', &line)) {
		if (!str_cut(&line, ':', &name))
			continue;
		struct str value = str_trim(line);
		framing_note(&f, name, value);
		lengths += is(str_trim(name), "content-length");
		encodings += is(str_trim(name), "transfer-encoding");
		hosts += is(str_trim(name), "host");
	}
	if (framing_clear(&f, version)) {
		assert(lengths + encodings <= 1);
		assert(hosts <= 1 && (hosts == 1 || !str_is(version, "HTTP/1.1")));
		assert(encodings == 0 || str_is(version, "HTTP/1.1"));
	}
	return 0;
}
