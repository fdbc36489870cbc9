/* gettext files from anywhere: refused with a reason, or read into entries that have an id and a text. */
#include "../../../tools/po.h"
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct po po;
	struct po_error error = { 0 };
	if (po_read(&po, (const char *)data, n, &error)) {
		po_sort(&po);
		for (size_t i = 0; i < po.count; i++)
			assert(po.entries[i].id[0] && po.entries[i].text);
	} else {
		assert(error.why[0]);
	}
	po_free(&po);
	return 0;
}
