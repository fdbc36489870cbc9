/* adem num: the numerical engines for analysts and other programs. One file of src/app a subcommand. */
#include "app/command.h"
#include "app/num.h"

static const struct command commands[] = {
	{"opinion", num_opinion_command, "groups and common ground from votes"},
};

int num_command(int argc, char **argv)
{
	return command_run("adem num", commands, COUNT(commands), argc, argv);
}
