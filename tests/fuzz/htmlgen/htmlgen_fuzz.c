/* Templates from anywhere: refused or made into C, never a crash; what is made begins as every view does. */
#include "../../../tools/htmlgen.h"
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct htmlgen_error error = { 0 };
	char *made = htmlgen("fuzz.html", (const char *)data, n, &error);
	if (made)
		assert(strncmp(made, "/* Made by", 10) == 0);
	else
		assert(error.line > 0 && error.why[0]);
	free(made);
	return 0;
}
