#include "base/err.h"

static const struct {
	int status;
	const char *code;
} table[ERR_COUNT] = {
	[OK] = {200,  "ok"       },
	[ERR_INPUT] = { 422, "input"    },
	[ERR_NOT_FOUND] = { 404, "not_found"},
	[ERR_DENIED] = { 403, "denied"   },
	[ERR_SIGN_IN] = { 401, "sign_in"  },
	[ERR_CONFLICT] = { 409, "conflict" },
	[ERR_LIMIT] = { 413, "limit"    },
	[ERR_RATE] = { 429, "rate"     },
	[ERR_BUSY] = { 503, "busy"     },
	[ERR_SETUP] = { 503, "setup"    },
	[ERR_DB] = { 500, "internal" },
	[ERR_IO] = { 500, "internal" },
	[ERR_WAIT] = { 500, "internal" },
};

void err_set(struct ctx *c, enum err code, const char *say, const char *file, int line, const char *fmt, ...)
{
	assert(c && code != OK && code < ERR_COUNT);
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	size_t len = (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
	c->err.code = code;
	c->err.why = arena_str(c->mem, (struct str){ text, len });
	c->err.say = say;
	c->err.file = file;
	c->err.line = line;
}

int err_http_status(enum err e)
{
	assert(e < ERR_COUNT);
	return table[e].status;
}

const char *err_code(enum err e)
{
	assert(e < ERR_COUNT);
	return table[e].code;
}
