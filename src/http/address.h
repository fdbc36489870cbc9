/* address.h - where a request comes from, as far as it is needed to tell a flood from many people: an address lives as long as
 * its request, is never stored, and is counted by its prefix only (crowd.h). */
#ifndef ADEM_HTTP_ADDRESS_H
#define ADEM_HTTP_ADDRESS_H
#include "base/str.h"

struct sockaddr;

enum { ADDRESS_BYTES = 16, NETWORKS_MAX = 16 };

/* An IPv6 address, or an IPv4 one mapped into it (::ffff:a.b.c.d). All zero: unknown. */
struct address {
	uint8_t bytes[ADDRESS_BYTES];
};

/* Addresses that share their first BITS bits with BASE. */
struct networks {
	struct network {
		struct address base;
		int bits;
	} all[NETWORKS_MAX];
	size_t count;
};

/* "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]:4711". False: none of these; *OUT then is unknown. */
MUST_CHECK bool address_read(struct str text, struct address *out);
/* The address of a socket's other end; unknown for families other than IPv4 and IPv6. */
struct address address_of_socket(const struct sockaddr *from);
/* Reads "127.0.0.1 ::1 10.0.0.0/8": addresses and networks, separated by spaces or commas. False: one of them is neither, or
 * there are too many. */
MUST_CHECK bool networks_read(struct str text, struct networks *out);
bool networks_hold(const struct networks *n, const struct address *a);
/* Who sent a request that came from PEER: PEER itself, unless it is a trusted proxy. Then the last address of FORWARDED (a line
 * X-Forwarded-For) that is no trusted proxy, for what stands before it anybody may have written. */
struct address address_sender(const struct address *peer, struct str forwarded, const struct networks *trusted);
/* Leaves of *A what neighbours in a network share: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
void address_cut(struct address *a);
#endif
