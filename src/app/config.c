#include "app/config.h"
#include "app/command.h"
#include "app/spelling.h"
#include "base/buf.h"
#include <sys/stat.h>
#include <unistd.h>

enum setting_kind { SET_TEXT, SET_INT, SET_BOOL, SET_CHOICE };

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t at;
	const char *preset;
	int64_t min, max;
	const char *choices; /* for SET_CHOICE: words separated by spaces */
	const char *help;
};

#define SETTING(member, kind, preset, min, max, choices, help)                                                         \
	{                                                                                                              \
#member, kind, offsetof(struct config, member), preset, min, max, choices, help                        \
	}

/* The parser, "adem config" and every --help are made from this table; adem.conf(5) is checked against it. */
static const struct setting settings[] = {
	SETTING(data, SET_TEXT, "data", 1, 500, NULL,
		"directory that holds the database, the pepper and the configuration"),
	SETTING(config, SET_TEXT, "", 0, 500, NULL,
		"configuration file; empty: adem.conf in the data directory, if there"),
	SETTING(listen, SET_TEXT, "127.0.0.1:8080", 3, 100, NULL, "HOST:PORT to listen on; port 0 takes a free one"),
	SETTING(database, SET_TEXT, "sqlite:db/adem.db", 8, 500, NULL, "sqlite:FILE or postgresql://…"),
	SETTING(pepper_file, SET_TEXT, "pepper.key", 1, 500, NULL,
		"the key that receipts depend on; keep a copy, apart from the database"),
	SETTING(region, SET_TEXT, "", 0, 8, NULL,
		"region that visitors meet first, such as 31.71; empty: the only one"),
	SETTING(sandbox, SET_CHOICE, "auto", 0, 0, "auto required off",
		"confine the workers: where the kernel can, always, never"),
	SETTING(log_level, SET_CHOICE, "info", 0, 0, "info warn error",
		"what the log begins with: all, or what is worse"),
	SETTING(log_format, SET_CHOICE, "logfmt", 0, 0, "logfmt json", "how a line of the log is written"),
	SETTING(rehearsal_clock, SET_TEXT, "", 0, 500, NULL,
		"for drills: file of 8 bytes, milliseconds added to the clock"),
	SETTING(workers, SET_INT, "0", 0, 64, NULL, "web workers; 0: one for each core"),
	SETTING(hashers, SET_INT, "1", 1, 16, NULL, "processes that check passwords beside the web workers"),
	SETTING(proof_of_work_bits, SET_INT, "16", 0, 26, NULL,
		"work a browser does before a report is taken; 0: none"),
	SETTING(proof_wait_s, SET_INT, "10", 0, 120, NULL, "seconds a browser without script waits instead"),
	SETTING(reports_per_minute, SET_INT, "6000", 1, 1000000, NULL,
		"reports taken a minute in all; more are asked to try again"),
	SETTING(worker_reports_per_minute, SET_INT, "3000", 1, 1000000, NULL,
		"reports that one worker takes a minute; more are asked to try again"),
	SETTING(place_reports_per_minute, SET_INT, "1200", 1, 1000000, NULL,
		"reports taken a minute from one place, so that a flood there leaves room to others"),
	SETTING(waited_reports_per_minute, SET_INT, "300", 1, 1000000, NULL,
		"reports taken a minute of browsers that waited instead of working"),
	SETTING(trusted_proxies, SET_TEXT, "127.0.0.1 ::1", 0, 500, NULL,
		"addresses and networks whose X-Forwarded-For says who sends"),
	SETTING(failed_sign_ins_per_minute, SET_INT, "300", 1, 1000000, NULL,
		"wrong passwords a minute in all; then signing in on a new device costs work"),
	SETTING(sign_in_proof_bits, SET_INT, "16", 1, 24, NULL,
		"work that signing in costs after some wrong passwords; each doubling of them one more"),
	SETTING(acts_per_hour, SET_INT, "30", 1, 100000, NULL,
		"how often an hour one account invites, removes, changes roles, opens cases by hand"),
	SETTING(reports_at_once, SET_INT, "64", 1, 10000, NULL,
		"requests a worker holds in flight; more are asked to try again"),
	SETTING(boards_max, SET_INT, "4000", 1, 100000, NULL, "open boards a worker keeps live"),
	SETTING(session_hours, SET_INT, "168", 1, 8760, NULL, "hours until somebody has to sign in again"),
	SETTING(disk_reserve_mib, SET_INT, "64", 0, 100000, NULL,
		"room kept aside beside an embedded database, given back when the disk is full; 0: none"),
	SETTING(secure_cookies, SET_BOOL, "no", 0, 0, NULL,
		"yes behind a proxy that ends TLS: cookies travel over https only"),
};

static bool choice_holds(const char *choices, struct str value)
{
	struct str rest = str_of(choices), one;
	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

/* Stores VALUE; false after saying what is wrong. WHERE tells the person where it stands. */
static bool set(struct arena *mem, struct config *out, const struct setting *s, struct str value, const char *where)
{
	void *at = (char *)out + s->at;
	if (s->kind == SET_TEXT || s->kind == SET_CHOICE) {
		bool fits = s->kind == SET_CHOICE ? choice_holds(s->choices, value)
						  : value.n >= (size_t)s->min && value.n <= (size_t)s->max;
		if (fits)
			*(struct str *)at = arena_str(mem, value);
		else if (s->kind == SET_CHOICE)
			fprintf(stderr, "adem: %s: %s is one of: %s\n", where, s->name, s->choices);
		else
			fprintf(stderr, "adem: %s: %s has %" PRId64 " to %" PRId64 " bytes\n", where, s->name, s->min,
				s->max);
		return fits;
	}
	if (s->kind == SET_BOOL) {
		bool yes = str_is(value, "yes") || str_is(value, "1") || str_is(value, "true");
		bool no = str_is(value, "no") || str_is(value, "0") || str_is(value, "false");
		if (!yes && !no)
			fprintf(stderr, "adem: %s: %s is yes or no\n", where, s->name);
		*(int64_t *)at = yes;
		return yes || no;
	}
	if (str_to_i64(value, s->min, s->max, at))
		return true;
	fprintf(stderr, "adem: %s: %s is a whole number from %" PRId64 " to %" PRId64 "\n", where, s->name, s->min,
		s->max);
	return false;
}

static const struct setting *find(struct str name, char dash)
{
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		size_t n = strlen(s->name), i = 0;
		while (i < n && i < name.n && (s->name[i] == '_' ? dash : s->name[i]) == name.p[i])
			i++;
		if (i == n && name.n == n)
			return s;
	}
	return NULL;
}

/* Says which setting may have been meant, in the form that it has there, and ends the line. */
static void suggest(struct str name, const char *before, bool upper, char dash)
{
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		if (!spelling_near(name, str_of(s->name)))
			continue;
		fprintf(stderr, "; did you mean %s", before);
		for (const char *p = s->name; *p; p++)
			fputc(*p == '_' ? dash : upper && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, stderr);
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
		for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
			known = known || spelling_distance(bare, str_of(s->name)) == 0;
			near = near || spelling_near(bare, str_of(s->name));
		}
		if (known || !near)
			continue;
		fprintf(stderr, "adem: the environment has %.*s, which is no setting", STR_ARG(name));
		suggest(bare, "ADEM_", true, '_');
		good = false;
	}
	return good;
}

static bool from_environment(struct arena *mem, struct config *out)
{
	bool good = true;
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		char name[64] = "ADEM_";
		size_t n = strlen(s->name);
		assert(n + 6 < sizeof name);
		for (size_t i = 0; i <= n; i++)
			name[5 + i] = s->name[i] >= 'a' && s->name[i] <= 'z' ? (char)(s->name[i] - 'a' + 'A')
									     : s->name[i];
		const char *value = getenv(name);
		if (value && !set(mem, out, s, str_of(value), name))
			good = false;
	}
	return good;
}

static bool from_line(struct arena *mem, struct config *out, struct str line, const char *where)
{
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return true;
	struct str name;
	if (str_find(line, '=') < 0 || !str_cut(&line, '=', &name)) {
		fprintf(stderr, "adem: %s: expected: name = value\n", where);
		return false;
	}
	const struct setting *s = find(str_trim(name), '_');
	if (!s) {
		fprintf(stderr, "adem: %s: there is no setting \"%.*s\"", where, STR_ARG(str_trim(name)));
		suggest(str_trim(name), "", false, '_');
		return false;
	}
	return set(mem, out, s, str_trim(line), where);
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
	fclose(f);
	if (n == FILE_MAX) {
		fprintf(stderr, "adem: %.*s: larger than %d bytes\n", STR_ARG(path), FILE_MAX);
		return false;
	}
	struct str rest = { text, n }, line;
	bool good = true;
	for (int number = 1; str_cut(&rest, '\n', &line); number++)
		good &= from_line(mem, out, line, arena_printf(mem, "%.*s:%d", STR_ARG(path), number).p);
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
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		const void *at = (const char *)cfg + s->at;
		fprintf(to, "# %s\n%s = ", s->help, s->name);
		if (s->kind == SET_TEXT || s->kind == SET_CHOICE)
			print_text(to, *(const struct str *)at);
		else if (s->kind == SET_BOOL)
			fprintf(to, "%s\n", *(const int64_t *)at ? "yes" : "no");
		else
			fprintf(to, "%" PRId64 "\n", *(const int64_t *)at);
	}
}

static void print_help(const char *usage)
{
	printf("%s\n\nSettings, each also as a line of adem.conf (name = value) and in the environment (ADEM_NAME):\n",
		usage);
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		char flag[64];
		size_t n = strlen(s->name);
		for (size_t i = 0; i <= n; i++)
			flag[i] = s->name[i] == '_' ? '-' : s->name[i];
		printf("  --%-22s %s%s%s%s\n", flag, s->help, s->preset[0] ? " (" : "", s->preset,
			s->preset[0] ? ")" : "");
	}
}

/* One argument of the command's own; 1 taken, 2 taken with the next, 0 not its own, -1 wrong. */
static int own_flag(const char *const *own, const char **own_values, char **argv, int left)
{
	for (size_t i = 0; own && own[i]; i++) {
		size_t n = strlen(own[i]);
		bool takes = own[i][n - 1] == '=';
		if (takes && strncmp(argv[0], own[i], n) == 0) {
			own_values[i] = argv[0] + n;
			return 1;
		}
		if (strncmp(argv[0], own[i], takes ? n - 1 : n) != 0 || argv[0][takes ? n - 1 : n])
			continue;
		if (takes && left < 2) {
			fprintf(stderr, "adem: %s needs a value\n", argv[0]);
			return -1;
		}
		own_values[i] = takes ? argv[1] : "";
		return takes ? 2 : 1;
	}
	return 0;
}

/* One setting given as a flag; the same returns. With STORE false only its shape is looked at. */
static int setting_flag(struct arena *mem, struct config *out, char **argv, int left, bool store)
{
	struct str name = str_of(argv[0] + 2), value;
	ptrdiff_t equals = str_find(name, '=');
	if (equals >= 0) {
		value = (struct str){ name.p + equals + 1, name.n - (size_t)equals - 1 };
		name.n = (size_t)equals;
	}
	const struct setting *s = find(name, '-');
	if (!s) {
		fprintf(stderr, "adem: there is no option \"%s\"; --help lists them", argv[0]);
		suggest(name, "--", false, '-');
		return -1;
	}
	if (equals < 0 && left < 2) {
		fprintf(stderr, "adem: %s needs a value\n", argv[0]);
		return -1;
	}
	if (equals < 0)
		value = str_of(argv[1]);
	bool early = strcmp(s->name, "data") == 0 || strcmp(s->name, "config") == 0;
	if ((store || early) && !set(mem, out, s, value, argv[0]))
		return -1;
	return equals >= 0 ? 1 : 2;
}

/* Walks ARGV; the first pass takes only what says where the file is, the second takes everything. */
static bool from_flags(struct arena *mem, int argc, char **argv, const char *const *own, const char **own_values,
	const char **words, struct config *out, bool store)
{
	size_t words_count = 0;
	for (int i = 1; i < argc;) {
		if (strncmp(argv[i], "--", 2) != 0) {
			words[words_count++] = argv[i++];
			continue;
		}
		int taken = own_flag(own, own_values, argv + i, argc - i);
		if (taken == 0)
			taken = setting_flag(mem, out, argv + i, argc - i, store);
		if (taken < 0)
			return false;
		i += taken;
	}
	words[words_count] = NULL;
	return true;
}

bool config_load(struct arena *mem, int argc, char **argv, const char *usage, const char *const *own,
	const char **own_values, const char ***words, struct config *out)
{
	*out = (struct config){ 0 };
	for (const struct setting *s = settings; s < settings + COUNT(settings); s++) {
		bool preset_fits = set(mem, out, s, str_of(s->preset), "preset");
		assert(preset_fits);
	}
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(usage);
			exit(0);
		}
	const char **kept = arena_array(mem, const char *, (size_t)argc + 1);
	bool good = check_environment() && from_environment(mem, out) &&
		    from_flags(mem, argc, argv, own, own_values, kept, out, false) && from_file(mem, out) &&
		    from_environment(mem, out) && from_flags(mem, argc, argv, own, own_values, kept, out, true);
	if (good && !words && kept[0]) {
		fprintf(stderr, "adem: \"%s\" is not expected here; --help tells more\n", kept[0]);
		good = false;
	}
	if (words)
		*words = kept;
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
	struct arena *mem = arena_new(4096);
	struct config cfg;
	bool good = config_load(mem, argc, argv,
		"usage: adem config [--NAME VALUE …]\n\nPrints every setting with its value.", NULL, NULL, NULL, &cfg);
	if (good)
		print_settings(stdout, &cfg);
	arena_free(mem);
	return good ? 0 : 2;
}
