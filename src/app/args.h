/* args.h - the words behind a command, read from a table. Parsing, --help and what is said of a mistake are made from the same
 * rows, for each command of the program and for each setting; the manual pages are checked against --help.
 *
 * "--name VALUE" and "--name=VALUE" are the same, and a value that begins with "--" has to stand behind "=". "--" ends the
 * options: what follows are operands. An option stands once. "-h" and "--help" print the help wherever they stand. */
#ifndef ADEM_APP_ARGS_H
#define ADEM_APP_ARGS_H
#include "base/arena.h"

enum {
	ARGS_DAY_NONE = INT32_MIN, /* what an ARG_DATE holds that is not given */
	ARGS_WRONG = 2             /* the exit status of a command that was called wrongly */
};

enum arg_kind {
	ARG_SWITCH, /* bool: no value follows */
	ARG_WORD,   /* const char *: borrowed from argv; NULL: not given. Of a file a path, "-" is standard input */
	ARG_TEXT,   /* struct str: a copy in the arena, which ends with a NUL */
	ARG_YES,    /* int64_t: 1 of "yes", 0 of "no" */
	ARG_INT,    /* int64_t in MIN to MAX */
	ARG_REAL,   /* double in MIN to MAX */
	ARG_DATE,   /* int32_t: a day of num/data/day.h, from "2017-01-31" */
	ARG_SPAN    /* int64_t: days in MIN to MAX, from "7", "7d" or "2w" */
};

struct arg {
	const char
		*name; /* "train_until": as an option "--train-until"; of an operand what stands for it in the help */
	enum arg_kind kind;
	size_t at;           /* offset of what it fills */
	double min, max;     /* of a number; of a text its bytes, MAX 0: any number of them */
	const char *preset;  /* the value when it is not given; NULL: zero, or none */
	const char *choices; /* of a text: the words it may be, separated by spaces; NULL: any */
	const char *value;   /* what stands for a text in the help: FILE */
	/* Of a text: whether it may be that, and what is said where it may not: "HOST:PORT, such as …". NULL: any may. */
	bool (*fits)(struct str value);
	const char *accepts;
	bool needed;  /* it must be given */
	bool operand; /* it stands without a name, in the order of the table */
	bool secret;  /* its value may hold a password: what is said of a mistake leaves it out */
	const char *help;
};

/* A row that fills MEMBER of the structure OF; behind the name stand the help and what else there is to say: ".min = 1". */
#define ARG(of, member, of_kind, called, ...)                                                                          \
	{                                                                                                              \
		.name = called, .kind = of_kind, .at = offsetof(of, member), .help = __VA_ARGS__                       \
	}

/* What a command takes. */
struct args {
	const char *name;  /* "adem num score" */
	const char *about; /* of --help, above the options: one paragraph */
	const char *after; /* below them; NULL: nothing */
	const struct arg *arg;
	size_t count;
	bool settings; /* the settings are options too: see config.h */
	/* What is wrong with values that are right by themselves, as a sentence; NULL: nothing. */
	const char *(*wrong)(const void *into);
};

/* Further options, in a structure of their own. */
struct args_table {
	const struct arg *arg;
	size_t count;
	void *into;
	const char *title; /* of --help */
};

/* Fills INTO (and MORE->into, where MORE is not NULL) from ARGV, whose first word is the command's own. INTO gets the presets
 * before, MORE->into keeps what it has. False when the command is not to go on: *STATUS is 0 after --help, ARGS_WRONG after what
 * is wrong was said on standard error. */
MUST_CHECK bool args_read(struct arena *mem, const struct args *k, const struct args_table *more, int argc, char **argv,
	void *into, int *status);

/* For those who read the same tables from elsewhere. */
/* VALUE into what A fills; false where it does not fit. */
MUST_CHECK bool arg_set(struct arena *mem, const struct arg *a, void *into, struct str value);
/* Says on standard error that VALUE is not what NAME takes, and what it takes. WHERE is who says it, or the place. */
void arg_say_wrong(struct arena *mem, const char *where, const char *name, const struct arg *a, struct str value);
/* Sets what has a preset to it; what has none is left. */
void args_preset(struct arena *mem, const struct arg *table, size_t count, void *into);
#endif
