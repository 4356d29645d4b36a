/* SPDX-License-Identifier: MIT */
#include "doc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct doc_ops *ops_of(const struct doc *d)
{
	return d->format == DOC_HTML ? doc_html_ops() : doc_text_ops();
}

enum doc_format doc_format_of(const char *file_name)
{
	struct str name = str_from(file_name);
	struct str five = str_sub(name, name.n > 5 ? name.n - 5 : 0, name.n);
	struct str four = str_sub(name, name.n > 4 ? name.n - 4 : 0, name.n);

	return str_eq_nocase(five, STR(".html")) ||
			       str_eq_nocase(four, STR(".htm"))
		       ? DOC_HTML
		       : DOC_TEXT;
}

void doc_open(struct doc *d, enum doc_format format, struct buf *out,
	      const char *lang, struct str title)
{
	*d = (struct doc){ .format = format,
			   .out = out,
			   .columns = DOC_COLUMNS,
			   .english = lang && strcmp(lang, "en") == 0 };
	ops_of(d)->open(d, lang, title);
}

/* Beyond these doubles have no tenths. */
#define NUMBER_MOST 1e14

struct str doc_number(const struct doc *d, double n, char out[DOC_NUMBER_MAX])
{
	char digits[DOC_NUMBER_MAX];
	size_t whole, from = 0, at = 0;

	if (!(fabs(n) < NUMBER_MOST)) {
		snprintf(out, DOC_NUMBER_MAX, "%.15g", n);
		return str_from(out);
	}
	snprintf(digits, sizeof(digits), "%.15g", round(n * 10) / 10);
	whole = strcspn(digits, ".");
	if (digits[0] == '-')
		out[at++] = digits[from++];
	for (size_t i = from; i < whole; i++) {
		if (i > from && (whole - i) % 3 == 0)
			out[at++] = d->english ? ',' : '.';
		out[at++] = digits[i];
	}
	if (digits[whole]) {
		out[at++] = d->english ? '.' : ',';
		out[at++] = digits[whole + 1];
	}
	return str_of(out, at);
}

void doc_close(struct doc *d)
{
	ops_of(d)->close(d);
}

void doc_heading(struct doc *d, unsigned level, struct str text)
{
	ops_of(d)->heading(d, level, text);
}

void doc_text(struct doc *d, struct str text)
{
	ops_of(d)->text(d, text);
}

void doc_note(struct doc *d, struct str text)
{
	ops_of(d)->note(d, text);
}

void doc_pair(struct doc *d, struct str label, struct str value)
{
	ops_of(d)->pair(d, label, value);
}

void doc_table(struct doc *d, const struct doc_table *t)
{
	ops_of(d)->table(d, t);
}

void doc_bars(struct doc *d, struct str title, const struct doc_bar *bars,
	      size_t n)
{
	ops_of(d)->bars(d, title, bars, n);
}

void doc_question(struct doc *d, const struct doc_question *q)
{
	ops_of(d)->question(d, q);
}

void doc_signatures(struct doc *d, const struct doc_signature *s, size_t n)
{
	ops_of(d)->signatures(d, s, n);
}

double doc_bars_max(const struct doc_bar *bars, size_t n)
{
	double max = 0;

	for (size_t i = 0; i < n; i++)
		if (bars[i].value > max)
			max = bars[i].value;
	return max > 0 ? max : 1;
}
