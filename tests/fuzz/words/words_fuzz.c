/* Sources and templates from anywhere: refused with a reason and a line, or read; what is found has a text and a place. */
#include "../../../tools/words_scan.h"
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const files[] = { "fuzz.c", "fuzz.html" };
	char *text = malloc(n + 1);
	if (!text)
		abort();
	if (n)
		memcpy(text, data, n);
	text[n] = 0;
	for (size_t k = 0; k < COUNT(files); k++) {
		struct po used = { 0 };
		struct po_error error = { 0 };
		if (!words_scan(&used, files[k], text, &error))
			assert(error.line > 0 && error.why[0]);
		for (size_t i = 0; i < used.count; i++)
			assert(used.entries[i].id[0] && used.entries[i].where);
		po_free(&used);
	}
	free(text);
	return 0;
}
