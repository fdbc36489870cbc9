/* Every job of the program. */
#include "app/copies.h"
#include "app/program.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/audit/audit.h"
#include "features/cases/cases.h"
#include "features/circles/circles.h"
#include "features/reports/reports.h"
#include "http/once.h"

enum { DAILY = 86400, QUARTERLY = 900, OFTEN = 300 };

const struct job_kind tasks[] = {
  /* name, what it does, every so many seconds, before or after others, seconds it may take (0: the usual), effect,
	 * what brings it back when the clock was ahead */
	{"alert_climb",        alerts_climb_job,             0,         JOB_URGENT,       0, NULL, alerts_moved_back},
	{ "alert_anew",        alerts_anew_job,              0,         JOB_URGENT,       0, NULL, NULL             },
	{ "audit_head",        audit_tell_head_job,          DAILY,     JOB_HOUSEKEEPING, 0, NULL, NULL             },
	{ "alert_ladders",     alerts_ladders_job,           QUARTERLY, JOB_HOUSEKEEPING, 0, NULL, NULL             },
	{ "alert_wake",        alerts_wake_job,              OFTEN,     JOB_URGENT,       0, NULL, NULL             },
	{ "case_close_due",    cases_close_due_job,          0,         JOB_ORDINARY,     0, NULL, NULL             },
	{ "case_reopen",       cases_reopen_job,             0,         JOB_ORDINARY,     0, NULL, cases_moved_back },
	{ "copies_forget",     copies_forget_job,            DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
	{ "demo_renew",        demo_renew_job,               DAILY,     JOB_HOUSEKEEPING, 0, NULL, NULL             },
	{ "circle_renew",      circles_renew_job,            0,         JOB_ORDINARY,     0, NULL, NULL             },
	{ "events_forget",     live_forget_job,              QUARTERLY, JOB_FORGETTING,   0, NULL, NULL             },
	{ "form_keys_forget",  once_forget_job,              DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
	{ "invitations_sweep", circles_sweep_job,            DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
	{ "jobs_sweep",        jobs_sweep,                   DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
	{ "notices_forget",    accounts_forget_notices_job,  DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
	{ "sessions_forget",   accounts_forget_sessions_job, QUARTERLY, JOB_FORGETTING,   0, NULL, NULL             },
	{ "tokens_forget",     reports_forget_tokens_job,    DAILY,     JOB_FORGETTING,   0, NULL, NULL             },
};
const size_t tasks_count = COUNT(tasks);
