/* adem num: the numerical engines for analysts and other programs. One file of this folder a subcommand. */
#include "app/command.h"
#include "cli/num/num.h"

static const struct command commands[] = {
	{"opinion",   num_opinion_command,  "groups and common ground from votes"                             },
	{ "evaluate", num_evaluate_command, "did what was done work, and could it have been seen at all"      },
	{ "forecast", num_forecast_command, "what each place is to expect, beside its norm"                   },
	{ "score",    num_score_command,    "how good forecasts of the past would have been, beside baselines"},
	{ "simulate", num_simulate_command, "futures of the model: several places together, or a catalogue"   },
};

int num_command(int argc, char **argv)
{
	return command_run("adem num", commands, COUNT(commands), argc, argv);
}
