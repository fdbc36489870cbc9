/* Every address of the program, who may call it, and what it asks of the server. "adem routes" prints it. */
#include "app/command.h"
#include "app/program.h"
#include "base/json.h"
#include "features/accounts/accounts_web.h"
#include "features/alerts/alerts_flood.h"
#include "features/alerts/alerts_split.h"
#include "features/alerts/alerts_web.h"
#include "features/audit/audit.h"
#include "features/board/board.h"
#include "features/cases/cases_web.h"
#include "features/frame/roles.h"
#include "features/jobs/jobs_web.h"
#include "features/places/places.h"
#include "features/posts/posts_web.h"
#include "features/reports/reports_web.h"
#include "http/health.h"
#include "http/static.h"

enum {
	HEADQUARTERS = ROLE_COMMAND | ROLE_ADMIN,
	/* who is rung up, and writes down what callers say */
	ROLES_CALLED = ROLE_OFFICER | ROLE_DESK,
	/* a reporter's path: nobody is signed in on it, whoever sends */
	REPORTER = ROUTE_NOBODY | ROUTE_OPEN,
	/* … where what is sent is answered with a receipt or its thread, also the second time */
	RECEIPT = REPORTER | ROUTE_AGAIN,
	/* what a flood begins with: a form, and its token */
	ASKED = ROUTE_NOBODY | ROUTE_CROWD,
	/* who comes, goes, and is what at a post */
	PEOPLE = ROUTE_FRESH | ROUTE_SPARING,
};

const struct route routes[] = {
  /* method, path, handler, who, flags, form */
	{GET,   "/",		      board_page,                   ROUTE_ANYONE,    0,                        NULL                   },
	{ GET,  "/board/live",            board_stream,                 ROLES_ANSWER,    0,                        NULL                   },
	{ GET,  "/healthz",               health_page,                  ROUTE_ANYONE,    ROUTE_NO_DB,              NULL                   },
	{ GET,  "/readyz",                jobs_ready_page,              ROUTE_ANYONE,    ROUTE_NO_DB,              NULL                   },
	{ GET,  "/assets/:file",          static_page,                  ROUTE_ANYONE,    ROUTE_NO_DB,              NULL                   },

	{ GET,  "/reports/new",           reports_new_page,             ROUTE_ANYONE,    ASKED,                    NULL                   },
	{ GET,  "/reports/proof",         reports_proof_page,           ROUTE_ANYONE,    ASKED,                    NULL                   },
	{ POST, "/reports",               reports_send,                 ROUTE_ANYONE,    RECEIPT | ROUTE_RATED,    &reports_form          },
	{ GET,  "/reports/caller",        reports_caller_page,          ROLES_CALLED,    0,                        NULL                   },
	{ GET,  "/reports/sure/:tag",     reports_sure_page,            ROUTE_ANYONE,    ROUTE_NOBODY,             NULL                   },
	{ GET,  "/reports/caller/:tag",   reports_caller_sure_page,     ROLES_CALLED,    0,                        NULL                   },
	{ POST, "/reports/caller",        reports_caller_send,          ROLES_CALLED,    ROUTE_AGAIN,              &reports_caller_form   },
	{ GET,  "/reports/:id",           reports_show_page,            ROLES_ANSWER,    0,                        NULL                   },
	{ POST, "/reports/:id/messages",  reports_answer,               ROLES_ANSWER,    0,                        &reports_answer_form   },
	{ GET,  "/receipts",              receipts_page,                ROUTE_ANYONE,    ROUTE_NOBODY,             NULL                   },
	{ POST, "/receipts",              receipts_open,                ROUTE_ANYONE,    REPORTER | ROUTE_READS,   &receipts_form         },
	{ GET,  "/receipts/:tag",         receipts_thread_page,         ROUTE_ANYONE,    ROUTE_NOBODY,             NULL                   },
	{ GET,  "/receipts/:tag/new",     receipts_new_page,            ROUTE_ANYONE,    ROUTE_NOBODY,             NULL                   },
	{ POST, "/receipts/:tag/leave",   receipts_leave,               ROUTE_ANYONE,    REPORTER | ROUTE_READS,   NULL                   },
	{ POST, "/receipts/messages",     receipts_say,                 ROUTE_ANYONE,    RECEIPT | ROUTE_RATED,    &receipts_say_form     },
	{ POST, "/receipts/withdraw",     receipts_withdraw,            ROUTE_ANYONE,    RECEIPT,                  &receipts_withdraw_form},
	{ POST, "/receipts/confirm",      receipts_confirm,             ROUTE_ANYONE,    RECEIPT | ROUTE_RATED,    &receipts_confirm_form },

	{ POST, "/alerts/:id/answers",    alerts_give_answer,           ROLES_ANSWER,    0,                        &alerts_answer_form    },
	{ POST, "/alerts/:id/undo",       alerts_take_back,             ROLES_ANSWER,    0,                        &alerts_undo_form      },
	{ GET,  "/alerts/rungs",          alerts_rungs_page,            ROLE_ADMIN,      0,                        NULL                   },
	{ POST, "/alerts/rungs",          alerts_rung_add,              ROLE_ADMIN,      ROUTE_FRESH,              &alerts_rung_form      },
	{ POST, "/alerts/rungs/:id/end",  alerts_rung_end,              ROLE_ADMIN,      ROUTE_FRESH,              NULL                   },
	{ GET,  "/alerts/floods",         alerts_floods_page,           ROLE_DESK,       0,                        NULL                   },
	{ POST, "/alerts/floods",         alerts_flood_send,            ROLE_DESK,       ROUTE_SPARING,            &alerts_flood_form     },
	{ GET,  "/alerts/floods/:id",     alerts_flood_page,            ROLES_ANSWER,    0,                        NULL                   },
	{ POST, "/alerts/floods/:id",     alerts_flood_end,             ROLES_ANSWER,    0,                        &alerts_agree_form     },
	{ GET,  "/alerts/times",          alerts_times_page,            HEADQUARTERS,    0,                        NULL                   },

	{ GET,  "/cases",                 cases_index_page,             ROLES_ANSWER,    0,                        NULL                   },
	{ GET,  "/cases/new",             cases_new_page,               ROLES_ANSWER,    0,                        NULL                   },
	{ POST, "/cases",                 cases_create,                 ROLES_ANSWER,    ROUTE_SPARING,            &cases_new_form        },
	{ GET,  "/cases/:id",             cases_show_page,              ROLES_ANSWER,    0,                        NULL                   },
	{ POST, "/cases/:id/notes",       cases_add_note,               ROLES_ANSWER,    0,                        &cases_note_form       },
	{ POST, "/cases/:id/close",       cases_ask_closing,            ROLES_ANSWER,    0,                        &cases_close_form      },
	{ POST, "/cases/:id/confirm",     cases_say_calm,               ROLES_ANSWER,    0,                        &cases_confirm_form    },
	{ POST, "/cases/:id/join",        cases_join_other,             ROLES_ANSWER,    0,                        &cases_join_form       },
	{ GET,  "/cases/:id/split",       alerts_split_page,            ROLES_ANSWER,    0,                        NULL                   },
	{ GET,  "/cases/:id/split/sure",  alerts_split_sure_page,       ROLES_ANSWER,    0,                        NULL                   },
	{ POST, "/cases/:id/split",       alerts_split_send,            ROLES_ANSWER,    ROUTE_SPARING,            &alerts_split_form     },

	{ GET,  "/places",                places_index_page,            ROUTE_ANYONE,    0,                        NULL                   },
	{ GET,  "/places/:code",          places_show_page,             ROUTE_ANYONE,    0,                        NULL                   },
	{ GET,  "/posts",                 posts_index_page,             ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ GET,  "/posts/:id",             posts_show_page,              ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ POST, "/posts/:id/duties",      posts_put_duty,               ROLES_KEEPER,    0,                        &posts_duty_form       },
	{ POST, "/posts/:id/phone",       posts_set_phone,              ROLES_KEEPER,    0,                        &posts_phone_form      },
	{ POST, "/posts/:id/invitations", posts_invite,                 ROLES_KEEPER,    PEOPLE,                   &posts_invite_form     },
	{ POST, "/invitations/:id/end",   posts_uninvite,               ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ POST, "/duties/:id/end",        posts_end_duty,               ROLES_KEEPER,    0,                        NULL                   },
	{ POST, "/duties/:id/swap",       posts_ask_swap,               ROUTE_SIGNED_IN, 0,                        &posts_swap_form       },
	{ POST, "/swaps/:id",             posts_answer_swap,            ROUTE_SIGNED_IN, 0,                        &posts_swap_answer_form},
	{ POST, "/memberships/:id/key",   posts_give_key,               ROLES_READER,    ROUTE_FRESH,              NULL                   },
	{ POST, "/memberships/:id/vouch", posts_vouch,                  ROLES_KEEPER,    ROUTE_FRESH,              NULL                   },
	{ POST, "/memberships/:id/roles", posts_change_roles,           ROLES_KEEPER,    PEOPLE,                   &posts_roles_form      },
	{ POST, "/memberships/:id/end",   posts_end_membership,         ROUTE_SIGNED_IN, PEOPLE,                   NULL                   },

	{ GET,  "/sign-in",               accounts_sign_in_page,        ROUTE_ANYONE,    0,                        NULL                   },
	{ GET,  "/sign-in/:tag",          accounts_sign_in_kept_page,   ROUTE_ANYONE,    0,                        NULL                   },
	{ POST, "/sign-in/:tag/leave",    accounts_sign_in_leave,       ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_READS, NULL                   },
	{ POST, "/sign-in",               accounts_sign_in,             ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_GUESS, &accounts_sign_in_form },
	{ POST, "/sign-out",              accounts_sign_out,            ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ POST, "/sign-out/everywhere",   accounts_sign_out_everywhere, ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ GET,  "/accounts/me",           accounts_me_page,             ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ GET,  "/accounts/roles",        accounts_roles_page,          ROLE_ADMIN,      0,                        NULL                   },
	{ POST, "/accounts/me/password",  accounts_password,            ROUTE_SIGNED_IN, ROUTE_GUESS,              &accounts_password_form},
	{ POST, "/accounts/me/recovery",  accounts_recovery,            ROUTE_SIGNED_IN, ROUTE_GUESS,              &accounts_recovery_form},
	{ POST, "/accounts/me/keep-old",  accounts_recovery_take_back,  ROUTE_SIGNED_IN, 0,                        NULL                   },
	{ POST, "/accounts/me/news",      accounts_news_seen,           ROUTE_SIGNED_IN, 0,                        &accounts_seen_form    },
	{ GET,  "/recover",               accounts_recover_page,        ROUTE_ANYONE,    0,                        NULL                   },
	{ POST, "/recover",               accounts_recover_account,     ROUTE_ANYONE,    ROUTE_OPEN | ROUTE_GUESS, &accounts_recover_form },
	{ GET,  "/invitations/open",      accounts_code_page,           ROUTE_ANYONE,    0,                        NULL                   },
	{ POST, "/invitations/open",      accounts_code,                ROUTE_ANYONE,    ROUTE_READS | ROUTE_OPEN, &accounts_code_form    },
	{ POST, "/invitations/accept",    accounts_accept_invitation,   ROUTE_ANYONE,    ROUTE_OPEN,               &accounts_accept_form  },

	{ GET,  "/audit",                 audit_index_page,             HEADQUARTERS,    0,                        NULL                   },
	{ GET,  "/jobs",                  jobs_index_page,              ROLE_ADMIN,      0,                        NULL                   },
	{ POST, "/jobs/:id/retry",        jobs_retry,                   ROLE_ADMIN,      0,                        NULL                   },
};
const size_t routes_count = COUNT(routes);

static const char *const role_names[] = { "resident", "head", "figure", "mediator", "officer", "desk", "command",
	"press", "admin" };

static void print_lines(void)
{
	for (const struct route *r = routes; r < routes + routes_count; r++) {
		printf("%-5s%-26s ", r->method == POST ? "POST" : "GET", r->path);
		if (r->who == ROUTE_ANYONE || r->who == ROUTE_SIGNED_IN)
			printf(r->who == ROUTE_ANYONE ? "anyone" : "signed in");
		for (size_t i = 0; i < COUNT(role_names) && r->who != ROUTE_SIGNED_IN; i++)
			if (r->who & (1U << i))
				printf("%s ", role_names[i]);
		printf("\n");
	}
}

/* The limits are those of form.h: characters of a line or text, bytes of a secret, the number itself. */
static void put_field(struct json *j, const struct field *f)
{
	static const char *const kinds[] = {
		[FIELD_LINE] = "line",
		[FIELD_TEXT] = "text",
		[FIELD_SECRET] = "secret",
		[FIELD_INT] = "int",
		[FIELD_ID] = "id",
		[FIELD_IDS] = "ids",
		[FIELD_CODE] = "code",
		[FIELD_SET] = "set",
		[FIELD_BOOL] = "bool",
		[FIELD_DATE] = "date",
		[FIELD_TIME] = "time",
	};
	json_object(j);
	json_key(j, "name");
	json_str(j, str_of(f->name));
	json_key(j, "kind");
	json_str(j, str_of(kinds[f->kind]));
	json_key(j, "required");
	json_bool(j, f->required);
	if (f->max) {
		json_key(j, "min");
		json_int(j, f->min);
		json_key(j, "max");
		json_int(j, f->max);
	}
	if (f->codes) {
		json_key(j, "codes");
		json_array(j);
		for (const char *const *code = f->codes; *code; code++)
			json_str(j, str_of(*code));
		json_end(j);
	}
	json_end(j);
}

static void put_who(struct json *j, unsigned who)
{
	if (who == ROUTE_ANYONE || who == ROUTE_SIGNED_IN) {
		json_str(j, who == ROUTE_ANYONE ? S("anyone") : S("signed in"));
		return;
	}
	json_array(j);
	for (size_t i = 0; i < COUNT(role_names); i++)
		if (who & (1U << i))
			json_str(j, str_of(role_names[i]));
	json_end(j);
}

static void put_route(struct json *j, const struct route *r)
{
	json_object(j);
	json_key(j, "method");
	json_str(j, r->method == POST ? S("POST") : S("GET"));
	json_key(j, "path");
	json_str(j, str_of(r->path));
	json_key(j, "who");
	put_who(j, r->who);
	json_key(j, "fresh");
	json_bool(j, (r->flags & ROUTE_FRESH) != 0);
	json_key(j, "fields");
	json_array(j);
	for (size_t i = 0; r->form && i < r->form->fields_count; i++)
		put_field(j, &r->form->fields[i]);
	json_end(j);
	json_end(j);
}

static bool print_json(void)
{
	enum { BYTES_MAX = 1 << 20 };
	struct buf out;
	struct json j;
	struct str text;
	buf_init(&out, BYTES_MAX);
	json_init(&j, &out);
	json_array(&j);
	for (size_t i = 0; i < routes_count; i++)
		put_route(&j, &routes[i]);
	json_end(&j);
	bool whole = buf_finish(&out, &text);
	if (whole)
		printf("%.*s\n", STR_ARG(text));
	else
		fprintf(stderr, "adem: the routes do not fit into %d bytes\n", (int)BYTES_MAX);
	buf_free(&out);
	return whole;
}

int routes_command(int argc, char **argv)
{
	struct words {
		bool json;
	} w = { 0 };
	static const struct arg options[] = {
		ARG(struct words, json, ARG_SWITCH, "json", "also the fields of its form and their limits"),
	};
	static const struct args args = { .name = "adem routes",
		.about = "Prints every address and who may call it.",
		.arg = options,
		.count = COUNT(options) };
	struct arena *mem = arena_new(4096);
	int status;
	bool good = args_read(mem, &args, NULL, argc, argv, &w, &status);
	arena_free(mem);
	if (good && w.json)
		status = print_json() ? 0 : 1;
	else if (good)
		print_lines();
	return status;
}
