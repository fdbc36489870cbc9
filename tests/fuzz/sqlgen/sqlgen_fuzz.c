/* Whatever stands in a .sql file, the generator ends with a header and a source, or with one reason and nothing else. What
 * it writes holds no control character, and the source is plain ASCII: no byte of a statement can confuse a compiler. */
#include "../../../tools/sqlgen.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_text(const char *text, unsigned last)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		assert(*p == '\n' || *p == '\t' || (*p >= ' ' && *p != 127 && *p <= last));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sqlgen_result made;
	bool ok = sqlgen("fuzz", (const char *)data, n, &made);
	if (ok) {
		assert(made.error[0] == 0);
		check_text(made.source, 126);
		check_text(made.header, 255);
	} else {
		assert(!made.header && !made.source);
		assert(strncmp(made.error, "fuzz.sql:", 9) == 0);
	}
	sqlgen_free(&made);
	return 0;
}
