/* embed OUT.c FILE…: files as part of the program, with a compressed copy and an address that holds a hash of the content
 * (FNV-1a, 64 bits: it tells versions apart, it protects nothing). The same files give the same C. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FILE_MAX = 1 << 20 };

static const char *type_of(const char *name)
{
	static const char *const types[][2] = {
		{".css",          "text/css; charset=utf-8"       },
                { ".js",          "text/javascript; charset=utf-8"},
		{ ".svg",         "image/svg+xml"                 },
                { ".webmanifest", "application/manifest+json"     },
                { ".png",         "image/png"                     }
	};
	const char *end = strrchr(name, '.');
	for (size_t i = 0; end && i < sizeof types / sizeof *types; i++)
		if (strcmp(end, types[i][0]) == 0)
			return types[i][1];
	fprintf(stderr, "embed: no type is known for %s\n", name);
	exit(1);
}

static size_t squeeze(const unsigned char *in, size_t n, unsigned char *out, size_t room)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)in,
		.avail_in = (unsigned)n,
		.next_out = out,
		.avail_out = (unsigned)room };
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
		deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(1);
	size_t made = z.total_out;
	deflateEnd(&z);
	return made < n ? made : 0;
}

static void put_bytes(FILE *f, const char *name, size_t i, const unsigned char *p, size_t n)
{
	fprintf(f, "static const unsigned char %s_%zu[] = {", name, i);
	for (size_t k = 0; k < n; k++)
		fprintf(f, "%s%u,", k % 32 == 0 ? "\n" : "", p[k]);
	fputs(n ? "\n};\n" : "0 };\n", f);
}

static uint64_t hash_of(const unsigned char *p, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h;
}

struct made {
	const char *name;
	uint64_t hash;
	size_t n, gzip_n;
};

static struct made take(FILE *f, const char *path, size_t i)
{
	static unsigned char in[FILE_MAX], out[FILE_MAX + 4096];
	const char *slash = strrchr(path, '/');
	FILE *from = fopen(path, "rb");
	size_t n = from ? fread(in, 1, sizeof in, from) : 0;
	if (!from || n == 0 || n == sizeof in) {
		fprintf(stderr, "embed: %s cannot be read, is empty or too large\n", path);
		exit(1);
	}
	fclose(from);
	struct made m = { slash ? slash + 1 : path, hash_of(in, n), n, squeeze(in, n, out, sizeof out) };
	put_bytes(f, "bytes", i, in, m.n);
	put_bytes(f, "gzip", i, out, m.gzip_n);
	return m;
}

int main(int argc, char **argv)
{
	FILE *f = argc > 2 ? fopen(argv[1], "wb") : NULL;
	struct made *all = calloc((size_t)argc, sizeof *all);
	if (!f || !all) {
		fprintf(stderr, "usage: embed OUT.c FILE…\n");
		free(all);
		return 2;
	}
	fputs("/* Made by tools/embed. */\n#include \"web/asset.h\"\n", f);
	for (int i = 2; i < argc; i++)
		all[i] = take(f, argv[i], (size_t)i);
	fputs("const struct asset assets[] = {\n", f);
	for (int i = 2; i < argc; i++) {
		const char *dot = strrchr(all[i].name, '.');
		unsigned long long h = all[i].hash;
		fprintf(f,
			"\t{ \"%s\", \"/assets/%.*s.%016llx%s\", \"%s\", \"\\\"%016llx\\\"\", bytes_%d, %zu, gzip_%d, "
			"%zu },\n",
			all[i].name, (int)(dot - all[i].name), all[i].name, h, dot, type_of(all[i].name), h, i,
			all[i].n, i, all[i].gzip_n);
	}
	fprintf(f, "};\nconst size_t assets_count = %d;\n", argc - 2);
	free(all);
	return fclose(f) == 0 ? 0 : 1;
}
