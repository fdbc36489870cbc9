/* calendar_terms.h - z of calendar.h: what is said of a slot of a day. For calendar.c only. */
#ifndef ADEM_NUM_CALENDAR_TERMS_H
#define ADEM_NUM_CALENDAR_TERMS_H
#include "num/forecast/calendar.h"

/* Names the terms of K's options and says what they belong to. */
void calendar_terms_name(struct calendar *k);
/* The terms of a slot into OUT[K->terms]. True where an Islamic date that no government set was asked for. */
bool calendar_terms(const struct calendar *k, int32_t day, unsigned slot, double *out);
#endif
