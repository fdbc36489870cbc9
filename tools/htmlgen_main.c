/* htmlgen FILE.html: the C of one file of templates, on standard output. */
#include "htmlgen.h"
#include <stdio.h>
#include <stdlib.h>

enum { SOURCE_BYTES_MAX = 1 << 20 };

int main(int argc, char **argv)
{
	static char source[SOURCE_BYTES_MAX];
	struct htmlgen_error error = { 0 };
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n = f ? fread(source, 1, sizeof source, f) : 0;
	if (f)
		fclose(f);
	if (n == 0 || n == sizeof source) {
		fprintf(stderr, "usage: htmlgen FILE.html (not empty, under 1 MiB)\n");
		return 2;
	}
	char *made = htmlgen(argv[1], source, n, &error);
	if (!made) {
		fprintf(stderr, "%s:%zu: error: %s\n", argv[1], error.line, error.why);
		return 1;
	}
	fputs(made, stdout);
	free(made);
	return 0;
}
