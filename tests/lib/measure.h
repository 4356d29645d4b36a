/* SPDX-License-Identifier: MIT */
#ifndef TEST_MEASURE_H
#define TEST_MEASURE_H

#include <stddef.h>

#include "pilar/report.h"

/*
 * What benches share: clocks, ranks, and the rows `make bench` collects. All
 * times are microseconds; who tells of milliseconds divides.
 */

/* Of a clock that only moves on: what somebody waits for, the disk with it. */
double now_us(void);
/* Milliseconds since that now_us(). */
double ms_since(double start);
/* What this process computed: waiting, and others' load, are left out. */
double cpu_us(void);

/* The value at that rank of `n`, 0 the least and 100 the largest; sorts. */
double at_rank(double *values, size_t n, size_t percent);

/*
 * Prints "name<TAB>value<TAB>unit<TAB>base<TAB>ratio" at once, so that a bench
 * that dies has told what it knew. The base is what the value is held against,
 * in the same unit: the same work done without pilar (bare LMDB, SQLite, a
 * plain read), or a bar that is to be met. The ratio is the value over it: 2
 * is twice the work, and above 1 a bar is missed. A base of 0 is none: both
 * are then "-".
 */
void row(const char *name, double value, const char *unit, double base);

/* Ends the program, saying what failed, unless that is 0 (ERR_NONE, false). */
void must(int failed, const char *what);
/* Says the first problem of the report, too. */
void must_told(int failed, const char *what, const struct report *r);

#endif
