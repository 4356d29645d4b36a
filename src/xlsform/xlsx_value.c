/* SPDX-License-Identifier: MIT */
#include "number.h"
#include "xlsx.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/buf.h"
#include "pilar/csv.h"
#include "pilar/when.h"

/* Texts of <t> below `n`, but not those that say how to pronounce it. */
static void text_into(struct buf *out, struct arena *a, const struct node *n)
{
	for (const struct node *k = n->first; k; k = k->next) {
		if (k->kind != NODE_ELEMENT)
			continue;
		if (str_is(k->name->local, "t"))
			buf_addstr(out, node_value(k, a));
		else if (str_is(k->name->local, "r"))
			text_into(out, a, k);
	}
}

/* One byte more than a cell may have: the reader of cells complains. */
static struct str text_of(struct arena *a, const struct node *n)
{
	struct buf b = BUF_INIT(CSV_MAX_CELL + 1);
	struct str out;

	text_into(&b, a, n);
	out = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

enum err xlsx_strings(struct xlsx_values *v, const struct tree *t)
{
	const struct node *sst = t->element;
	size_t n = 0;

	for (const struct node *si = xlsx_child(sst, "si"); si;
	     si = xlsx_next(si, "si"))
		n++;
	v->n_strings = 0;
	v->strings = arena_array(v->arena, n ? n : 1, sizeof(*v->strings));
	if (!v->strings)
		return ERR_NOMEM;
	for (const struct node *si = xlsx_child(sst, "si"); si;
	     si = xlsx_next(si, "si"))
		v->strings[v->n_strings++] =
			arena_dup(v->arena, text_of(v->arena, si));
	return ERR_NONE;
}

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
			       const struct node *cell, struct str raw)
{
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
	if (str_to_u64(xlsx_attr(cell, "s"), &style) && style < v->n_styles &&
	    v->dates[style] && number_dateable(n))
		return number_date(v->arena, n);
	return number_plain(v->arena, n);
}

static struct str shared_value(const struct xlsx_values *v, struct str raw)
{
	uint64_t i;

	if (!str_to_u64(raw, &i) || i >= v->n_strings)
		return (struct str){ 0 };
	return v->strings[i];
}

struct str xlsx_value(const struct xlsx_values *v, const struct node *cell)
{
	const struct node *value = xlsx_child(cell, "v");
	const struct node *inl = xlsx_child(cell, "is");
	struct str type = xlsx_attr(cell, "t"), raw;

	if (str_is(type, "inlineStr"))
		return inl ? text_of(v->arena, inl) : (struct str){ 0 };
	raw = value ? node_value(value, v->arena) : (struct str){ 0 };
	if (str_is(type, "s"))
		return shared_value(v, raw);
	if (str_is(type, "b"))
		return str_is(raw, "1") ? STR("TRUE") : STR("FALSE");
	if (!type.n || str_is(type, "n"))
		return number_value(v, cell, raw);
	return raw;
}
