/* Where requests come from, how busy a network is, and who finds room when somebody floods. */
#include "test.h"
#include "base/clock.h"
#include "http/crowd.h"
#include <arpa/inet.h>
#include <netinet/in.h>

static struct address address(const char *text)
{
	struct address a;
	if (!address_read(str_of(text), &a))
		fail_msg("not read: %s", text);
	return a;
}

static void assert_same(struct address a, const char *text)
{
	struct address b = address(text);
	assert_memory_equal(&a, &b, sizeof a);
}

static void addresses_are_read_with_and_without_their_port(void **state)
{
	(void)state;
	assert_same(address("192.0.2.7:4711"), "192.0.2.7");
	assert_same(address("::ffff:192.0.2.7"), "192.0.2.7");
	assert_same(address("[2001:db8::7]:4711"), "2001:db8::7");
	assert_same(address("[2001:db8::7]"), "2001:DB8:0::7");
	static const char *const wrong[] = { "", "unknown", "_hidden", "1.2.3", "1.2.3.4:", "1.2.3.4:70000",
		"1.2.3.4.5", "[::1", "[::1]x", "[::1]:", "[1.2.3.4]", "::1:::", "1.2.3.4 ", "300.1.1.1",
		"2001:db8::7%eth0" };
	struct address a, unknown = { 0 };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		if (address_read(str_of(wrong[i]), &a))
			fail_msg("read: %s", wrong[i]);
		assert_memory_equal(&a, &unknown, sizeof a);
	}
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0xC0000207) };
	assert_same(address_of_socket((const struct sockaddr *)&in), "192.0.2.7");
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	assert_same(address_of_socket((const struct sockaddr *)&in6), "::1");
}

static void networks_hold_their_addresses(void **state)
{
	(void)state;
	struct networks n;
	assert_true(networks_read(S(" 127.0.0.1, 10.128.0.0/9 2001:db8::/33  ::1"), &n));
	assert_int_equal(n.count, 4);
	static const char *const in[] = { "127.0.0.1", "10.128.0.0", "10.255.255.255", "2001:db8:7fff::1", "::1" };
	static const char *const out[] = { "127.0.0.2", "10.127.255.255", "11.128.0.0", "2001:db8:8000::1", "::2",
		"::7f00:1" };
	for (size_t i = 0; i < COUNT(in); i++) {
		struct address a = address(in[i]);
		assert_true(networks_hold(&n, &a));
	}
	for (size_t i = 0; i < COUNT(out); i++) {
		struct address a = address(out[i]);
		if (networks_hold(&n, &a))
			fail_msg("%s", out[i]);
	}
	assert_true(networks_read(S(""), &n));
	assert_int_equal(n.count, 0);
	static const char *const wrong[] = { "localhost", "127.0.0.1/33", "::1/129", "1.2.3.4/", "1.2.3.4/-1",
		"1.2.3.4:80",
		"1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 "
		"1.1.1.1 "
		"1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (networks_read(str_of(wrong[i]), &n))
			fail_msg("%s", wrong[i]);
}

static void only_a_trusted_proxy_says_who_sends(void **state)
{
	(void)state;
	struct networks trusted;
	struct address proxy = address("127.0.0.1"), stranger = address("203.0.113.9");
	assert_true(networks_read(S("127.0.0.1 10.0.0.0/8"), &trusted));
	assert_same(address_sender(&stranger, S("198.51.100.1"), &trusted), "203.0.113.9");
	assert_same(address_sender(&proxy, S(""), &trusted), "127.0.0.1");
	assert_same(address_sender(&proxy, S("198.51.100.1"), &trusted), "198.51.100.1");
	/* What stands before the last one was written by whoever sent it. */
	assert_same(address_sender(&proxy, S("192.0.2.1, 198.51.100.1"), &trusted), "198.51.100.1");
	assert_same(address_sender(&proxy, S("192.0.2.1,198.51.100.1 , 10.1.2.3"), &trusted), "198.51.100.1");
	assert_same(address_sender(&proxy, S("10.0.0.1, 10.1.2.3"), &trusted), "10.0.0.1");
	assert_same(address_sender(&proxy, S("198.51.100.1, unknown"), &trusted), "127.0.0.1");
	assert_same(address_sender(&proxy, S("198.51.100.1,"), &trusted), "127.0.0.1");
}

static void neighbours_share_a_prefix(void **state)
{
	(void)state;
	struct address a = address("192.0.2.7"), b = address("2001:db8:1:2::7");
	address_cut(&a);
	address_cut(&b);
	assert_same(a, "192.0.2.0");
	assert_same(b, "2001:db8:1::");
}

static struct limits *limits;
static int64_t now_ms;

static void fresh(void)
{
	limits = limits_new();
	assert_non_null(limits);
	now_ms = 1000000;
}

static int count(const char *from, int times)
{
	struct address a = address(from);
	for (int i = 0; i < times; i++)
		crowd_count(&limits->crowd, &a, now_ms);
	return crowd_degree(&limits->crowd, &a, now_ms);
}

static void a_network_gets_busy_by_degrees_and_calm_again(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(count("192.0.2.1", 59), 0);
	assert_int_equal(count("192.0.2.200", 1), 1);
	assert_int_equal(count("192.0.2.1", 60), 2);
	assert_int_equal(count("192.0.2.1", 120), 3);
	assert_int_equal(count("192.0.2.1", 240), 4);
	assert_int_equal(count("192.0.2.1", 100000), 4);
	assert_int_equal(count("192.0.3.1", 0), 0);
	assert_int_equal(count("2001:db8::1", 0), 0);
	now_ms += 15 * MINUTE_MS - 1000;
	assert_int_equal(count("192.0.2.1", 0), 1);
	now_ms += 2000;
	assert_int_equal(count("192.0.2.1", 0), 0);
}

static void the_hour_changes_where_a_network_is_counted(void **state)
{
	(void)state;
	fresh();
	now_ms = HOUR_MS - 1000;
	assert_int_equal(count("192.0.2.1", 1000), 4);
	now_ms += 2000;
	assert_int_equal(count("192.0.2.1", 0), 0);
}

/* A thousand other networks, each with a few: a quiet one stays calm. */
static void many_quiet_networks_make_none_of_them_busy(void **state)
{
	(void)state;
	char text[40];
	fresh();
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof text, "10.%d.%d.1", i / 250, i % 250);
		assert_int_equal(count(text, 10), 0);
	}
}

/* Rates as the program has them by default, for one place. */
static size_t presets(struct rate rates[4], bool waited)
{
	rates[0] = (struct rate){ &limits->reports, 6000 };
	rates[1] = (struct rate){ limits_subject(limits, 77), 1200 };
	rates[2] = (struct rate){ &limits->waited_reports, 300 };
	return waited ? 3 : 2;
}

static void two_thousand_behind_one_address_all_get_through_in_ten_minutes(void **state)
{
	(void)state;
	struct rate rates[4];
	struct address all = address("203.0.113.7");
	int taken = 0, hardest = 0;
	fresh();
	for (int i = 0; i < 2000; i++) {
		int64_t later_s;
		now_ms += i % 4 ? 0 : 4 * 10 * MINUTE_MS / 2000; /* four at a time */
		crowd_count(&limits->crowd, &all, now_ms);       /* the form */
		int degree = crowd_degree(&limits->crowd, &all, now_ms);
		crowd_count(&limits->crowd, &all, now_ms); /* what is sent */
		hardest = degree > hardest ? degree : hardest;
		taken += limits_take(rates, presets(rates, i % 2 == 0), degree == 0, now_ms, &later_s);
	}
	assert_int_equal(taken, 2000);
	assert_int_equal(hardest, CROWD_DEGREE_MAX);
}

static void a_flood_leaves_room_to_calm_networks_and_other_places(void **state)
{
	(void)state;
	struct rate rates[4];
	int64_t later_s;
	int flood = 0, honest = 0, elsewhere = 0, waited = 0;
	fresh();
	for (int second = 0; second < 60; second++, now_ms += 1000) {
		for (int i = 0; i < 970; i++) {
			flood += limits_take(rates, presets(rates, false), false, now_ms, &later_s);
			waited += limits_take(rates, presets(rates, true), false, now_ms, &later_s);
		}
		honest += limits_take(rates, presets(rates, false), true, now_ms, &later_s);
		struct rate other[] = {
			{&limits->reports, 6000},
                        { limits_subject(limits,             78), 1200 }
		};
		elsewhere += limits_take(other, 2, false, now_ms, &later_s);
	}
	assert_int_equal(honest, 60);
	assert_int_equal(elsewhere, 60);
	assert_in_range(flood + waited, 1000, 1200 + 101 + 1);
	assert_in_range(waited, 0, 300 + 26);
}

static void who_is_refused_uses_up_nothing(void **state)
{
	(void)state;
	int64_t later_s;
	fresh();
	struct rate both[] = {
		{&limits->reports, 6000},
                { limits_subject(limits,              1),   60 }
	};
	while (limits_take(both, 2, false, now_ms, &later_s)) {}
	assert_in_range(later_s, 1, 61);
	int64_t due_us = limits->reports.due_us;
	for (int i = 0; i < 10000; i++)
		assert_false(limits_take(both, 2, false, now_ms, &later_s));
	assert_true(limits->reports.due_us == due_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_with_and_without_their_port),
		cmocka_unit_test(networks_hold_their_addresses),
		cmocka_unit_test(only_a_trusted_proxy_says_who_sends),
		cmocka_unit_test(neighbours_share_a_prefix),
		cmocka_unit_test(a_network_gets_busy_by_degrees_and_calm_again),
		cmocka_unit_test(the_hour_changes_where_a_network_is_counted),
		cmocka_unit_test(many_quiet_networks_make_none_of_them_busy),
		cmocka_unit_test(two_thousand_behind_one_address_all_get_through_in_ten_minutes),
		cmocka_unit_test(a_flood_leaves_room_to_calm_networks_and_other_places),
		cmocka_unit_test(who_is_refused_uses_up_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
