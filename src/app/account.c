/* adem account invite | reset: for whoever runs the machine, to begin with and when nobody else can help. */
#include "app/command.h"
#include "app/program.h"
#include "features/accounts/accounts.h"
#include "features/places/places.h"
#include "features/posts/posts.h"

static const char name_said[] = "a name or number on one line, 1 to 80 characters";
static const char roles_said[] =
	"roles, one or several with commas between: resident head figure mediator officer desk command press admin";

struct invite {
	struct str region, post, name, role;
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

/* The bits of all ROLES; 0 when one of them is none. */
static unsigned roles_of(struct str roles)
{
	struct str one;
	unsigned all = 0;
	while (str_cut(&roles, ',', &one)) {
		unsigned bit = accounts_role_of(one);
		if (!bit)
			return 0;
		all |= bit;
	}
	return all;
}

static bool is_name(struct str value)
{
	struct arena *mem = arena_new(4096);
	struct str name;
	bool fits = accounts_name_fits(mem, value, &name);
	arena_free(mem);
	return fits;
}

/* The region that the setting names, or the only one there is. */
static enum err choose_region(struct ctx *c, struct str named)
{
	struct region *rows;
	size_t count;
	TRY(places_regions(c, &rows, &count));
	if (named.n == 0 && count != 1) {
		fprintf(stderr, count ? "adem: say where with --region; there are:\n" : "adem: there is no region\n");
		for (size_t i = 0; i < count; i++)
			fprintf(stderr, "  %.*s  %.*s\n", STR_ARG(rows[i].region), STR_ARG(rows[i].name));
		return FAIL(c, ERR_INPUT, "no region is chosen");
	}
	c->region = named.n ? named : rows[0].region;
	return OK;
}

static enum err invite(struct ctx *c, void *arg)
{
	struct invite *what = arg;
	int64_t post_id;
	TRY(choose_region(c, what->region));
	TRY(find_post(c, what->post, &post_id));
	if (what->name.n && !accounts_name_fits(c->mem, what->name, &what->name))
		return FAIL(c, ERR_INPUT, "this is not %s", name_said);
	return accounts_invite(c, post_id, roles_of(what->role), what->name, &what->code);
}

static bool are_roles(struct str value)
{
	return roles_of(value) != 0;
}

/* Ends a command that makes a code. */
static int print_code(struct program *p, enum err e, const struct str *code)
{
	int status = e == OK ? 0 : program_failed(&p->ctx);
	if (status == 0)
		printf("Open /invitations/open and enter this code: %.*s\n", STR_ARG(*code));
	program_close(p);
	return status;
}

static int invite_command(int argc, char **argv)
{
	static const struct arg options[] = {
		ARG(struct invite, post, ARG_TEXT, "post", "the post, by its name or number", .min = 1, .value = "NAME",
			.accepts = "a post's name or number", .needed = true),
		ARG(struct invite, role, ARG_TEXT, "role", roles_said, .value = "ROLE[,ROLE…]", .fits = are_roles,
			.accepts = roles_said, .needed = true),
		ARG(struct invite, name, ARG_TEXT, "name", "who is invited, for those who see the list of invitations",
			.value = "NAME", .fits = is_name, .accepts = name_said),
	};
	static const struct args args = { .name = "adem account invite",
		.about = "Prints a code with which somebody becomes a member of a post, once, within seven days. The "
			 "setting --region says where, in a database with several regions.",
		.arg = options,
		.count = COUNT(options),
		.settings = true };
	struct invite what = { 0 };
	struct program p;
	int status;
	if (!program_begin(&p, &args, argc, argv, &what, &status))
		return status;
	what.region = p.cfg.region;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA))
		return 1;
	return print_code(&p, db_within(&p.ctx, true, invite, &what), &what.code);
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
	static const struct arg options[] = {
		ARG(struct reset, name, ARG_TEXT, "NAME-OR-PHONE", "what the person signs in by", .fits = is_name,
			.accepts = name_said, .needed = true, .operand = true),
	};
	static const struct args args = { .name = "adem account reset",
		.about = "Prints a code, good for a day, with which the person sets a new password. Their keys are "
			 "lost with the old one: members of their posts give them the key again. A recovery code, if "
			 "they have it, is better.",
		.arg = options,
		.count = COUNT(options),
		.settings = true };
	struct program p;
	struct reset what = { 0 };
	int status;
	if (!program_begin(&p, &args, argc, argv, &what, &status))
		return status;
	if (!program_open(&p, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA))
		return 1;
	return print_code(&p, db_within(&p.ctx, true, reset, &what), &what.code);
}

int account_command(int argc, char **argv)
{
	static const struct command commands[] = {
		{"invite", invite_command, "make a code for a new member of a post"                      },
		{ "reset", reset_command,  "make a code for somebody who lost password and recovery code"},
	};
	return command_run("adem account", commands, COUNT(commands), argc, argv);
}
