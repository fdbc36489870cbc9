#include "num/data/hijri.h"

enum { TABLE_FROM = 1436, OFFICIAL_UNTIL = 20261231, CIVIL_EPOCH = -492148, CYCLE_YEARS = 30, CYCLE_DAYS = 10631 };

/* A row a Hijri year from 1436 on: new year, Maulid, Isra Mi'raj, first of Ramadan, Idul Fitri, Idul Adha; 0: before 2015 or
 * after 2035. */
static const int32_t table[][HIJRI_FEASTS] = {
	{0,         20150103, 20150516, 20150618, 20150717, 20150924},
	{ 20151014, 20151224, 20160506, 20160606, 20160706, 20160912},
	{ 20161002, 20161212, 20170424, 20170527, 20170625, 20170901},
	{ 20170921, 20171201, 20180414, 20180517, 20180615, 20180822},
	{ 20180911, 20181120, 20190403, 20190506, 20190605, 20190811},
	{ 20190901, 20191109, 20200322, 20200424, 20200524, 20200731},
	{ 20200820, 20201029, 20210311, 20210413, 20210513, 20210720},
	{ 20210810, 20211019, 20220228, 20220403, 20220502, 20220710},
	{ 20220730, 20221008, 20230218, 20230323, 20230422, 20230629},
	{ 20230719, 20230928, 20240208, 20240312, 20240410, 20240617},
	{ 20240707, 20240916, 20250127, 20250301, 20250331, 20250606},
	{ 20250627, 20250905, 20260116, 20260219, 20260321, 20260527},
	{ 20260616, 20260825, 20270106, 20270208, 20270310, 20270517},
	{ 20270606, 20270815, 20271226, 20280128, 20280227, 20280505},
	{ 20280526, 20280804, 20281214, 20290116, 20290215, 20290424},
	{ 20290515, 20290724, 20291204, 20300106, 20300204, 20300413},
	{ 20300504, 20300713, 20301123, 20301226, 20310125, 20310403},
	{ 20310423, 20310702, 20311113, 20311216, 20320114, 20320322},
	{ 20320412, 20320621, 20321101, 20321204, 20330103, 20330312},
	{ 20330401, 20330610, 20331021, 20331124, 20331223, 20340301},
	{ 20340322, 20340530, 20341010, 20341113, 20341212, 20350219},
	{ 20350311, 20350520, 20350930, 20351102, 20351201, 0       },
};

/* Month and day of each feast. */
static const struct {
	int month, day;
} feasts[HIJRI_FEASTS] = {
	{1,   1 },
        { 3,  12},
        { 7,  27},
        { 9,  1 },
        { 10, 1 },
        { 12, 10}
};

/* Leap years among the first N of a cycle: every year n in which 11 n + 14 leaves less than 11 when divided by 30. */
static int leaps(int n)
{
	int count = 0;
	for (int year = 1; year <= n; year++)
		count += (11 * year + 14) % CYCLE_YEARS < 11;
	return count;
}

int32_t hijri_civil(int year, int month, int day)
{
	assert(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 30);
	int cycle = (year - 1) / CYCLE_YEARS, rest = (year - 1) % CYCLE_YEARS;
	/* Months of 30 and 29 days in turn. */
	return CIVIL_EPOCH + cycle * CYCLE_DAYS + rest * 354 + leaps(rest) + (month - 1) * 29 + month / 2 + day - 1;
}

int hijri_year(int32_t day)
{
	int year = 1 + (day - CIVIL_EPOCH) * CYCLE_YEARS / CYCLE_DAYS;
	while (hijri_civil(year, 1, 1) > day)
		year--;
	while (hijri_civil(year + 1, 1, 1) <= day)
		year++;
	return year;
}

struct hijri_day hijri_feast(int year, enum hijri_feast feast)
{
	int row = year - TABLE_FROM;
	int32_t known = row >= 0 && row < (int)COUNT(table) ? table[row][feast] : 0;
	if (known == 0)
		return (struct hijri_day){ hijri_civil(year, feasts[feast].month, feasts[feast].day), HIJRI_CIVIL };
	int32_t day = day_of((struct date){ known / 10000, known / 100 % 100, known % 100 });
	return (struct hijri_day){ day, known <= OFFICIAL_UNTIL ? HIJRI_OFFICIAL : HIJRI_CRESCENT };
}
