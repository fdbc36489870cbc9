#include "vault/derive.h"
#include "base/id.h"
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEPPER_BYTES = 32, PATH_BYTES_MAX = 4096 };

static bool write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t wrote = write(fd, p, n);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		p += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

/* Up to N bytes of a file; their number, or -1. */
static ssize_t read_all(int fd, uint8_t *p, size_t n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

/* The new name is durable only when its directory is. */
static bool sync_directory_of(const char *path)
{
	char copy[PATH_BYTES_MAX];
	(void)snprintf(copy, sizeof copy, "%s", path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool synced = fsync(fd) == 0;
	(void)close(fd);
	return synced;
}

static bool pepper_write(int fd)
{
	uint8_t pepper[PEPPER_BYTES];
	random_bytes(pepper, sizeof pepper);
	bool written = write_all(fd, pepper, sizeof pepper) && fsync(fd) == 0;
	sodium_memzero(pepper, sizeof pepper);
	return written;
}

/* Makes the file under another name and links it: it is complete when it appears, and never replaces one that is there. */
static bool pepper_create(const char *path)
{
	char draft[PATH_BYTES_MAX];
	int n = snprintf(draft, sizeof draft, "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= sizeof draft)
		return false;
	int fd = mkostemp(draft, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return false;
	bool written = pepper_write(fd);
	(void)close(fd);
	bool named = written && (link(draft, path) == 0 || errno == EEXIST);
	(void)unlink(draft);
	return named && sync_directory_of(path);
}

/* Why this open file must not be used as pepper, or NULL. */
static const char *pepper_refuse(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "the pepper is not a regular file";
	if (st.st_mode & (S_IRWXO | S_IWGRP))
		return "others may read the pepper file, or the group may write it; set its mode to 0600";
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return "the pepper file belongs to another user";
	if (st.st_size != PEPPER_BYTES)
		return "the pepper file has not 32 bytes";
	return NULL;
}

static const char *pepper_read(int fd, uint8_t pepper[PEPPER_BYTES])
{
	const char *why = pepper_refuse(fd);
	if (why)
		return why;
	return read_all(fd, pepper, PEPPER_BYTES) == PEPPER_BYTES ? NULL : "the pepper file cannot be read";
}

static struct vault *vault_of(const uint8_t pepper[PEPPER_BYTES])
{
	struct vault *v = sodium_malloc(sizeof *v);
	if (!v)
		return NULL;
	derive(pepper, "pepper/lookup", NULL, 0, v->lookup_key);
	derive(pepper, "pepper/receipt", NULL, 0, v->receipt_key);
	derive(pepper, "pepper/invitation", NULL, 0, v->invitation_key);
	derive(pepper, "pepper/password", NULL, 0, v->password_key);
	derive(pepper, "pepper/proof", NULL, 0, v->proof_key);
	derive(pepper, "pepper/session", NULL, 0, v->session_key);
	derive(pepper, "pepper/ticket", NULL, 0, v->ticket_key);
	derive(pepper, "pepper/chain", NULL, 0, v->chain_key);
	derive(pepper, "pepper/fingerprint", NULL, 0, v->fingerprint);
	(void)sodium_mprotect_readonly(v);
	return v;
}

struct vault *vault_open(const char *path, bool create, const char **why)
{
	assert(path && path[0] && why);
	if (strlen(path) >= PATH_BYTES_MAX) {
		*why = "the path of the pepper file is too long";
		return NULL;
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT && create) {
		if (!pepper_create(path)) {
			*why = "the pepper file cannot be made";
			return NULL;
		}
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0) {
		*why = errno == ENOENT ? "there is no pepper file" : "the pepper file cannot be opened";
		return NULL;
	}
	uint8_t pepper[PEPPER_BYTES];
	*why = pepper_read(fd, pepper);
	(void)close(fd);
	struct vault *v = *why ? NULL : vault_of(pepper);
	sodium_memzero(pepper, sizeof pepper);
	if (!v && !*why)
		*why = "no guarded memory for the keys";
	return v;
}

void vault_close(struct vault *v)
{
	sodium_free(v); /* wipes */
}

void vault_fingerprint(const struct vault *v, uint8_t fingerprint[VAULT_FINGERPRINT_BYTES])
{
	assert(v);
	memcpy(fingerprint, v->fingerprint, VAULT_FINGERPRINT_BYTES);
}
