/* log.h - lines to standard error: time, level, name=value pairs. Never a name, number, receipt or anything that a
 * person wrote: log what happened, where and how long it took. */
#ifndef ADEM_BASE_LOG_H
#define ADEM_BASE_LOG_H
#include "base/str.h"

/* One line. EVENT is a short constant such as "worker_started"; FMT adds "name=value" pairs, or is "". */
void log_info(const char *event, const char *fmt, ...) PRINTF(2, 3);
void log_warn(const char *event, const char *fmt, ...) PRINTF(2, 3);
void log_error(const char *event, const char *fmt, ...) PRINTF(2, 3);
/* The word that names this process in each line, such as "worker-2"; a constant string. */
void log_process(const char *name);
#endif
