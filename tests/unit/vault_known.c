#include "vault_test.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

size_t from_hex(const char *hex, uint8_t *p)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(hex) / 2;
	for (size_t i = 0; i < n; i++) {
		const char *high = strchr(digits, hex[2 * i]), *low = strchr(digits, hex[2 * i + 1]);
		assert_non_null(high);
		assert_non_null(low);
		p[i] = (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return n;
}

bool is_hex(const void *bytes, size_t n, const char *hex)
{
	uint8_t want[1024];
	assert_true(strlen(hex) <= 2 * sizeof want);
	return from_hex(hex, want) == n && memcmp(want, bytes, n) == 0;
}

struct vault *open_known_vault(void)
{
	char path[] = "/tmp/adem-pepper-XXXXXX";
	const char *why = NULL;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	for (uint8_t i = 0; i < 32; i++)
		assert_int_equal(write(fd, &i, 1), 1);
	(void)close(fd);
	struct vault *v = vault_open(path, false, &why);
	(void)unlink(path);
	assert_null(why);
	assert_non_null(v);
	return v;
}
