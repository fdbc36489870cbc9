/* command.h - the commands of the program and how one is found. Each command is a function of its own file in
 * src/app; it gets its own name as argv[0] and returns the exit status: 0 done, 1 failed, 2 called wrongly. */
#ifndef ADEM_APP_COMMAND_H
#define ADEM_APP_COMMAND_H
#include "base/base.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* one line */
};

/* Runs the command that argv[1] names. --help and "help" print the list, "help NAME" the help of that command. Without a name the
 * list is printed and it was called wrongly; a name that is unknown is answered with those that are near. */
int command_run(const char *program, const struct command *table, size_t count, int argc, char **argv);

int account_command(int argc, char **argv);
int check_command(int argc, char **argv);
int config_command(int argc, char **argv);
int demo_command(int argc, char **argv);
int migrate_command(int argc, char **argv);
int routes_command(int argc, char **argv);
int serve_command(int argc, char **argv);
int work_command(int argc, char **argv);
int num_command(int argc, char **argv);
#endif
