/* SPDX-License-Identifier: MIT */
#include "number.h"
#include "xlsx.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Styles of a workbook; more are not looked at. */
#define MAX_STYLES 4096

static bool date_format(const struct node *formats, struct str id)
{
	uint64_t n = 0;
	size_t seen = 0;

	for (const struct node *f = xlsx_child(formats, "numFmt");
	     f && seen < MAX_STYLES; f = xlsx_next(f, "numFmt"), seen++)
		if (str_eq(xlsx_attr(f, "numFmtId"), id))
			return number_is_date(xlsx_attr(f, "formatCode"));
	return str_to_u64(id, &n) && number_known_date(n);
}

enum err xlsx_styles(struct xlsx_values *v, const struct tree *t)
{
	const struct node *sheet = t->element;
	const struct node *formats = xlsx_child(sheet, "numFmts");

	v->n_styles = 0;
	v->dates = arena_array(v->arena, MAX_STYLES, sizeof(*v->dates));
	if (!v->dates)
		return ERR_NOMEM;
	for (const struct node *x =
		     xlsx_child(xlsx_child(sheet, "cellXfs"), "xf");
	     x && v->n_styles < MAX_STYLES; x = xlsx_next(x, "xf"))
		v->dates[v->n_styles++] =
			date_format(formats, xlsx_attr(x, "numFmtId"));
	return ERR_NONE;
}

static struct str number_value(const struct xlsx_values *v,
			       const struct xlsx_cell *c, struct arena *a)
{
	struct str raw = c->raw;
	char text[NUMBER_TEXT];
	uint64_t style = 0;
	double n;

	if (!raw.n || raw.n >= sizeof(text))
		return raw;
	memcpy(text, raw.p, raw.n);
	text[raw.n] = '\0';
	n = strtod(text, NULL);
	if (!isfinite(n))
		return raw;
	if (str_to_u64(c->style, &style) && style < v->n_styles &&
	    v->dates[style] && number_dateable(n))
		return number_date(a, v->since_1904 ? n + DAYS_1904 : n);
	return number_plain(a, n);
}

static struct str shared_value(const struct xlsx_values *v, struct str raw)
{
	uint64_t i;

	if (!str_to_u64(raw, &i) || i >= v->strings.n)
		return (struct str){ 0 };
	return v->strings.at[i];
}

struct str xlsx_value(const struct xlsx_values *v, const struct xlsx_cell *c,
		      struct arena *a)
{
	if (str_is(c->type, "s"))
		return shared_value(v, c->raw);
	if (str_is(c->type, "b"))
		return str_is(c->raw, "1") ? STR("TRUE") : STR("FALSE");
	if (!c->type.n || str_is(c->type, "n"))
		return number_value(v, c, a);
	return c->raw;
}
