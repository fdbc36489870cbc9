/* num.h - the subcommands of "adem num" and what they share. */
#ifndef ADEM_APP_NUM_H
#define ADEM_APP_NUM_H
#include "base/base.h"

int num_opinion_command(int argc, char **argv);
#endif
