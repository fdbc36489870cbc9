#include "app/command.h"
#include "app/args.h"
#include "app/spelling.h"

static void print_list(FILE *to, const char *program, const struct command *table, size_t count)
{
	fprintf(to, "usage: %s COMMAND [OPTION …]\n\n", program);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "  %-16s %s\n", table[i].name, table[i].help);
	fprintf(to, "\n\"%s COMMAND --help\" tells more.\n", program);
}

static const struct command *find(const struct command *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static int say_unknown(const char *program, const struct command *table, size_t count, const char *name)
{
	fprintf(stderr, "%s: there is no command \"%s\"", program, name);
	for (size_t i = 0; i < count; i++)
		if (spelling_near(str_of(name), str_of(table[i].name)))
			fprintf(stderr, "; did you mean \"%s\"?", table[i].name);
	fprintf(stderr, "; \"%s --help\" lists them\n", program);
	return ARGS_WRONG;
}

/* "help NAME …" is "NAME … --help": ARGV begins with "help". */
static int help_on(const char *program, const struct command *table, size_t count, int argc, char **argv)
{
	char **words = calloc((size_t)argc + 1, sizeof *words);
	if (!words)
		return 1;
	words[0] = argv[0];
	memcpy(words + 1, argv + 1, ((size_t)argc - 1) * sizeof *words);
	words[argc] = (char[]){ "--help" };
	int status = command_run(program, table, count, argc + 1, words);
	free(words);
	return status;
}

int command_run(const char *program, const struct command *table, size_t count, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *found = find(table, count, name);
	if (found)
		return found->run(argc - 1, argv + 1);
	bool help = strcmp(name, "help") == 0, asked = help || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;
	if (help && argc > 2)
		return help_on(program, table, count, argc - 1, argv + 1);
	if (!asked && name[0])
		return say_unknown(program, table, count, name);
	if (asked && argc > 2) {
		fprintf(stderr, "%s: \"%s\" is not expected here; \"%s help %s\" is\n", program, argv[2], program,
			argv[2]);
		return ARGS_WRONG;
	}
	print_list(asked ? stdout : stderr, program, table, count);
	return asked ? 0 : ARGS_WRONG;
}
