/* args_help.h - what a table of arguments says of itself: the usage line, --help, and what an option takes. */
#ifndef ADEM_APP_ARGS_HELP_H
#define ADEM_APP_ARGS_HELP_H
#include "app/args.h"

/* "--train-until". */
const char *args_option(struct arena *mem, const struct arg *a);
/* "a whole number from 1 to 64", for a sentence. */
const char *args_accepted(struct arena *mem, const struct arg *a);
/* "usage: adem num score --events FILE … [OPTION …]" and the end of the line. */
void args_usage(FILE *to, struct arena *mem, const struct args *k);
/* All of --help. An option stands in a line that begins with two spaces: its name and what stands for its value, then, after two
 * spaces or in the next line, what it is, and in parentheses what it takes and what it is when not given. */
void args_help(FILE *to, struct arena *mem, const struct args *k, const struct args_table *more);
#endif
