/* migrationsgen OUT.c FILE …: puts the migrations into the program. The files come in order of number, for each number
 * first NNNN_what.sqlite.sql, then NNNN_what.postgres.sql. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 2000 };

/* "…/0001_foundation.sqlite.sql" gives "0001_foundation" of a given SUFFIX; false when the name is another. */
static bool name_of(const char *path, const char *suffix, char *name, size_t max)
{
	const char *slash = strrchr(path, '/');
	const char *start = slash ? slash + 1 : path;
	size_t n = strspn(start, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n < 6 || n >= max || strspn(start, "0123456789") != 4 || start[4] != '_' || strcmp(start + n, suffix) != 0)
		return false;
	memcpy(name, start, n);
	name[n] = 0;
	return true;
}

/* The bytes of a file as an array; string literals may not be that long. */
static bool put_bytes(FILE *to, const char *path, const char *dialect, int number)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	fprintf(to, "static const char %s_%d[] = {", dialect, number);
	int ch, at = 0;
	while ((ch = getc(f)) != EOF)
		fprintf(to, "%s%d,", at++ % 24 ? "" : "\n\t", ch > 127 ? ch - 256 : ch);
	fputs("\n\t0 };\n", to);
	bool ok = !ferror(f) && at > 0;
	fclose(f);
	return ok;
}

int main(int argc, char **argv)
{
	static char names[FILES_MAX][64];
	int count = (argc - 2) / 2;
	if (argc < 4 || argc % 2 || count > FILES_MAX) {
		fprintf(stderr, "usage: migrationsgen OUT.c NNNN_WHAT.sqlite.sql NNNN_WHAT.postgres.sql …\n");
		return 2;
	}
	FILE *to = fopen(argv[1], "wb");
	if (!to)
		return 1;
	fputs("/* Made by tools/migrationsgen. */\n#include \"db/migrate.h\"\n\n", to);
	for (int i = 0; i < count; i++) {
		char other[64];
		const char *sqlite = argv[2 + 2 * i], *postgres = argv[3 + 2 * i];
		bool named = name_of(sqlite, ".sqlite.sql", names[i], sizeof names[i]) &&
			     name_of(postgres, ".postgres.sql", other, sizeof other) && strcmp(names[i], other) == 0;
		char expected[16];
		snprintf(expected, sizeof expected, "%04d_", i + 1);
		if (!named || strncmp(names[i], expected, 5) != 0 || !put_bytes(to, sqlite, "sqlite", i + 1) ||
			!put_bytes(to, postgres, "postgres", i + 1)) {
			fprintf(stderr, "migrationsgen: %s, %s: numbers run from 0001 on, both files are there\n",
				sqlite, postgres);
			return 1;
		}
	}
	fputs("\nconst struct migration migrations[] = {\n", to);
	for (int i = 1; i <= count; i++)
		fprintf(to, "\t{ %d, \"%s\", { sqlite_%d, postgres_%d } },\n", i, names[i - 1] + 5, i, i);
	fprintf(to, "};\nconst size_t migrations_count = %d;\n", count);
	return fclose(to) == 0 ? 0 : 1;
}
