/* SPDX-License-Identifier: MIT */
#ifndef PILAR_REPORT_H
#define PILAR_REPORT_H

#include <stdbool.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/str.h"
#include "pilar/vec.h"

/*
 * What went wrong, in sentences for the person who must mend it. Each problem
 * names its place (file, sheet and row, node, expression and column). A reader
 * collects all problems it can find instead of stopping at the first.
 *
 * Texts are Indonesian, marked _() by whoever adds them, and are copied.
 */
enum severity { PROBLEM_WARNING, PROBLEM_ERROR };

struct problem {
	enum severity severity;
	struct str place; /* "survey, baris 12, kolom relevant"; may be empty */
	struct str text;
};

struct report {
	struct arena arena;
	VEC(struct problem) problems;
	size_t errors; /* how many are PROBLEM_ERROR */
};

/* Keeps at most REPORT_MAX problems; counts the rest. */
#define REPORT_MAX 200

void report_add(struct report *r, enum severity s, struct str place,
		const char *format, ...) PRINTF_LIKE(4, 5);
/* "place: text" of the first error; else of the first warning; else empty. */
struct str report_first(const struct report *r, struct arena *a);
void report_release(struct report *r);

#endif
