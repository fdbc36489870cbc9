/* num.h - the subcommands of "adem num" and what they share: options from a table, files, progress, one way to end. */
#ifndef ADEM_APP_NUM_H
#define ADEM_APP_NUM_H
#include "base/buf.h"
#include "base/err.h"

enum {
	NUM_FILE_BYTES_MAX = 1 << 30,
	NUM_NEEDED = 1,          /* as MIN of a NUM_TEXT or NUM_DATE: it must be given */
	NUM_DAY_NONE = INT32_MIN /* no day: what a NUM_DATE that may be left out is set to before */
};

enum num_kind {
	NUM_FLAG, /* bool: no value follows */
	NUM_TEXT, /* const char *: borrowed from argv; of a file a path, "-" is standard input */
	NUM_INT,  /* int64_t in MIN to MAX */
	NUM_REAL, /* double in MIN to MAX */
	NUM_DATE, /* int32_t: a day of num/day.h, from "2017-01-31" */
	NUM_SPAN  /* int64_t: days in MIN to MAX, from "7", "7d" or "2w" */
};

/* An option; what it is not given keeps the value that stands at AT. */
struct num_option {
	const char *name; /* "--train-until" */
	enum num_kind kind;
	void *at;
	double min, max;
};

struct num_command {
	const char *name;  /* "adem num score" */
	const char *usage; /* all of --help */
	const struct num_option *options;
	size_t options_count;
	const char **word; /* the one bare word, a path; NULL: none is taken */
	/* Writes the answer into OUT: it is printed when this returns OK, and only then. */
	enum err (*run)(struct ctx *c, void *arg, struct buf *out);
	void *arg;
};

/* Reads the words, runs, prints: the exit status of the command (0 done, 1 failed, 2 called wrongly). An option that is
 * unknown, has no value or a wrong one is named on standard error. */
int num_run(const struct num_command *k, int argc, char **argv);

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
