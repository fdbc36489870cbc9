/* config.h - every setting of the program, from one table. The same name works in the configuration file
 * (proof_of_work_bits = 0), in the environment (ADEM_PROOF_OF_WORK_BITS=0) and as a flag (--proof-of-work-bits 0); later
 * ones win in that order. The file is DATA/adem.conf, or what --config names. */
#ifndef ADEM_APP_CONFIG_H
#define ADEM_APP_CONFIG_H
#include "app/args.h"

struct config {
	struct str data;            /* the data directory */
	struct str config;          /* the configuration file; empty: DATA/adem.conf, if there */
	struct str listen;          /* HOST:PORT */
	struct str database;        /* sqlite:FILE (relative to DATA) or a libpq URL */
	struct str pepper_file;     /* relative to DATA */
	struct str region;          /* for visitors, where the database holds several */
	struct str sandbox;         /* auto, required, off */
	struct str log_level;       /* info, warn, error */
	struct str log_format;      /* logfmt, json */
	struct str rehearsal_clock; /* a file; empty: none */
	int64_t workers;            /* 0: one a core */
	int64_t hashers;
	int64_t proof_of_work_bits; /* 0: off */
	int64_t proof_wait_s;
	int64_t reports_per_minute;
	int64_t worker_reports_per_minute;
	int64_t place_reports_per_minute;
	int64_t waited_reports_per_minute;
	struct str trusted_proxies; /* addresses and networks */
	int64_t failed_sign_ins_per_minute;
	int64_t sign_in_proof_bits;
	int64_t acts_per_hour;
	int64_t reports_at_once;
	int64_t boards_max;
	int64_t session_hours, session_idle_hours;
	int64_t disk_reserve_mib;
	int64_t secure_cookies;
};

/* Reads the words of a command (args.h) into INTO, and with K->settings fills *OUT from the presets, the file, the environment
 * and the options, in that order; without, *OUT has the presets. False when the command is not to go on: *STATUS is its exit
 * status. */
MUST_CHECK bool config_load(
	struct arena *mem, const struct args *k, int argc, char **argv, void *into, struct config *out, int *status);
/* "adem config": prints all settings with their values and meaning; secrets are none. */
int config_command(int argc, char **argv);
/* FILE in the data directory, unless it is absolute. */
struct str config_path(struct arena *mem, const struct config *cfg, struct str file);
#endif
