/* receipts_called.h - who is called for a report now, in its reporter's words: where nobody hears a call, that is said, and posts
 * that are called and do not read the report are told apart. Where the neighbourhood is spared all of it is empty
 * (alerts_told). READERS: of the report. */
#ifndef ADEM_RECEIPTS_CALLED_H
#define ADEM_RECEIPTS_CALLED_H
#include "base/json.h"
#include "features/alerts/alerts.h"

/* Sentences; empty where there is nothing to say. */
struct called_words {
	struct str now, nobody_there, also;
};
struct called_words receipts_called_words(
	struct ctx *c, const struct alert_target *readers, size_t readers_count, const struct alert_told *told);
/* The same as three lists of names: "called", "nobody_there", "also_called". */
void receipts_put_called(struct ctx *c, const struct alert_target *readers, size_t readers_count,
	const struct alert_told *told, struct json *j);
#endif
