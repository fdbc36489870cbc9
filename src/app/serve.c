/* adem serve: the supervisor, web workers, hashers and a job worker. adem work: a job worker alone. */
#include "app/command.h"
#include "app/confine.h"
#include "app/copies.h"
#include "app/hold.h"
#include "app/place.h"
#include "app/program.h"
#include "app/work.h"
#include "base/log.h"
#include "base/outlet.h"
#include "features/accounts/accounts.h"
#include "features/board/board.h"
#include "features/jobs/jobs_web.h"
#include "http/hasher.h"
#include "http/server.h"
#include "os/descriptors.h"
#include "os/supervisor.h"
#include "os/wake.h"
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS_MAX = 64 };

static struct {
	struct program program;
	struct wake wake;
	struct limits *limits;
	struct limit own_reports; /* of this process: fork() gives each worker one */
	struct shares *shares;
	struct router router;
	int64_t *alive_until_ms; /* of each child; shared with the supervisor, who watches them */
	int listen_fd, ready[2];
	size_t workers, hashers;
	int hash_fds[WORKERS_MAX][2]; /* [0] the worker's end, [1] the hasher's */
	char where[128];
} app;

static void wake_siblings(void)
{
	wake_all(&app.wake);
}

/* What a process holds besides its input and output: nothing that belongs to its siblings. */
static void keep_only(const int *own, size_t own_count, bool wakes)
{
	int fds[WORKERS_MAX + WAKE_MAX + 2];
	size_t count = 0;
	assert(own_count <= WORKERS_MAX + 2);
	for (size_t i = 0; i < own_count; i++)
		fds[count++] = own[i];
	for (size_t i = 0; i < app.wake.count && wakes; i++)
		fds[count++] = app.wake.fds[i];
	descriptors_keep(fds, count);
}

/* Each page and each round of a thousand boards takes and gives back as much memory as the last: it is kept meanwhile. */
static void keep_memory(void)
{
	enum { KEPT_BYTES = 8 << 20, STEP_BYTES = 256 << 10 };
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	mallopt(M_TOP_PAD, STEP_BYTES);
}

static int run_worker(void *arg, size_t number)
{
	(void)arg;
	struct ctx c;
	keep_only((int[]){ app.listen_fd, app.hash_fds[number][0], app.ready[1] }, 3, true);
	keep_memory();
	if (!program_connect(&app.program, &c) || db_listen(&c) != OK) {
		log_error("worker_not_started", "why=\"%.*s\"", STR_ARG(c.err.why));
		return 1;
	}
	if (!confine(&app.program, SANDBOX_WEB))
		return SUPERVISOR_HOPELESS;
	struct server_settings s = { .router = &app.router,
		.db = c.db,
		.vault = app.program.vault,
		.listen_fd = app.listen_fd,
		.shares = app.shares,
		.number = number,
		.hasher_fd = app.hash_fds[number][0],
		.wake_fd = app.wake.fds[number],
		.wake_siblings = wake_siblings,
		.ready_fd = app.ready[1],
		.live_render = board_live,
		.live_viewer = board_viewer,
		.streams_max = app.program.cfg.boards_max,
		.slow_max = app.program.cfg.reports_at_once,
		.alive_until_ms = &app.alive_until_ms[number],
		.stop = &supervisor_stop };
	bool good = server_run(&s);
	db_close(c.db);
	arena_free(c.mem);
	return good ? 0 : 1;
}

static int run_hasher(void *arg, size_t number)
{
	(void)arg;
	int fds[WORKERS_MAX] = { 0 };
	size_t count = 0;
	for (size_t i = number; i < app.workers; i += app.hashers)
		fds[count++] = app.hash_fds[i][1];
	keep_only(fds, count, false);
	if (!confine(&app.program, SANDBOX_HASHER))
		return SUPERVISOR_HOPELESS;
	hasher_run(app.program.vault, fds, count, &supervisor_stop, &app.alive_until_ms[app.workers + number]);
	return 0;
}

static int64_t *jobs_alive_until_ms(void)
{
	return &app.alive_until_ms[app.workers + app.hashers];
}

static int run_jobs(void *arg, size_t number)
{
	(void)arg, (void)number;
	struct ctx c;
	keep_only(&app.ready[1], app.workers == 0 ? 1 : 0, true);
	if (!program_connect(&app.program, &c) || db_listen(&c) != OK) {
		log_error("worker_not_started", "why=\"%.*s\"", STR_ARG(c.err.why));
		return 1;
	}
	if (!confine(&app.program, SANDBOX_WORK))
		return SUPERVISOR_HOPELESS;
	if (app.workers == 0 && write(app.ready[1], "", 1) != 1)
		log_warn("readiness_unheard", "");
	bool siblings = app.wake.count > 0;
	copies_belong_to(place_file(&app.program));
	bool good = work_run(&c, &(struct work){ .wake_fd = siblings ? app.wake.fds[app.workers] : -1,
					 .wake_siblings = siblings ? wake_siblings : NULL,
					 .reserve_bytes = app.program.cfg.disk_reserve_mib << 20,
					 .alive_until_ms = jobs_alive_until_ms(),
					 .state = jobs_shared.state });
	db_close(c.db);
	arena_free(c.mem);
	return good ? 0 : SUPERVISOR_HOPELESS;
}

static void ready(void)
{
	log_say("adem: ready at http://%s", app.where);
	supervisor_notify_ready();
}

/* Thousands of open boards need as many descriptors. */
static void raise_limits(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* Makes what processes share; app.alive_until_ms is NULL when there is no memory. */
static void share(void)
{
	struct {
		int64_t alive_until_ms[CHILDREN_MAX];
		struct jobs_state state;
		bool pepper_away;
	} *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return;
	app.alive_until_ms = shared->alive_until_ms;
	jobs_shared = (struct jobs_shared){
		.state = &shared->state, .alive_until_ms = jobs_alive_until_ms(), .pepper_away = &shared->pepper_away
	};
}

static bool prepare(void)
{
	const struct config *cfg = &app.program.cfg;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	app.workers = cfg->workers ? (size_t)cfg->workers : cores > 0 ? (size_t)cores : 1;
	app.workers = app.workers < WORKERS_MAX ? app.workers : WORKERS_MAX;
	app.hashers = (size_t)cfg->hashers < app.workers ? (size_t)cfg->hashers : app.workers;
	app.limits = limits_new();
	app.shares = shares_new(app.workers);
	app.router = (struct router){
		.routes = routes,
		.routes_count = routes_count,
		.hooks = {accounts_identify, error_page, accounts_refused, accounts_speaks, accounts_used},
		.sign_in = "/sign-in",
		.limits = app.limits,
		.worker_reports = &app.own_reports,
		.reports_per_minute = cfg->reports_per_minute,
		.worker_reports_per_minute = cfg->worker_reports_per_minute,
		.subject_reports_per_minute = cfg->place_reports_per_minute,
		.waited_reports_per_minute = cfg->waited_reports_per_minute,
		.acts_per_hour = cfg->acts_per_hour,
		.failed_sign_ins_per_minute = cfg->failed_sign_ins_per_minute
	};
	bool networks = networks_read(cfg->trusted_proxies, &app.router.trusted);
	assert(networks); /* the table of settings takes no others */
	share();
	bool good = app.alive_until_ms && app.limits && app.shares && wake_new(&app.wake, app.workers + 1) &&
		    pipe(app.ready) == 0;
	for (size_t i = 0; i < app.workers && good; i++)
		good = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, app.hash_fds[i]) == 0;
	if (!good)
		log_error("cannot_prepare", "why=\"%s\"", strerror(errno));
	return good;
}

static void log_start(void)
{
	const struct config *cfg = &app.program.cfg;
	log_info("started", "version=" ADEM_VERSION " listen=%s database=%s workers=%zu hashers=%zu sandbox=%.*s",
		app.where, place_folder(&app.program) ? "sqlite" : "postgresql", app.workers, app.hashers,
		STR_ARG(cfg->sandbox));
}

int serve_command(int argc, char **argv)
{
	static const struct args args = { .name = "adem serve",
		.about = "Serves the pages and does the jobs. Prints one line when it is ready.",
		.settings = true };
	static const char *const names[] = { "adem-web", "adem-hash", "adem-jobs" };
	struct child children[CHILDREN_MAX];
	size_t count = 0;
	int status;
	if (!program_begin(&app.program, &args, argc, argv, NULL, &status))
		return status;
	outlet_never_wait();
	if (!program_open(&app.program, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA))
		return 1;
	if (!str_is(app.program.cfg.sandbox, "off") && !place_is_apart(&app.program))
		return 1;
	if (!hold_alone(&app.program))
		return 1;
	/* Connections are not carried over fork(). */
	db_close(app.program.ctx.db);
	app.program.ctx.db = NULL;
	raise_limits();
	app.listen_fd = supervisor_listen(
		arena_str(app.program.mem, app.program.cfg.listen).p, app.where, sizeof app.where);
	if (app.listen_fd < 0 || !prepare())
		return 1;
	if (!router_check(&app.program.ctx, &app.router))
		return program_failed(&app.program.ctx);
	log_start();
	hold_watch(&app.program, jobs_shared.pepper_away);
	for (size_t i = 0; i < app.workers; i++)
		children[count++] = (struct child){
			.name = names[0], .run = run_worker, .number = i, .alive_until_ms = &app.alive_until_ms[i]
		};
	for (size_t i = 0; i < app.hashers; i++)
		children[count++] = (struct child){ .name = names[1],
			.run = run_hasher,
			.number = i,
			.last = true,
			.alive_until_ms = &app.alive_until_ms[app.workers + i] };
	children[count++] =
		(struct child){ .name = names[2], .run = run_jobs, .alive_until_ms = jobs_alive_until_ms() };
	status = supervisor_run(children, count, app.ready[0], app.workers, ready);
	program_close(&app.program);
	return status;
}

static void say_working(void)
{
	log_say("adem: working");
	supervisor_notify_ready();
}

int work_command(int argc, char **argv)
{
	static const struct args args = { .name = "adem work",
		.about = "Does the jobs only: for a further host beside \"adem serve\".",
		.settings = true };
	int status;
	if (!program_begin(&app.program, &args, argc, argv, NULL, &status))
		return status;
	outlet_never_wait();
	if (!program_open(&app.program, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA))
		return 1;
	if (!str_is(app.program.cfg.sandbox, "off") && !place_is_apart(&app.program))
		return 1;
	/* The connection is not carried over fork(). */
	db_close(app.program.ctx.db);
	app.program.ctx.db = NULL;
	share();
	if (!app.alive_until_ms || pipe(app.ready) != 0) {
		log_error("cannot_prepare", "why=\"%s\"", strerror(errno));
		return 1;
	}
	hold_watch(&app.program, jobs_shared.pepper_away);
	const struct child jobs = { .name = "adem-jobs", .run = run_jobs, .alive_until_ms = jobs_alive_until_ms() };
	status = supervisor_run(&jobs, 1, app.ready[0], 1, say_working);
	program_close(&app.program);
	return status;
}
