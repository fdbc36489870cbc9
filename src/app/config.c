#include "app/config.h"
#include "app/command.h"
#include "app/spelling.h"
#include "http/address.h"
#include "os/supervisor.h"
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_MAX = 500 };

static bool is_database(struct str value)
{
	return str_starts(value, S("sqlite:")) || str_starts(value, S("postgresql://")) ||
	       str_starts(value, S("postgres://"));
}

static bool is_networks(struct str value)
{
	struct networks unused;
	return networks_read(value, &unused);
}

#define SETTING(member, kind, ...) ARG(struct config, member, kind, #member, __VA_ARGS__)

/* The parser, "adem config" and every --help are made from this table; adem.conf(5) is checked against it. */
static const struct arg settings[] = {
	SETTING(data, ARG_TEXT, "directory that holds the database, the pepper and the configuration", .preset = "data",
		.min = 1, .max = BYTES_MAX, .value = "DIR"),
	SETTING(config, ARG_TEXT, "configuration file; empty: adem.conf in the data directory, if there", .preset = "",
		.max = BYTES_MAX, .value = "FILE"),
	SETTING(listen, ARG_TEXT, "HOST:PORT to listen on; port 0 takes a free one", .preset = "127.0.0.1:8080",
		.min = 3, .max = 100, .value = "HOST:PORT", .fits = supervisor_address,
		.accepts = "HOST:PORT, such as 127.0.0.1:8080"),
	SETTING(database, ARG_TEXT, "sqlite:FILE or postgresql://…", .preset = "sqlite:db/adem.db", .min = 8,
		.max = BYTES_MAX, .value = "URL", .fits = is_database,
		.accepts = "sqlite:FILE or a URL that begins with postgresql://", .secret = true),
	SETTING(pepper_file, ARG_TEXT, "the key that receipts depend on; keep a copy, apart from the database",
		.preset = "pepper.key", .min = 1, .max = BYTES_MAX, .value = "FILE"),
	SETTING(region, ARG_TEXT, "region that visitors meet first, such as 31.71; empty: the only one", .preset = "",
		.max = 8, .value = "CODE"),
	SETTING(sandbox, ARG_TEXT, "confine the workers: where the kernel can, always, never", .preset = "auto",
		.choices = "auto required off"),
	SETTING(log_level, ARG_TEXT, "what the log begins with: all, or what is worse", .preset = "info",
		.choices = "info warn error"),
	SETTING(log_format, ARG_TEXT, "how a line of the log is written", .preset = "logfmt", .choices = "logfmt json"),
	SETTING(rehearsal_clock, ARG_TEXT, "for drills: file of 8 bytes, milliseconds added to the clock", .preset = "",
		.max = BYTES_MAX, .value = "FILE"),
	SETTING(workers, ARG_INT, "web workers; 0: one for each core", .preset = "0", .max = 64),
	SETTING(hashers, ARG_INT, "processes that check passwords beside the web workers", .preset = "1", .min = 1,
		.max = 16),
	SETTING(proof_of_work_bits, ARG_INT, "work a browser does before a report is taken; 0: none", .preset = "16",
		.max = 26),
	SETTING(proof_wait_s, ARG_INT, "seconds a browser without script waits instead", .preset = "10", .max = 120),
	SETTING(reports_per_minute, ARG_INT, "reports taken a minute in all; more are asked to try again",
		.preset = "6000", .min = 1, .max = 1000000),
	SETTING(worker_reports_per_minute, ARG_INT,
		"reports that one worker takes a minute; more are asked to try again", .preset = "3000", .min = 1,
		.max = 1000000),
	SETTING(place_reports_per_minute, ARG_INT,
		"reports taken a minute from one place, so that a flood there leaves room to others", .preset = "1200",
		.min = 1, .max = 1000000),
	SETTING(waited_reports_per_minute, ARG_INT, "reports taken a minute of browsers that waited instead of working",
		.preset = "300", .min = 1, .max = 1000000),
	SETTING(trusted_proxies, ARG_TEXT, "addresses and networks whose X-Forwarded-For says who sends",
		.preset = "127.0.0.1 ::1", .max = BYTES_MAX, .value = "LIST", .fits = is_networks,
		.accepts = "addresses and networks such as 127.0.0.1 10.0.0.0/8"),
	SETTING(failed_sign_ins_per_minute, ARG_INT,
		"wrong passwords a minute in all; then signing in on a new device costs work", .preset = "300",
		.min = 1, .max = 1000000),
	SETTING(sign_in_proof_bits, ARG_INT,
		"work that signing in costs after some wrong passwords; each doubling of them one more", .preset = "16",
		.min = 1, .max = 24),
	SETTING(acts_per_hour, ARG_INT,
		"how often an hour one account invites, removes, changes roles, opens cases by hand", .preset = "30",
		.min = 1, .max = 100000),
	SETTING(reports_at_once, ARG_INT, "requests a worker holds in flight; more are asked to try again",
		.preset = "64", .min = 1, .max = 10000),
	SETTING(boards_max, ARG_INT, "open boards a worker keeps live", .preset = "4000", .min = 1, .max = 100000),
	SETTING(session_hours, ARG_INT, "hours until somebody has to sign in again", .preset = "168", .min = 1,
		.max = 8760),
	SETTING(session_idle_hours, ARG_INT,
		"hours without use until somebody has to sign in again; who is on duty then stays until its end",
		.preset = "12", .min = 1, .max = 8760),
	SETTING(disk_reserve_mib, ARG_INT,
		"room kept aside beside an embedded database, given back when the disk is full; 0: none",
		.preset = "64", .max = 100000),
	SETTING(secure_cookies, ARG_YES, "yes behind a proxy that ends TLS: cookies travel over https only",
		.preset = "no"),
};

/* Stores VALUE, which stands at WHERE as NAME; false after saying what is wrong. */
static bool set(struct arena *mem, struct config *out, const struct arg *s, struct str value, const char *where,
	const char *name)
{
	if (arg_set(mem, s, out, value))
		return true;
	arg_say_wrong(mem, where, name, s, value);
	return false;
}

static const struct arg *find(struct str name)
{
	for (const struct arg *s = settings; s < settings + COUNT(settings); s++)
		if (str_is(name, s->name))
			return s;
	return NULL;
}

/* Says which setting may have been meant, and ends the line. */
static void suggest(struct str name, const char *before, bool upper)
{
	for (const struct arg *s = settings; s < settings + COUNT(settings); s++) {
		if (!spelling_near(name, str_of(s->name)))
			continue;
		fprintf(stderr, "; did you mean %s", before);
		for (const char *p = s->name; *p; p++)
			fputc(upper && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, stderr);
		fputc('?', stderr);
	}
	fputc('\n', stderr);
}

/* A slip in the name of a variable is refused, so that a setting does not go missing in silence. Other names are not ours. */
static bool check_environment(void)
{
	struct str prefix = S("ADEM_");
	bool good = true;
	for (char **one = environ; *one; one++) {
		struct str rest = str_of(*one), name;
		if (!str_starts(rest, prefix) || !str_cut(&rest, '=', &name))
			continue;
		struct str bare = { name.p + prefix.n, name.n - prefix.n };
		bool known = false, near = false;
		for (const struct arg *s = settings; s < settings + COUNT(settings); s++) {
			known = known || spelling_distance(bare, str_of(s->name)) == 0;
			near = near || spelling_near(bare, str_of(s->name));
		}
		if (known || !near)
			continue;
		fprintf(stderr, "adem: the environment has %.*s, which is no setting", STR_ARG(name));
		suggest(bare, "ADEM_", true);
		good = false;
	}
	return good;
}

static bool from_environment(struct arena *mem, struct config *out)
{
	bool good = true;
	for (const struct arg *s = settings; s < settings + COUNT(settings); s++) {
		char name[64] = "ADEM_";
		size_t n = strlen(s->name);
		assert(n + 6 < sizeof name);
		for (size_t i = 0; i <= n; i++)
			name[5 + i] = s->name[i] >= 'a' && s->name[i] <= 'z' ? (char)(s->name[i] - 'a' + 'A')
									     : s->name[i];
		const char *value = getenv(name);
		if (value && !set(mem, out, s, str_of(value), "adem", name))
			good = false;
	}
	return good;
}

/* A file says neither where it is itself nor, when it was found in the data directory, where another one would be. */
static bool says_where_it_is(const struct config *out, const struct arg *s, struct str value, const char *where)
{
	bool data = strcmp(s->name, "data") == 0, config = strcmp(s->name, "config") == 0;
	bool moves = (data && out->config.n == 0 && !str_eq(value, out->data)) ||
		     (config && !str_eq(value, out->config));
	if (moves)
		fprintf(stderr,
			"%s: %s cannot be changed by the file that was found there: say --%s or ADEM_%s instead\n",
			where, s->name, s->name, data ? "DATA" : "CONFIG");
	return moves;
}

/* GIVEN tells of each setting in which line it stood; 0: in none yet. */
static bool from_line(struct arena *mem, struct config *out, struct str line, const char *path, int number, int *given)
{
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return true;
	struct str name;
	const char *where = arena_printf(mem, "adem: %s:%d", path, number).p;
	if (str_find(line, '=') < 0 || !str_cut(&line, '=', &name)) {
		fprintf(stderr, "%s: expected: name = value\n", where);
		return false;
	}
	const struct arg *s = find(str_trim(name));
	if (!s) {
		fprintf(stderr, "%s: there is no setting \"%.*s\"", where, STR_ARG(str_trim(name)));
		suggest(str_trim(name), "", false);
		return false;
	}
	int before = given[s - settings];
	given[s - settings] = number;
	if (before)
		fprintf(stderr, "%s: %s stands in line %d already\n", where, s->name, before);
	return before == 0 && !says_where_it_is(out, s, str_trim(line), where) &&
	       set(mem, out, s, str_trim(line), where, s->name);
}

/* The password in a URL of PostgreSQL, in its user part or among its parameters: where it begins, and how long it is. */
static struct str password_in(struct str url)
{
	struct str none = { NULL, 0 }, mark = S("password=");
	ptrdiff_t scheme = str_find(url, ':');
	if (scheme < 0 || !str_starts(url, S("postgres")))
		return none;
	size_t from = (size_t)scheme + 3, at = from, colon = 0;
	while (at < url.n && url.p[at] != '@' && url.p[at] != '/' && url.p[at] != '?') {
		colon = colon == 0 && url.p[at] == ':' ? at : colon;
		at++;
	}
	if (at < url.n && url.p[at] == '@' && colon)
		return (struct str){ url.p + colon + 1, at - colon - 1 };
	for (size_t i = from; i + mark.n <= url.n; i++)
		if (str_starts((struct str){ url.p + i, url.n - i }, mark)) {
			struct str rest = { url.p + i + mark.n, url.n - i - mark.n };
			ptrdiff_t end = str_find(rest, '&');
			return (struct str){ rest.p, end < 0 ? rest.n : (size_t)end };
		}
	return none;
}

enum { FILE_MAX = 65536 };

static bool from_file(struct arena *mem, struct config *out)
{
	bool named = out->config.n > 0;
	struct str path = named ? out->config : config_path(mem, out, S("adem.conf"));
	FILE *f = fopen(arena_str(mem, path).p, "re");
	if (!f && !named && errno == ENOENT)
		return true;
	if (!f) {
		fprintf(stderr, "adem: %.*s: %s\n", STR_ARG(path), strerror(errno));
		return false;
	}
	struct stat st;
	bool open_to_all = fstat(fileno(f), &st) == 0 && (st.st_mode & S_IRWXO);
	char *text = arena_alloc(mem, FILE_MAX, 1);
	size_t n = fread(text, 1, FILE_MAX, f);
	bool unread = ferror(f) != 0; /* a directory is opened like a file */
	int why = errno;
	fclose(f);
	if (unread) {
		fprintf(stderr, "adem: %.*s: %s\n", STR_ARG(path), strerror(why));
		return false;
	}
	if (n == FILE_MAX) {
		fprintf(stderr, "adem: %.*s: larger than %d bytes\n", STR_ARG(path), FILE_MAX);
		return false;
	}
	struct str rest = { text, n }, line;
	bool good = true;
	int given[COUNT(settings)] = { 0 };
	path = arena_str(mem, path);
	for (int number = 1; str_cut(&rest, '\n', &line); number++)
		good &= from_line(mem, out, line, path.p, number, given);
	if (good && open_to_all && password_in(out->database).n) {
		fprintf(stderr, "adem: %.*s: holds a password and can be read by everybody: chmod o-rwx\n",
			STR_ARG(path));
		return false;
	}
	return good;
}

static void print_text(FILE *to, struct str value)
{
	struct str secret = password_in(value);
	if (secret.n == 0) {
		fprintf(to, "%.*s\n", STR_ARG(value));
		return;
	}
	struct str before = { value.p, (size_t)(secret.p - value.p) };
	struct str after = { secret.p + secret.n, value.n - before.n - secret.n };
	fprintf(to, "%.*s…%.*s\n", STR_ARG(before), STR_ARG(after));
}

static void print_settings(FILE *to, const struct config *cfg)
{
	for (const struct arg *s = settings; s < settings + COUNT(settings); s++) {
		const void *at = (const char *)cfg + s->at;
		fprintf(to, "# %s\n%s = ", s->help, s->name);
		if (s->kind == ARG_TEXT)
			print_text(to, *(const struct str *)at);
		else if (s->kind == ARG_YES)
			fprintf(to, "%s\n", *(const int64_t *)at ? "yes" : "no");
		else
			fprintf(to, "%" PRId64 "\n", *(const int64_t *)at);
	}
}

/* What stands in front of the file, which may also say where the file is. */
static bool from_words(
	struct arena *mem, const struct args *k, const struct args_table *more, int argc, char **argv, void *into)
{
	int status;
	return from_environment(mem, more->into) && args_read(mem, k, more, argc, argv, into, &status);
}

bool config_load(
	struct arena *mem, const struct args *k, int argc, char **argv, void *into, struct config *out, int *status)
{
	const struct args_table all = { settings, COUNT(settings), out,
		"Settings, each also as a line of adem.conf (name = value) and in the environment (ADEM_NAME):" };
	const struct args_table *more = k->settings ? &all : NULL;
	*out = (struct config){ 0 };
	args_preset(mem, settings, COUNT(settings), out);
	bool good = args_read(mem, k, more, argc, argv, into, status);
	if (!good || !more)
		return good;
	good = check_environment() && from_words(mem, k, more, argc, argv, into) && from_file(mem, out) &&
	       from_words(mem, k, more, argc, argv, into);
	*status = good ? 0 : ARGS_WRONG;
	return good;
}

struct str config_path(struct arena *mem, const struct config *cfg, struct str file)
{
	if (file.n && file.p[0] == '/')
		return arena_str(mem, file);
	return arena_printf(mem, "%.*s/%.*s", STR_ARG(cfg->data), STR_ARG(file));
}

int config_command(int argc, char **argv)
{
	static const struct args args = {
		.name = "adem config", .about = "Prints every setting with its value.", .settings = true
	};
	struct arena *mem = arena_new(4096);
	struct config cfg = { 0 };
	int status;
	if (config_load(mem, &args, argc, argv, NULL, &cfg, &status))
		print_settings(stdout, &cfg);
	arena_free(mem);
	return status;
}
