#include "app/command.h"
#include "app/spelling.h"

static void print_list(FILE *to, const char *program, const struct command *table, size_t count)
{
	fprintf(to, "usage: %s COMMAND [OPTION …]\n\n", program);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "  %-16s %s\n", table[i].name, table[i].help);
	fprintf(to, "\n\"%s COMMAND --help\" tells more.\n", program);
}

int command_run(const char *program, const struct command *table, size_t count, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].run(argc - 1, argv + 1);
	bool asked = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
	if (!asked && name[0]) {
		fprintf(stderr, "%s: there is no command \"%s\"", program, name);
		for (size_t i = 0; i < count; i++)
			if (spelling_near(str_of(name), str_of(table[i].name)))
				fprintf(stderr, "; did you mean \"%s\"?", table[i].name);
		fprintf(stderr, "\n");
		if (name[0] != '-')
			return 2;
	}
	print_list(asked ? stdout : stderr, program, table, count);
	return asked ? 0 : 2;
}
