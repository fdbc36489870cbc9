#include "base/log.h"
#include "base/clock.h"
#include "base/outlet.h"
#include "base/utf8.h"
#include <unistd.h>

enum { TEXT_BYTES = 2048, FORMAT_BYTES = 512, LINE_BYTES = 4000, TAIL_BYTES = 8, PAIRS_MAX = 16, CUT = '\x1f' };

static const char *process = "adem";
static enum log_level least = LOG_INFO;
static bool as_json;
static const char *const levels[] = { "info", "warn", "error" };

struct line {
	char text[LINE_BYTES];
	size_t n;
	bool first;
	bool over; /* something had no room */
};

void log_process(const char *name)
{
	assert(name);
	process = name;
}

void log_shape(enum log_level level, bool json)
{
	least = level;
	as_json = json;
}

static void put(struct line *l, char ch)
{
	if (l->n < LINE_BYTES - TAIL_BYTES) /* what closes the line always has room */
		l->text[l->n++] = ch;
	else
		l->over = true;
}

static void put_all(struct line *l, const char *z)
{
	while (*z)
		put(l, *z++);
}

/* Inside quotation marks, for logfmt and JSON alike. What is no UTF-8 loses its bytes beyond ASCII. */
static void put_quoted(struct line *l, struct str s)
{
	static const char digits[] = "0123456789abcdef";
	bool good = utf8_valid(s);
	put(l, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (ch == '"' || ch == '\\') {
			put(l, '\\');
			put(l, (char)ch);
		} else if (ch < ' ') {
			put_all(l, "\\u00");
			put(l, digits[ch >> 4]);
			put(l, digits[ch & 15]);
		} else {
			put(l, ch < 0x80 || good ? (char)ch : '?');
		}
	}
	put(l, '"');
}

static bool is_whole(struct str s)
{
	size_t from = s.n > 1 && s.p[0] == '-';
	if (s.n == from || s.n > 15 || (s.p[from] == '0' && s.n > from + 1))
		return false;
	for (size_t i = from; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Whether logfmt reads the value as one word. */
static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || strchr("\"\\=", s.p[i]))
			return false;
	return s.n > 0;
}

static void put_pair(struct line *l, struct str name, struct str value)
{
	if (!l->first)
		put(l, as_json ? ',' : ' ');
	if (as_json)
		put_quoted(l, name);
	else
		for (size_t i = 0; i < name.n; i++)
			put(l, name.p[i]);
	put(l, as_json ? ':' : '=');
	if (as_json ? is_whole(value) : is_word(value) && value.n < 1000)
		for (size_t i = 0; i < value.n; i++)
			put(l, value.p[i]);
	else
		put_quoted(l, value);
}

/* Whole or not at all, so that whoever reads lines can read this one: a value without room is "…". */
static void pair(struct line *l, struct str name, struct str value)
{
	size_t before = l->n;
	put_pair(l, name, value);
	if (l->over) {
		l->n = before;
		l->over = false;
		put_pair(l, name, S("…"));
	}
	if (l->over)
		l->n = before;
	l->over = false;
	l->first = false;
}

/* The caller's format with a mark where a pair ends, and without the quotation marks that a reader of the source likes to see
 * around a text: the number of its pairs, or 0 when it is not made of pairs. */
static size_t cut_format(const char *fmt, char *to)
{
	size_t n = 0, pairs = 1;
	bool quoted = false;
	for (; *fmt; fmt++) {
		if (n + 2 > FORMAT_BYTES)
			return 0;
		quoted = quoted != (*fmt == '"');
		if (*fmt == '"')
			continue;
		to[n++] = *fmt == ' ' && !quoted ? CUT : *fmt;
		pairs += *fmt == ' ' && !quoted;
	}
	to[n] = 0;
	return pairs;
}

/* The pairs of TEXT, if there are as many as the format has. */
static bool put_pairs(struct line *l, struct str text, size_t pairs)
{
	struct str rest = text, one, names[PAIRS_MAX], values[PAIRS_MAX];
	size_t count = 0;
	while (str_cut(&rest, CUT, &one)) {
		if (count == PAIRS_MAX || str_find(one, '=') < 0)
			return false;
		values[count] = one;
		(void)!str_cut(&values[count], '=', &names[count]);
		count++;
	}
	if (count != pairs)
		return false; /* a value has the mark in it */
	for (size_t i = 0; i < count; i++)
		pair(l, names[i], values[i]);
	return true;
}

static bool line(enum log_level level, const char *event, const char *fmt, va_list ap)
{
	struct line l = { .first = true };
	char format[FORMAT_BYTES], text[TEXT_BYTES], time[32];
	struct clock_time t = clock_utc(clock_now_ms());
	snprintf(time, sizeof time, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month, t.day, t.hour, t.minute,
		t.second);
	if (as_json)
		put(&l, '{');
	pair(&l, S("time"), str_of(time));
	pair(&l, S("level"), str_of(levels[level]));
	pair(&l, S("process"), str_of(process));
	pair(&l, S("event"), str_of(event));
	if (fmt[0]) {
		size_t pairs = cut_format(fmt, format);
		int n = vsnprintf(text, sizeof text, pairs ? format : fmt, ap);
		struct str said = { text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1 };
		if (!put_pairs(&l, said, pairs))
			pair(&l, S("detail"), said);
	}
	if (as_json)
		l.text[l.n++] = '}';
	l.text[l.n++] = '\n';
	return outlet_write(STDERR_FILENO, l.text, l.n);
}

static PRINTF(2, 3) bool own_line(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	bool written = line(LOG_ERROR, event, fmt, ap);
	va_end(ap);
	return written;
}

void log_catch_up(void)
{
	int64_t lines = outlet_take_dropped();
	if (lines > 0 && !own_line("log_dropped", "lines=%" PRId64, lines))
		outlet_give_dropped(lines - 1); /* this one was counted as well */
}

static void log_line(enum log_level level, const char *event, const char *fmt, va_list ap)
{
	if (level < least)
		return;
	log_catch_up();
	(void)line(level, event, fmt, ap);
}

void log_say(const char *fmt, ...)
{
	char text[LINE_BYTES];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text - 1, fmt, ap);
	va_end(ap);
	size_t used = n < 0 ? 0 : (size_t)n < sizeof text - 2 ? (size_t)n : sizeof text - 2;
	text[used] = '\n';
	(void)outlet_write(STDOUT_FILENO, text, used + 1);
}

void log_info(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_line(LOG_INFO, event, fmt, ap);
	va_end(ap);
}

void log_warn(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_line(LOG_WARN, event, fmt, ap);
	va_end(ap);
}

void log_error(const char *event, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_line(LOG_ERROR, event, fmt, ap);
	va_end(ap);
}
