#include "http/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { MAPPED_BYTES = 12, PREFIX4_BYTES = 3, PREFIX6_BYTES = 6, BITS4 = 32, BITS6 = 128 };

static const uint8_t mapped[MAPPED_BYTES] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

static bool is_v4(const struct address *a)
{
	return memcmp(a->bytes, mapped, MAPPED_BYTES) == 0;
}

/* The address alone, without port or brackets. */
static bool read_bare(struct str text, struct address *out)
{
	char z[INET6_ADDRSTRLEN];
	*out = (struct address){ 0 };
	if (text.n == 0 || text.n >= sizeof z)
		return false;
	memcpy(z, text.p, text.n);
	z[text.n] = 0;
	if (strlen(z) != text.n)
		return false;
	if (inet_pton(AF_INET, z, out->bytes + MAPPED_BYTES) == 1) {
		memcpy(out->bytes, mapped, MAPPED_BYTES);
		return true;
	}
	*out = (struct address){ 0 };
	return inet_pton(AF_INET6, z, out->bytes) == 1;
}

bool address_read(struct str text, struct address *out)
{
	int64_t port;
	struct str host = text, rest;
	*out = (struct address){ 0 };
	if (text.n && text.p[0] == '[') {
		ptrdiff_t end = str_find(text, ']');
		if (end < 0)
			return false;
		host = (struct str){ text.p + 1, (size_t)end - 1 };
		rest = (struct str){ text.p + end + 1, text.n - (size_t)end - 1 };
		if (rest.n &&
			(rest.p[0] != ':' || !str_to_i64((struct str){ rest.p + 1, rest.n - 1 }, 0, UINT16_MAX, &port)))
			return false;
		return str_find(host, ':') >= 0 && read_bare(host, out);
	}
	ptrdiff_t colon = str_find(text, ':');
	if (colon >= 0 && str_find(text, '.') >= 0 && str_find(text, '.') < colon) {
		rest = (struct str){ text.p + colon + 1, text.n - (size_t)colon - 1 };
		if (!str_to_i64(rest, 0, UINT16_MAX, &port))
			return false;
		host.n = (size_t)colon;
	}
	return read_bare(host, out);
}

struct address address_of_socket(const struct sockaddr *from)
{
	struct address a = { 0 };
	if (from && from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof in);
		memcpy(a.bytes, mapped, MAPPED_BYTES);
		memcpy(a.bytes + MAPPED_BYTES, &in.sin_addr, sizeof in.sin_addr);
	} else if (from && from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof in6);
		memcpy(a.bytes, &in6.sin6_addr, sizeof a.bytes);
	}
	return a;
}

static bool read_network(struct str text, struct network *out)
{
	struct str host;
	int64_t bits = -1;
	ptrdiff_t slash = str_find(text, '/');
	if (!str_cut(&text, '/', &host) || !read_bare(host, &out->base))
		return false;
	int most = is_v4(&out->base) ? BITS4 : BITS6;
	if (slash >= 0 && !str_to_i64(text, 0, most, &bits))
		return false;
	out->bits = BITS6 - most + (slash >= 0 ? (int)bits : most);
	return true;
}

bool networks_read(struct str text, struct networks *out)
{
	*out = (struct networks){ 0 };
	while (text.n) {
		size_t n = 0;
		while (n < text.n && text.p[n] != ' ' && text.p[n] != ',' && text.p[n] != '\t')
			n++;
		struct str one = { text.p, n };
		size_t used = n < text.n ? n + 1 : n;
		text = (struct str){ text.p + used, text.n - used };
		if (n == 0)
			continue;
		if (out->count == NETWORKS_MAX || !read_network(one, &out->all[out->count]))
			return false;
		out->count++;
	}
	return true;
}

static bool shares(const struct address *a, const struct address *b, int bits)
{
	int bytes = bits / 8, rest = bits % 8;
	if (memcmp(a->bytes, b->bytes, (size_t)bytes) != 0)
		return false;
	return rest == 0 || (a->bytes[bytes] ^ b->bytes[bytes]) >> (8 - rest) == 0;
}

bool networks_hold(const struct networks *n, const struct address *a)
{
	for (size_t i = 0; i < n->count; i++)
		if (shares(&n->all[i].base, a, n->all[i].bits))
			return true;
	return false;
}

struct address address_sender(const struct address *peer, struct str forwarded, const struct networks *trusted)
{
	struct address sender = *peer, one;
	while (forwarded.n && networks_hold(trusted, &sender)) {
		size_t from = forwarded.n;
		while (from > 0 && forwarded.p[from - 1] != ',')
			from--;
		struct str last = { forwarded.p + from, forwarded.n - from };
		forwarded.n = from > 0 ? from - 1 : 0;
		if (!address_read(str_trim(last), &one))
			break;
		sender = one;
	}
	return sender;
}

void address_cut(struct address *a)
{
	size_t keep = is_v4(a) ? MAPPED_BYTES + PREFIX4_BYTES : PREFIX6_BYTES;
	memset(a->bytes + keep, 0, sizeof a->bytes - keep);
}
