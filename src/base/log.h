/* log.h - lines to standard error, as logfmt (time=… level=… process=… event=… name="a value") or one JSON object each.
 * Never a name, number, receipt or anything that a person wrote: log what happened, where and how long it took. */
#ifndef ADEM_BASE_LOG_H
#define ADEM_BASE_LOG_H
#include "base/str.h"

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

/* One line. EVENT is a short constant such as "worker_started"; FMT adds "name=value" pairs with a space between, or is "". A
 * value is quoted where it has to be; around a text that stands in FMT with spaces of its own there are quotation marks. */
void log_info(const char *event, const char *fmt, ...) PRINTF(2, 3);
void log_warn(const char *event, const char *fmt, ...) PRINTF(2, 3);
void log_error(const char *event, const char *fmt, ...) PRINTF(2, 3);
/* Where lines had no room (outlet.h), says how many as soon as there is some: log_dropped. Each line does so before itself;
 * for whoever turns now and then and may have nothing to say. */
void log_catch_up(void);
/* A line to standard output, for whoever started the program. */
void log_say(const char *fmt, ...) PRINTF(1, 2);
/* What is left out, and the shape, from the settings log_level and log_format. */
void log_shape(enum log_level least, bool json);
/* The word that names this process in each line, such as "worker-2"; a constant string. */
void log_process(const char *name);
#endif
