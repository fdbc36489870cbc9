/* srccheck FILE…: the house rules that no other tool knows, as a table. Prints file:line: why, and fails when one is
 * broken. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 600, FUNCTION_LINES_MAX = 70, COLUMNS_MAX = 130, TAB = 8, FILE_BYTES_MAX = 1 << 22 };

/* In files like FILES, but not like EXCEPT (may be NULL), TEXT is an error, because WHY. */
static const struct rule {
	const char *files, *except, *text, *why;
} rules[] = {
	{"src/features/*.c",  NULL,               "return ERR_",          "make errors with FAIL() or REFUSE(), so that each has a reason"},
	{ "src/features/*.c", NULL,               "malloc(",              "features allocate from c->mem"                                 },
	{ "src/features/*.c", NULL,               "free(",                "features never free"                                           },
	{ "src/features/*.c", NULL,               "goto ",                "goto is for resources shorter than a request"                  },
	{ "src/features/*.c", NULL,               "html_put_safe(",       "only src/web vouches for HTML"                                 },
	{ "src/*.c",          "src/web/*",        "(struct safe_html){",  "only src/web vouches for HTML"                                 },
	{ "src/*.c",          "src/web/*",        "(struct safe_url){",   "only src/web vouches for addresses"                            },
	{ "src/*.c",          "src/db/*",         "\"SELECT ",            "SQL stands in .sql files"                                      },
	{ "src/*.c",          "src/db/*",         "\"INSERT ",            "SQL stands in .sql files"                                      },
	{ "src/*.c",          "src/db/*",         "\"UPDATE ",            "SQL stands in .sql files"                                      },
	{ "src/*.c",          "src/db/*",         "\"DELETE ",            "SQL stands in .sql files"                                      },
	{ "src/*.[ch]",       "src/db/*",         "sqlite3_",             "only src/db knows a database library"                          },
	{ "src/*.[ch]",       "src/db/*",         "PQexec",               "only src/db knows a database library"                          },
	{ "src/*.[ch]",       "src/http/*",       "MHD_",                 "only src/http knows the HTTP library"                          },
	{ "src/*.[ch]",       "src/vault/*",      "sodium.h",             "only src/vault knows libsodium"                                },
	{ "src/*.[ch]",       "src/vault/*",      "crypto_",              "only src/vault knows libsodium"                                },
	{ "src/*.[ch]",       "src/vault/*",      "zxcvbn.h",             "only src/vault knows libzxcvbn"                                },
	{ "src/num/*.[ch]",   NULL,               "fopen(",               "src/num does no input or output"                               },
	{ "src/num/*.[ch]",   NULL,               "printf(",              "src/num does no input or output"                               },
	{ "src/features/*.c", NULL,               "<div",                 "markup stands in templates"                                    },
	{ "src/features/*.c", NULL,               "<p>",                  "markup stands in templates"                                    },
	{ "*",		"tools/srccheck.c", "TODO",                 "finish it, or open an issue"                                   },
	{ "*",		"tools/srccheck.c", "FIXME",                "finish it, or open an issue"                                   },
	{ "*.[ch]",           "tools/*",          "strcpy(",              "use base/str.h"                                                },
	{ "*.[ch]",           "tools/*",          "sprintf(s",            "use snprintf or arena_printf"                                  },
	{ "src/*.[ch]",       NULL,               "setlocale(",           "the program never leaves the C locale"                         },
	{ "src/*.[ch]",       NULL,               "assert(0)",            "say what is impossible"                                        },
	{ "src/base/*",       NULL,               "features/",            "the platform knows nothing of the product"                     },
	{ "src/db/*.[ch]",    NULL,               "features/",            "the platform knows nothing of the product"                     },
	{ "src/http/*.c",     NULL,               "#include \"features/", "the platform knows nothing of the product"                     },
};

static int bad;

static void complain(const char *file, size_t line, const char *why)
{
	printf("%s:%zu: %s\n", file, line, why);
	bad++;
}

static size_t columns(const char *line, size_t n)
{
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\t')
			at += TAB - at % TAB;
		else if (((unsigned char)line[i] & 0xC0) != 0x80)
			at++;
	}
	return at;
}

static void check_text(const char *file, const char *line, size_t n, size_t number)
{
	for (const struct rule *r = rules; r < rules + sizeof rules / sizeof *rules; r++) {
		if (fnmatch(r->files, file, 0) != 0 || (r->except && fnmatch(r->except, file, 0) == 0))
			continue;
		const char *hit = memmem(line, n, r->text, strlen(r->text));
		bool inside = hit && hit > line && (isalnum((unsigned char)hit[-1]) || hit[-1] == '_');
		if (hit && !(inside && isalpha((unsigned char)r->text[0])))
			complain(file, number, r->why);
	}
}

struct walk {
	size_t number, function_at;
};

static void check_line(const char *file, const char *line, size_t n, struct walk *w)
{
	size_t length = strlen(file);
	bool c = length > 2 && (strcmp(file + length - 2, ".c") == 0 || strcmp(file + length - 2, ".h") == 0);
	check_text(file, line, n, w->number);
	if (!c)
		return;
	size_t indent = 0;
	while (indent < n && (line[indent] == '\t' || line[indent] == ' '))
		indent++;
	bool table_row =
		indent > 0 && indent < n &&
		(line[indent] == '{' || line[indent] == '"' || line[indent] == ':'); /* aligned by clang-format */
	if (!table_row && columns(line, n) > COLUMNS_MAX)
		complain(file, w->number, "a line this long is hard to read");
	if (n == 1 && line[0] == '{')
		w->function_at = w->number;
	if (n == 1 && line[0] == '}' && w->function_at && w->number - w->function_at > FUNCTION_LINES_MAX + 1)
		complain(file, w->function_at, "a function of more than 70 lines");
	if (n > 0 && line[0] == '}')
		w->function_at = 0;
}

static void check_file(const char *file)
{
	static char text[FILE_BYTES_MAX];
	FILE *f = fopen(file, "rb");
	if (!f) {
		complain(file, 0, "cannot be read");
		return;
	}
	size_t n = fread(text, 1, sizeof text, f), length = strlen(file);
	fclose(f);
	struct walk w = { 0 };
	for (const char *at = text, *end; at < text + n; at = end + 1) {
		end = memchr(at, '\n', (size_t)(text + n - at));
		end = end ? end : text + n;
		w.number++;
		check_line(file, at, (size_t)(end - at), &w);
	}
	bool c = length > 2 && (strcmp(file + length - 2, ".c") == 0 || strcmp(file + length - 2, ".h") == 0);
	if (c && w.number > LINES_MAX)
		complain(file, w.number, "a file of more than 600 lines: split it by job");
	if (c && length > 2 && file[length - 1] == 'h' && !memmem(text, n, "#ifndef ADEM_", 13))
		complain(file, 1, "a header without its guard ADEM_…_H");
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		check_file(argv[i]);
	return bad ? 1 : 0;
}
