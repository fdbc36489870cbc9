/* hijri.h - days of the Islamic year as Indonesia keeps them.
 *
 * 2015 to 2026: as the government set them. 1 Ramadan, 1 Syawal and 10 Zulhijah by the sittings of the Ministry of Religious
 * Affairs (sidang isbat), the others by the joint decrees of three ministers on public holidays (SKB 3 Menteri; the feast
 * itself, where a decree moved the day off). 2027 to 2035: calculated by the criterion that the sittings have used since 2022
 * (MABIMS: the moon 3 degrees high and 6.4 degrees from the sun at sunset, taken at Aceh, with the ephemeris of PyEphem 4.1);
 * for 2022 to 2026 that gives what was decided but for two days, each by one. Other years: the civil calendar, 30 years of
 * 10,631 days with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29, epoch 16 July 622 (Julian). That is right within a
 * day or, rarely, two: who plans by it is told. */
#ifndef ADEM_NUM_HIJRI_H
#define ADEM_NUM_HIJRI_H
#include "num/data/day.h"

enum hijri_feast {
	HIJRI_NEW_YEAR,   /* 1 Muharram */
	HIJRI_MAULID,     /* 12 Rabiulawal */
	HIJRI_ISRA_MIRAJ, /* 27 Rajab */
	HIJRI_RAMADAN,    /* 1 Ramadan: the first day of fasting; its nights begin the evening before */
	HIJRI_IDUL_FITRI, /* 1 Syawal */
	HIJRI_IDUL_ADHA,  /* 10 Zulhijah */
	HIJRI_FEASTS
};

/* Where a date is from. Only the first is official. */
enum hijri_source { HIJRI_OFFICIAL, HIJRI_CRESCENT, HIJRI_CIVIL };

struct hijri_day {
	int32_t day;
	enum hijri_source source;
};

/* The FEAST of Hijri YEAR, from 1 on. */
struct hijri_day hijri_feast(int year, enum hijri_feast feast);
/* The day of the civil calendar; MONTH 1 to 12, DAY 1 to 30. */
int32_t hijri_civil(int year, int month, int day);
/* The Hijri year in which the civil calendar puts DAY. */
int hijri_year(int32_t day);
#endif
