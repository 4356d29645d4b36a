/* SPDX-License-Identifier: MIT */
#include "pilar/report.h"

#include <stdarg.h>
#include <stdio.h>

/* A sentence longer than this is cut: it is read by a person. */
#define TEXT_MAX 2000

void report_add(struct report *r, enum severity s, struct str place,
		const char *format, ...)
{
	char text[TEXT_MAX];
	struct problem *p;
	va_list args;

	if (!r)
		return;
	r->errors += s == PROBLEM_ERROR;
	if (r->problems.n >= REPORT_MAX)
		return;
	p = vec_push(&r->problems);
	if (!p)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	p->severity = s;
	p->place = arena_dup(&r->arena, place);
	p->text = arena_dup(&r->arena, str_from(text));
}

struct str report_first(const struct report *r, struct arena *a)
{
	const struct problem *first = NULL;

	vec_each (p, &r->problems) {
		if (!first)
			first = p;
		if (p->severity == PROBLEM_ERROR) {
			first = p;
			break;
		}
	}
	if (!first)
		return (struct str){ NULL, 0 };
	if (!first->place.n)
		return arena_dup(a, first->text);
	return arena_printf(a, "%.*s: %.*s", STR_ARG(first->place),
			    STR_ARG(first->text));
}

void report_release(struct report *r)
{
	vec_release(&r->problems);
	arena_release(&r->arena);
	r->errors = 0;
}
