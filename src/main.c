/* adem: one program, one table of commands. */
#include "app/command.h"

static const struct command commands[] = {
	{"serve",    serve_command,   "serve the pages and do the jobs"            },
	{ "work",    work_command,    "do the jobs only, on a further host"        },
	{ "migrate", migrate_command, "bring the database to the newest schema"    },
	{ "demo",    demo_command,    "make the demo region and print its sign-ins"},
	{ "account", account_command, "invite a first member, reset an account"    },
	{ "check",   check_command,   "verify schema, audit chain and sealed boxes"},
	{ "config",  config_command,  "print every setting, its value and meaning" },
	{ "routes",  routes_command,  "print every address and who may call it"    },
	{ "num",     num_command,     "numerical engines on CSV files"             },
};

static bool asks_version(const char *word)
{
	return strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0 || strcmp(word, "version") == 0;
}

int main(int argc, char **argv)
{
	int status = 0;
	if (argc == 2 && asks_version(argv[1]))
		printf("adem " ADEM_VERSION "\n");
	else
		status = command_run("adem", commands, COUNT(commands), argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "adem: standard output: %s\n", strerror(errno));
		status = status ? status : 1;
	}
	return status;
}
