#include "base/log.h"
#include "base/clock.h"
#include <unistd.h>

static const char *process = "adem";

void log_process(const char *name)
{
	assert(name);
	process = name;
}

/* One write per line, so that lines of several processes do not mix. */
static void line(const char *level, const char *event, const char *fmt, va_list ap)
{
	char text[1024];
	struct clock_time t = clock_utc(clock_now_ms());
	int n = snprintf(text, sizeof text - 1, "%04d-%02d-%02dT%02d:%02d:%02dZ %s %s %s", t.year, t.month, t.day,
		t.hour, t.minute, t.second, level, process, event);
	assert(n > 0 && (size_t)n < sizeof text - 2);
	if (fmt[0]) {
		text[n++] = ' ';
		int more = vsnprintf(text + n, sizeof text - 1 - (size_t)n, fmt, ap);
		size_t left = sizeof text - 2 - (size_t)n;
		n += more < 0 ? 0 : (size_t)more < left ? more : (int)left;
	}
	for (int i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
	text[n++] = '\n';
	ssize_t written = write(STDERR_FILENO, text, (size_t)n);
	(void)written; /* nowhere to complain */
}

void log_info(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line("info", event, fmt, ap);
	va_end(ap);
}

void log_warn(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line("warn", event, fmt, ap);
	va_end(ap);
}

void log_error(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line("error", event, fmt, ap);
	va_end(ap);
}
