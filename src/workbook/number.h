/* SPDX-License-Identifier: MIT */
#ifndef WORKBOOK_NUMBER_H
#define WORKBOOK_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/str.h"

/* Numbers of workbooks, where a date is a number with a format. */
bool number_is_date(struct str format);  /* by its code */
bool number_known_date(uint64_t format); /* by its number, without a code */
bool number_dateable(double n);
/* Days since 1899-12-30: 2024-01-31 00:00:00; below one 12:30:00. */
struct str number_date(struct arena *a, double serial);
/* 3 for 3.0; else as short as it reads back. */
struct str number_plain(struct arena *a, double n);
/* Longest number as text that is read. */
#define NUMBER_TEXT 64
/* What a workbook of an old Macintosh counts its days from, later. */
#define DAYS_1904 1462

#endif
