/* Statements that make an audit chain longer: what script/bench growth fills a region with, so that "adem check" has a
 * chain to walk.
 *
 * bench_growth_chain PEPPER REGION NUMBER HASH COUNT NOW_MS sqlite|postgres
 *
 * NUMBER and HASH (in hex) are those of the newest row there is; 0 and zeros where there is none yet. */
#include "base/id.h"
#include "features/audit/audit_row.h"
#include "vault/hash.h"

enum { ROWS_A_STATEMENT = 400, ARGUMENTS = 8 };

static void put_hex(const char *before, const uint8_t hash[VAULT_HASH_BYTES])
{
	fputs(before, stdout);
	for (size_t i = 0; i < VAULT_HASH_BYTES; i++)
		printf("%02x", hash[i]);
	putchar('\'');
}

static bool read_hash(const char *hex, uint8_t hash[VAULT_HASH_BYTES])
{
	unsigned byte;
	for (size_t i = 0; i < VAULT_HASH_BYTES; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return false;
		hash[i] = (uint8_t)byte;
	}
	return true;
}

static void put_chain(struct vault *v, const char *region, int64_t number, uint8_t last[VAULT_HASH_BYTES],
	int64_t count, int64_t now_ms, const char *blob)
{
	uint8_t next[VAULT_HASH_BYTES], mac[VAULT_HASH_BYTES];
	struct arena *mem = arena_new(1 << 16);
	struct ctx c = { .mem = mem, .region = str_of(region) };
	for (int64_t i = 1; i <= count; i++) {
		struct audit_from_row row = { .number = number + i,
			.at_ms = now_ms - (count - i),
			.action = S("box_opened"),
			.subject = S("reports"),
			.subject_id = i,
			.detail = S("") };
		vault_chain(v, last, audit_row_encode(&c, &row), next);
		if (i % ROWS_A_STATEMENT == 1)
			printf("INSERT INTO audit (region, number, at_ms, action, subject, subject_id, detail, "
			       "prev_hash, hash) VALUES\n");
		printf("('%s',%" PRId64 ",%" PRId64 ",'box_opened','reports',%" PRId64 ",'',", region, row.number,
			row.at_ms, i);
		put_hex(blob, last);
		putchar(',');
		put_hex(blob, next);
		fputs(i % ROWS_A_STATEMENT == 0 || i == count ? ");\n" : "),\n", stdout);
		memcpy(last, next, sizeof next);
		arena_reset(mem);
	}
	vault_chain_head(v, c.region, number + count, last, mac);
	printf("INSERT INTO audit_heads (region, number, hash, mac) VALUES ('%s', %" PRId64 ", ", region,
		number + count);
	put_hex(blob, last);
	putchar(',');
	put_hex(blob, mac);
	puts(") ON CONFLICT (region) DO UPDATE SET number = excluded.number, hash = excluded.hash, mac = "
	     "excluded.mac;");
	arena_free(mem);
}

int main(int argc, char **argv)
{
	uint8_t last[VAULT_HASH_BYTES];
	const char *why = NULL;
	int64_t number, count, now_ms;
	if (argc != ARGUMENTS || !read_hash(argv[4], last) || !str_to_i64(str_of(argv[3]), 0, INT64_MAX, &number) ||
		!str_to_i64(str_of(argv[5]), 1, INT64_MAX, &count) ||
		!str_to_i64(str_of(argv[6]), 1, INT64_MAX, &now_ms)) {
		fprintf(stderr, "usage: bench_growth_chain PEPPER REGION NUMBER HASH COUNT NOW_MS sqlite|postgres\n");
		return 2;
	}
	struct vault *v = vault_open(argv[1], false, &why);
	if (!v) {
		fprintf(stderr, "%s: %s\n", argv[1], why);
		return 1;
	}
	put_chain(v, argv[2], number, last, count, now_ms, strcmp(argv[7], "sqlite") == 0 ? "X'" : "'\\x");
	vault_close(v);
	return 0;
}
