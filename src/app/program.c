#include "app/program.h"
#include "app/pepper.h"
#include "app/place.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/migrate.h"
#include "features/accounts/accounts.h"
#include "features/places/places.h"
#include "features/reports/reports.h"
#include "vault/vault.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BLOCK_BYTES = 64 * 1024 };

int program_failed(const struct ctx *c)
{
	fprintf(stderr, "adem: %.*s\n", STR_ARG(c->err.why));
	return 1;
}

/* The file is mapped, not read, so that a drill can move the clock while the program runs and sits in its sandbox. */
static bool rehearse(struct program *p)
{
	if (p->cfg.rehearsal_clock.n == 0)
		return true;
	int fd = open(p->cfg.rehearsal_clock.p, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *shift = MAP_FAILED;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(int64_t))
		shift = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (shift == MAP_FAILED) {
		fprintf(stderr, "adem: rehearsal_clock: \"%.*s\" is no file of 8 bytes\n",
			STR_ARG(p->cfg.rehearsal_clock));
		return false;
	}
	clock_rehearse(shift);
	return true;
}

bool program_connect(struct program *p, struct ctx *c)
{
	*c = (struct ctx){ .mem = arena_new(FIRST_BLOCK_BYTES), .vault = p->vault, .now_ms = clock_now_ms() };
	if (db_connect(c, place_of_database(p), &c->db) != OK)
		return false;
	return !p->database.pepper.n || db_expect(c, &p->database) == OK;
}

static void apply_settings(const struct program *p)
{
	log_shape(str_is(p->cfg.log_level, "error")  ? LOG_ERROR
		  : str_is(p->cfg.log_level, "warn") ? LOG_WARN
						     : LOG_INFO,
		str_is(p->cfg.log_format, "json"));
	reports_settings.proof_bits = (int)p->cfg.proof_of_work_bits;
	reports_settings.proof_wait_s = (int)p->cfg.proof_wait_s;
	accounts_settings.session_ms = p->cfg.session_hours * HOUR_MS;
	accounts_settings.idle_ms = p->cfg.session_idle_hours * HOUR_MS;
	accounts_settings.proof_bits = (int)p->cfg.sign_in_proof_bits;
	accounts_settings.region = p->cfg.region;
	http_secure_cookies = p->cfg.secure_cookies != 0;
}

static bool make_data_dir(struct program *p)
{
	struct str dir = arena_str(p->mem, p->cfg.data);
	if (mkdir(dir.p, 0700) == 0 || errno == EEXIST)
		return true;
	fprintf(stderr, "adem: %.*s: %s\n", STR_ARG(dir), strerror(errno));
	return false;
}

/* The setting "region", if any, names one that there is. Without any nobody can report, which is worth a word. */
static enum err check_region(struct ctx *c, void *arg)
{
	const struct str *wanted = arg;
	struct region *rows;
	size_t rows_count;
	struct str there = S("");
	TRY(places_regions(c, &rows, &rows_count));
	if (rows_count == 0)
		log_warn("no_region", "why=\"the database holds no region, so that nobody can report\"");
	for (size_t i = 0; i < rows_count && wanted->n; i++) {
		if (str_eq(rows[i].region, *wanted))
			return OK;
		there = arena_printf(c->mem, "%.*s %.*s", STR_ARG(there), STR_ARG(rows[i].region));
	}
	return rows_count == 0 || wanted->n == 0
		       ? OK
		       : FAIL(c, ERR_INPUT, "region: there is no %.*s in the database, but:%.*s", STR_ARG(*wanted),
				 STR_ARG(there));
}

static enum err check_database(struct program *p, unsigned needs)
{
	struct ctx *c = &p->ctx;
	if (!(needs & NEEDS_SCHEMA))
		return OK;
	TRY(migrate_check(c));
	TRY(db_identify(c, &p->database));
	return db_within(c, false, check_region, &p->cfg.region);
}

bool program_begin(struct program *p, const struct args *k, int argc, char **argv, void *into, int *status)
{
	*p = (struct program){ .mem = arena_new(FIRST_BLOCK_BYTES) };
	if (config_load(p->mem, k, argc, argv, into, &p->cfg, status)) {
		apply_settings(p);
		return true;
	}
	arena_free(p->mem);
	return false;
}

static bool clock_is_usable(void)
{
	int64_t now_ms = clock_now_ms();
	if (id_reaches(now_ms))
		return true;
	fprintf(stderr, "adem: the clock of this machine says that it is the year %d: set it right first\n",
		clock_utc(now_ms).year);
	return false;
}

bool program_open(struct program *p, unsigned needs)
{
	bool makes = (needs & MAKES_DATA) != 0;
	if ((makes && !make_data_dir(p)) || !rehearse(p) || !clock_is_usable() ||
		((needs & NEEDS_DB) && !place_prepare(p, makes)))
		return false;
	bool connected = !(needs & NEEDS_DB) || program_connect(p, &p->ctx);
	if (connected && (needs & NEEDS_DB) && !pepper_had_database(p))
		return false;
	bool good = connected && (!(needs & NEEDS_DB) || check_database(p, needs) == OK);
	if (!good)
		program_failed(&p->ctx);
	/* After the database: whether a key may be made hangs on what is in it. */
	return good && (!(needs & NEEDS_VAULT) || pepper_open(p, makes));
}

void program_close(struct program *p)
{
	db_close(p->ctx.db);
	arena_free(p->ctx.mem);
	vault_close(p->vault);
	arena_free(p->mem);
	*p = (struct program){ 0 };
}
