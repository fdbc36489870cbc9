/* adem: one program, one table of commands. */
#include "app/command.h"

static const struct command commands[] = {
	{"num", num_command, "numerical engines on CSV files: forecast, score, evaluate, simulate, opinion"},
};

int main(int argc, char **argv)
{
	return command_run("adem", commands, COUNT(commands), argc, argv);
}
