/* outlet.h - standard output and error of a program that must not wait for whoever reads them. A pipe that nobody empties (a
 * stalled driver of logs, "| less") or a terminal that was halted would hold up each process at its next line, and the one
 * that starts the others again with them. */
#ifndef ADEM_BASE_OUTLET_H
#define ADEM_BASE_OUTLET_H
#include "base/base.h"

/* From here on, in this process and those that it forks, a line without room is dropped and counted. Before any is forked. A
 * pipe or terminal is opened a second time for that: not to wait belongs to what was opened, which others may share. */
void outlet_never_wait(void);
/* Writes N bytes, a line with its end, at most 4096, to standard output or error: in one piece, so that lines of several
 * processes do not mix. False: there was no room for it. */
bool outlet_write(int fd, const char *line, size_t n);
/* How many lines were dropped, in all processes, and not told yet: who asks tells it, or gives the number back. */
int64_t outlet_take_dropped(void);
void outlet_give_dropped(int64_t lines);
#endif
