/* adem: one program, one table of commands. */
#include "app/command.h"

static const struct command commands[] = {
	{"config", config_command, "print every setting, its value and meaning"                                  },
	{ "num",   num_command,    "numerical engines on CSV files: forecast, score, evaluate, simulate, opinion"},
};

int main(int argc, char **argv)
{
	return command_run("adem", commands, COUNT(commands), argc, argv);
}
