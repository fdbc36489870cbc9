/* num.h - the subcommands of "adem num" and what they share: files, progress, one way to end. */
#ifndef ADEM_CLI_NUM_H
#define ADEM_CLI_NUM_H
#include "app/args.h"
#include "base/buf.h"
#include "base/err.h"

enum { NUM_FILE_BYTES_MAX = 1 << 30 };

/* Reads the words of the command K (args.h) into WORDS, lets RUN write the answer, and prints that when RUN returns OK, and only
 * then. Returns the exit status. */
int num_run(const struct args *k, void *words, enum err (*run)(struct ctx *c, void *words, struct buf *out), int argc,
	char **argv);

/* All of the file PATH ("-": standard input) into *OUT, in the arena of C. Fails with ERR_IO and the path, or with ERR_LIMIT
 * beyond NUM_FILE_BYTES_MAX. */
MUST_CHECK enum err num_read(struct ctx *c, const char *path, struct str *out);
/* Passes E on; where it is an error PATH is put before its reason. */
enum err num_of_file(struct ctx *c, const char *path, enum err e);
/* Says a line on standard error that the reader of the answer should know, such as what was chosen and why. */
void num_note(const char *fmt, ...) PRINTF(1, 2);
/* Says on standard error, where that is a terminal, what is being done and how far it is (0 to 1; negative: not known). At
 * most a few times a second; the line is gone when the command ends. */
void num_progress(const char *what, double share);

int num_opinion_command(int argc, char **argv);
int num_evaluate_command(int argc, char **argv);
int num_forecast_command(int argc, char **argv);
int num_score_command(int argc, char **argv);
int num_simulate_command(int argc, char **argv);
#endif
