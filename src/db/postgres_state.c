#include "db/postgres_state.h"

static bool is_of(const char *state, const char *class)
{
	return strncmp(state, class, strlen(class)) == 0;
}

enum err state_code(const char *state)
{
	static const char *const conflicts[] = { "23505", "23503", "23514", "23P01" };
	static const char *const busy[] = { "40", "55P03", "57014", "57P", "53", "58", "08", "25P03" };
	for (size_t i = 0; i < COUNT(conflicts); i++)
		if (strcmp(state, conflicts[i]) == 0)
			return ERR_CONFLICT;
	for (size_t i = 0; i < COUNT(busy); i++)
		if (is_of(state, busy[i]))
			return ERR_BUSY;
	return ERR_DB;
}

bool state_is_passing(const char *state)
{
	return strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
}

bool state_is_held(const char *state)
{
	return strcmp(state, "55P03") == 0;
}

bool state_is_read_only(const char *state)
{
	return strcmp(state, "25006") == 0;
}

bool state_is_about_values(const char *state)
{
	return is_of(state, "22");
}
