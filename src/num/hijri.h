/* hijri.h - days of the Islamic year as Indonesia's government set them.
 *
 * 2015 to 2026: the dates of the joint decrees of three ministers on public holidays (SKB 3 Menteri) and, for 1
 * Ramadan, 1 Syawal and 10 Zulhijah, of the Ministry of Religious Affairs' sittings (sidang isbat), which decide and
 * now and then differ from the decree by a day. Other years are computed: the civil calendar, 30 years of 10,631 days
 * with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29, epoch 16 July 622 (Julian). That is right within a day
 * or, rarely, two: who plans by it is told. */
#ifndef ADEM_NUM_HIJRI_H
#define ADEM_NUM_HIJRI_H
#include "num/day.h"

enum hijri_feast {
	HIJRI_NEW_YEAR,   /* 1 Muharram */
	HIJRI_MAULID,     /* 12 Rabiulawal */
	HIJRI_ISRA_MIRAJ, /* 27 Rajab */
	HIJRI_RAMADAN,    /* 1 Ramadan: the first day of fasting; its nights begin the evening before */
	HIJRI_IDUL_FITRI, /* 1 Syawal */
	HIJRI_IDUL_ADHA,  /* 10 Zulhijah */
	HIJRI_FEASTS
};

struct hijri_day {
	int32_t day;
	bool official; /* set by the government; false: computed */
};

/* The FEAST of Hijri YEAR (1317 to 1600). */
struct hijri_day hijri_feast(int year, enum hijri_feast feast);
/* The day of the civil calendar; MONTH 1 to 12, DAY 1 to 30. */
int32_t hijri_civil(int year, int month, int day);
/* The Hijri year in which the civil calendar puts DAY. */
int hijri_year(int32_t day);
#endif
