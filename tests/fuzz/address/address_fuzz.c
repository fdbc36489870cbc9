/* Addresses and networks as a header or the configuration may hold them: whatever is read belongs to its own network, and
 * nobody but a trusted proxy speaks for another. Input: a list of networks, then a line X-Forwarded-For. */
#include "http/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void belongs_to_itself(struct str text)
{
	struct address a, cut;
	struct networks own;
	if (!address_read(text, &a))
		return;
	cut = a;
	address_cut(&cut);
	struct address twice = cut;
	address_cut(&twice);
	assert(memcmp(&cut, &twice, sizeof cut) == 0);
	if (networks_read(text, &own) && own.count == 1)
		assert(networks_hold(&own, &a));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = { (const char *)data, n }, list = S("");
	struct networks trusted, none = { 0 };
	struct address peer, sender, alone;
	(void)str_cut(&rest, '\n', &list);
	belongs_to_itself(rest);
	if (!address_read(S("127.0.0.1"), &peer))
		abort();
	alone = address_sender(&peer, rest, &none);
	assert(memcmp(&alone, &peer, sizeof peer) == 0);
	if (!networks_read(list, &trusted))
		return 0;
	assert(trusted.count <= NETWORKS_MAX);
	sender = address_sender(&peer, rest, &trusted);
	if (!networks_hold(&trusted, &peer))
		assert(memcmp(&sender, &peer, sizeof peer) == 0);
	return 0;
}
