/* opinion_read.h - answers from CSV: a row an answer, columns found by their names. */
#ifndef ADEM_NUM_OPINION_READ_H
#define ADEM_NUM_OPINION_READ_H
#include "base/err.h"
#include "num/opinion/opinion_votes.h"

enum { OPINION_ANSWERS_MAX = 50000000 };

/* Reads TEXT: a header with the columns voter-id, comment-id and vote (others are ignored, in any order), then a row an answer.
 * Ids are whole numbers from 0 on; a vote is 1 (agree), -1 (disagree) or 0 (pass); a later row of the same voter and comment
 * overrides. The matrix lives in c->mem. Fails with ERR_INPUT and the line, or with ERR_LIMIT. */
enum err opinion_read(struct ctx *c, struct str text, struct opinion_votes **votes);
#endif
