/* SPDX-License-Identifier: MIT */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double read_us(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

double now_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

double ms_since(double start)
{
	return (now_us() - start) / 1e3;
}

double cpu_us(void)
{
	return read_us(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double at_rank(double *values, size_t n, size_t percent)
{
	qsort(values, n, sizeof(*values), by_value);
	return values[(n - 1) * percent / 100];
}

void row(const char *name, double value, const char *unit, double base)
{
	if (base > 0)
		printf("%s\t%.3f\t%s\t%.3f\t%.2f\n", name, value, unit, base,
		       value / base);
	else
		printf("%s\t%.3f\t%s\t-\t-\n", name, value, unit);
	fflush(stdout);
}

void must(int failed, const char *what)
{
	must_told(failed, what, NULL);
}

void must_told(int failed, const char *what, const struct report *r)
{
	struct arena a = { 0 };

	if (!failed)
		return;
	fprintf(stderr, "bench: %s: %d %s\n", what, failed,
		r ? report_first(r, &a).p : "");
	exit(1);
}
