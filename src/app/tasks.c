/* Every job of the program. */
#include "app/program.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/audit/audit.h"
#include "features/cases/cases.h"
#include "features/circles/circles.h"
#include "features/reports/reports.h"
#include "http/once.h"

enum { DAILY = 86400, QUARTERLY = 900 };

const struct job_kind tasks[] = {
  /* name, what it does, every so many seconds */
	{"audit_head",         audit_tell_head_job,          DAILY    },
	{ "alert_climb",       alerts_climb_job,             0        },
	{ "alert_ladders",     alerts_ladders_job,           QUARTERLY},
	{ "alert_wake",        alerts_wake_job,              QUARTERLY},
	{ "case_reopen",       cases_reopen_job,             0        },
	{ "events_forget",     live_forget_job,              QUARTERLY},
	{ "form_keys_forget",  once_forget_job,              DAILY    },
	{ "invitations_sweep", circles_sweep_job,            DAILY    },
	{ "jobs_sweep",        jobs_sweep,                   DAILY    },
	{ "sessions_forget",   accounts_forget_sessions_job, DAILY    },
	{ "tokens_forget",     reports_forget_tokens_job,    DAILY    },
};
const size_t tasks_count = COUNT(tasks);
