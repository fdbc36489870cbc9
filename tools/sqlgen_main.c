/* sqlgen FILE.sql OUT.h OUT.c: typed C functions from named statements. See CONTRIBUTING.md for the language. */
#include "sqlgen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");
	bool ok = f && fputs(text, f) >= 0;
	return f && fclose(f) == 0 && ok;
}

/* "…/reports.sql" gives "reports". */
static bool stem_of(const char *path, char *stem, size_t max)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n == 0 || n >= max || strcmp(name + n, ".sql") != 0)
		return false;
	memcpy(stem, name, n);
	stem[n] = 0;
	return true;
}

int main(int argc, char **argv)
{
	static char text[FILE_MAX], stem[64];
	if (argc != 4 || !stem_of(argv[1], stem, sizeof stem)) {
		fprintf(stderr, "usage: sqlgen NAME.sql OUT.h OUT.c\n");
		return 2;
	}
	FILE *f = fopen(argv[1], "rb");
	size_t n = f ? fread(text, 1, sizeof text, f) : 0;
	if (!f || ferror(f) || n == sizeof text) {
		fprintf(stderr, "%s: cannot be read\n", argv[1]);
		return 1;
	}
	fclose(f);
	struct sqlgen_result made;
	if (!sqlgen(stem, text, n, &made)) {
		fprintf(stderr, "%s\n", made.error);
		return 1;
	}
	bool ok = write_file(argv[2], made.header) && write_file(argv[3], made.source);
	sqlgen_free(&made);
	if (!ok)
		fprintf(stderr, "sqlgen: cannot write %s or %s\n", argv[2], argv[3]);
	return ok ? 0 : 1;
}
