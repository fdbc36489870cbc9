#include "os/landlock.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t read_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t file_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
static const uint64_t dir_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
				   LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				   LANDLOCK_ACCESS_FS_REMOVE_FILE;

/* Rights that this program knows, cut down to those of the running kernel's version; later kernels know more, which then are not
 * asked for. 0: no Landlock. */
static uint64_t known_rights(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return 0;
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	return abi >= 2 ? rights | LANDLOCK_ACCESS_FS_REFER : rights;
}

static bool allow(int rules, const char *path, uint64_t rights)
{
	struct stat st;
	struct landlock_path_beneath_attr below = { .parent_fd = open(path, O_PATH | O_CLOEXEC) };
	if (below.parent_fd < 0 || fstat(below.parent_fd, &st) != 0)
		return false;
	below.allowed_access = S_ISDIR(st.st_mode) ? rights : rights & file_rights;
	bool good = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
	close(below.parent_fd);
	return good;
}

bool landlock_confine(const char *const *dirs, size_t dirs_count, const char *const *files, size_t files_count)
{
	struct landlock_ruleset_attr all = { .handled_access_fs = known_rights() };
	if (all.handled_access_fs == 0)
		return false;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (rules < 0)
		return false;
	bool good = true;
	for (size_t i = 0; i < dirs_count && dirs[i]; i++)
		good = allow(rules, dirs[i], dir_rights) && good;
	for (size_t i = 0; i < files_count && files[i]; i++)
		if (!allow(rules, files[i], read_rights) && errno != ENOENT)
			good = false;
	good = good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return good;
}
