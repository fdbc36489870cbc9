/* adem account invite | reset: for whoever runs the machine, to begin with and when nobody else can help. */
#include "app/command.h"
#include "app/program.h"
#include "features/accounts/accounts.h"
#include "features/posts/posts.h"

struct invite {
	struct str region, post, name;
	unsigned roles;
	struct str code;
};

static enum err find_post(struct ctx *c, struct str name, int64_t *id)
{
	struct post *rows;
	size_t rows_count;
	int64_t number;
	TRY(posts_list(c, &rows, &rows_count));
	if (!str_to_i64(name, 1, INT64_MAX, &number))
		number = 0;
	for (size_t i = 0; i < rows_count; i++)
		if (str_eq(rows[i].name, name) || rows[i].id == number) {
			*id = rows[i].id;
			return OK;
		}
	fprintf(stderr, "adem: there is no post \"%.*s\" in region %.*s; there are:\n", STR_ARG(name),
		STR_ARG(c->region));
	for (size_t i = 0; i < rows_count; i++)
		fprintf(stderr, "  %" PRId64 "  %.*s\n", rows[i].id, STR_ARG(rows[i].name));
	return FAIL(c, ERR_NOT_FOUND, "no such post");
}

static enum err invite(struct ctx *c, void *arg)
{
	struct invite *what = arg;
	int64_t post_id;
	c->region = what->region;
	TRY(find_post(c, what->post, &post_id));
	return accounts_invite(c, post_id, what->roles, what->name, &what->code);
}

static bool roles_of(const char *words, unsigned *roles)
{
	struct str rest = str_of(words), one;
	*roles = 0;
	while (str_cut(&rest, ',', &one)) {
		unsigned bit = accounts_role_of(one);
		if (!bit) {
			fprintf(stderr,
				"adem: \"%.*s\" is none of: resident head figure mediator officer desk command press "
				"admin\n",
				STR_ARG(one));
			return false;
		}
		*roles |= bit;
	}
	return *roles != 0;
}

static int invite_command(int argc, char **argv)
{
	static const char usage[] =
		"usage: adem account invite --region CODE --post NAME --role ROLE[,ROLE…] [--name NAME] [--data "
		"DIR]\n\n"
		"Prints a code with which somebody becomes a member of the post, once, within seven days.\n"
		"  --region is a setting; --post takes a post's name or number; ROLE is one of\n"
		"  resident head figure mediator officer desk command press admin";
	static const char *const own[] = { "--post=", "--role=", "--name=", NULL };
	const char *values[3] = { NULL };
	struct invite what = { 0 };
	struct program p;
	int status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA, argc, argv, usage, own, values, NULL, &status))
		return status;
	what.region = p.cfg.region;
	what.post = str_of(values[0]);
	what.name = str_of(values[2]);
	if (what.region.n == 0 || !values[0] || !values[1]) {
		fprintf(stderr, "%s\n", usage);
		return 2;
	}
	if (!roles_of(values[1], &what.roles))
		return 2;
	status = db_within(&p.ctx, true, invite, &what) == OK ? 0 : program_failed(&p.ctx);
	if (status == 0)
		printf("Open /invitations/open and enter this code: %.*s\n", STR_ARG(what.code));
	program_close(&p);
	return status;
}

struct reset {
	struct str name, code;
};

static enum err reset(struct ctx *c, void *arg)
{
	struct reset *what = arg;
	int64_t id;
	bool found;
	TRY(accounts_find(c, what->name, &id, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "nobody signs in by this name or phone number");
	return accounts_reset(c, id, &what->code);
}

static int reset_command(int argc, char **argv)
{
	static const char usage[] =
		"usage: adem account reset NAME-OR-PHONE [--data DIR]\n\n"
		"Prints a code, good for a day, with which the person sets a new password. Their keys are lost with "
		"the old one:\n"
		"members of their posts give them the key again. A recovery code, if they have it, is better.";
	const char **words;
	struct program p;
	struct reset what = { 0 };
	int status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA, argc, argv, usage, NULL, NULL, &words, &status))
		return status;
	if (!words[0] || words[1]) {
		fprintf(stderr, "%s\n", usage);
		return 2;
	}
	what.name = str_of(words[0]);
	status = db_within(&p.ctx, true, reset, &what) == OK ? 0 : program_failed(&p.ctx);
	if (status == 0)
		printf("Open /invitations/open and enter this code: %.*s\n", STR_ARG(what.code));
	program_close(&p);
	return status;
}

int account_command(int argc, char **argv)
{
	static const struct command commands[] = {
		{"invite", invite_command, "make a code for a new member of a post"                      },
		{ "reset", reset_command,  "make a code for somebody who lost password and recovery code"},
	};
	return command_run("adem account", commands, COUNT(commands), argc, argv);
}
