/* base.h - what every file of Adem starts from: attributes, small macros, banned functions.
 * Include it (through any header of ours) before anything else. */
#ifndef ADEM_BASE_BASE_H
#define ADEM_BASE_BASE_H
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The caller must look at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* The F-th argument is a printf format, the arguments from A on are its values. */
#define PRINTF(f, a) __attribute__((format(printf, f, a), nonnull(f)))
/* The number of elements of an array (not of a pointer). */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Inside Adem. Who uses these headers from an installed libadem-num writes as they like. */
#ifdef ADEM_BUILD
/* FORTIFY makes macros of these two; a name is banned, whatever it is. */
#undef sprintf
#undef vsprintf
/* Banned: each of these has cost somebody a security hole or a locale bug. A checker repeats the reasons. */
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atof strtol strtod rand srand
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison setlocale system popen
#endif
#endif
