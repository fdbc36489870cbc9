/* Runs a fuzz target over files, without a fuzzer: each argument is a file, or a folder of files. */
#include "base/base.h"
#include <dirent.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 1 << 20 };

static int run_file(const char *path)
{
	static uint8_t data[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	size_t n = fread(data, 1, sizeof data, f);
	fclose(f);
	/* A copy of the exact size lets AddressSanitizer see a read behind the end. */
	uint8_t *exact = malloc(n ? n : 1);
	if (!exact)
		abort();
	if (n)
		memcpy(exact, data, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 1;
}

static int run_folder(const char *path)
{
	int count = 0;
	DIR *d = opendir(path);
	if (!d)
		return run_file(path);
	for (struct dirent *e; (e = readdir(d));) {
		char file[4096];
		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, e->d_name);
		count += run_file(file);
	}
	closedir(d);
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;
	for (int i = 1; i < argc; i++)
		count += run_folder(argv[i]);
	printf("%d inputs\n", count);
	return count > 0 ? 0 : 1;
}
