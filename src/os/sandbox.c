#include "os/sandbox.h"
#include "os/landlock.h"
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const rlim_t DATA_BYTES_MAX = (rlim_t)2 << 30;

/* What every process needs to compute, wait, log and end. */
static const int common_calls[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(close),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(mlock), SCMP_SYS(munlock),
	SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid),
	SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall),
	SCMP_SYS(sched_yield), SCMP_SYS(rseq), SCMP_SYS(set_robust_list), SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(getrusage) };

/* What a process with a database and connections needs besides. */
static const int server_calls[] = { SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(shutdown), SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt), SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_ctl), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
	SCMP_SYS(fcntl), SCMP_SYS(sendfile), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(creat), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(lseek), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
	SCMP_SYS(flock), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(getcwd), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
	SCMP_SYS(umask), SCMP_SYS(fchmod), SCMP_SYS(fchown), SCMP_SYS(utimensat), SCMP_SYS(setitimer), SCMP_SYS(alarm),
	SCMP_SYS(uname), SCMP_SYS(dup), SCMP_SYS(getrlimit) };

/* To reach the database server again after it was restarted. */
static const int network_calls[] = { SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg) };
static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK /* the resolver sorts addresses with it */ };

static const char *const network_files[] = { "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/resolv.conf",
	"/etc/gai.conf", "/etc/services", "/etc/ssl", "/usr/lib/ssl", "/usr/share/ca-certificates" };

/* What ioctl() may ask: is this a terminal, how much is there to read, do not block. */
static const unsigned long questions[] = { TCGETS, FIONREAD, FIONBIO };

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

/* Memory that is executable is refused, not killed for: a library that looks for another one goes on without it. */
static bool allow_memory(scmp_filter_ctx filter)
{
	static const int calls[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	bool good = true;
	for (size_t i = 0; i < COUNT(calls); i++) {
		good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
		good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC)) == 0;
	}
	return good;
}

/* The call's argument number AT is VALUE. */
static struct scmp_arg_cmp argument_is(unsigned at, uint64_t value)
{
	return (struct scmp_arg_cmp){ .arg = at, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0 };
}

/* abort() signals its own process; nobody else is signalled. */
static bool allow_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, argument_is(0, (uint64_t)getpid())) == 0;
}

static bool allow_server(scmp_filter_ctx filter)
{
	bool good = allow(filter, server_calls, COUNT(server_calls));
	for (size_t i = 0; i < COUNT(questions) && good; i++)
		good = seccomp_rule_add(
			       filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, argument_is(1, (uint64_t)questions[i])) == 0;
	return good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, argument_is(0, 0)) == 0;
}

static bool allow_network(scmp_filter_ctx filter)
{
	bool good = allow(filter, network_calls, COUNT(network_calls));
	for (size_t i = 0; i < COUNT(families) && good; i++)
		good = seccomp_rule_add(
			       filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, argument_is(0, (uint64_t)families[i])) == 0;
	return good;
}

static bool confine_calls(const struct sandbox *what)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return false;
	bool good = allow(filter, common_calls, COUNT(common_calls)) && allow_memory(filter) && allow_abort(filter);
	if (what->kind != SANDBOX_HASHER)
		good = good && allow_server(filter);
	if (what->network)
		good = good && allow_network(filter);
	good = good && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}

static void limit_resources(void)
{
	struct rlimit no_core = { 0, 0 }, data = { DATA_BYTES_MAX, DATA_BYTES_MAX };
	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_DATA, &data);
	prctl(PR_SET_DUMPABLE, 0);
}

enum sandbox_result sandbox_enter(const struct sandbox *what)
{
	assert(what->kind != SANDBOX_HASHER || (!what->network && !what->dirs[0] && !what->reads[0]));
	limit_resources();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return SANDBOX_NONE;
	const char *reads[COUNT(network_files) + SANDBOX_READS_MAX];
	size_t count = 0;
	for (size_t i = 0; what->network && i < COUNT(network_files); i++)
		reads[count++] = network_files[i];
	for (size_t i = 0; i < SANDBOX_READS_MAX && what->reads[i]; i++)
		reads[count++] = what->reads[i];
	bool files = landlock_confine(what->dirs, SANDBOX_DIRS_MAX, reads, count);
	if (!confine_calls(what))
		return SANDBOX_NONE;
	return files ? SANDBOX_FULL : SANDBOX_PARTLY;
}
