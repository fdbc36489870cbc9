/* The files that are part of the program. */
#include "test.h"
#include "web/asset.h"
#include <zlib.h>

static void an_asset_is_found_by_name_and_by_path(void **state)
{
	(void)state;
	const struct asset *a = asset_by_name("style.css");
	assert_non_null(a);
	assert_string_equal(a->type, "text/css; charset=utf-8");
	assert_true(str_starts(str_of(a->path), S("/assets/style.")));
	assert_true(str_ends(str_of(a->path), S(".css")));
	assert_true(asset_by_path(str_of(a->path)) == a);
	assert_true(str_is(asset_url("style.css").s, a->path));
	assert_null(asset_by_name("style"));
	assert_null(asset_by_path(S("/assets/style.css")));
	assert_null(asset_by_path(S("/assets/../style.css")));
	assert_null(asset_by_path((struct str){ a->path, strlen(a->path) - 1 }));
}

static void the_address_names_the_content(void **state)
{
	(void)state;
	const struct asset *a = asset_by_name("style.css"), *b = asset_by_name("clock.js");
	assert_true(a && b);
	assert_string_not_equal(a->etag, b->etag);
	char hash[32];
	snprintf(hash, sizeof hash, "%.*s", (int)strlen(a->etag) - 2, a->etag + 1);
	assert_non_null(strstr(a->path, hash));
	uint64_t made = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < a->n; i++)
		made = (made ^ a->bytes[i]) * UINT64_C(1099511628211);
	char wanted[32];
	snprintf(wanted, sizeof wanted, "%016llx", (unsigned long long)made);
	assert_string_equal(hash, wanted);
}

static void the_compressed_copy_is_the_same_file(void **state)
{
	(void)state;
	const struct asset *a = asset_by_name("style.css");
	assert_non_null(a);
	assert_true(a->gzip_n > 0 && a->gzip_n < a->n);
	unsigned char *whole = malloc(a->n + 1);
	assert_non_null(whole);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)a->gzip,
		.avail_in = (unsigned)a->gzip_n,
		.next_out = whole,
		.avail_out = (unsigned)a->n + 1 };
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, a->n);
	assert_memory_equal(whole, a->bytes, a->n);
	inflateEnd(&z);
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asset_is_found_by_name_and_by_path),
		cmocka_unit_test(the_address_names_the_content),
		cmocka_unit_test(the_compressed_copy_is_the_same_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
