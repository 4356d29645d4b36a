/* SPDX-License-Identifier: MIT */
#include "pilar/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/buf.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "datasets.h"

/* Four bytes a character of the longest cell there is. */
#define MASKED_MAX ((size_t)256 << 10)

void datasets_free(struct datasets *d)
{
	if (!d)
		return;
	vec_each (ds, &d->list)
		for (size_t i = 0; i < ds->n; i++) {
			formula_free(ds->rows[i].formula);
			formula_free(ds->rows[i].formula_en);
		}
	vec_release(&d->list);
	arena_release(&d->arena);
	free(d);
}

size_t datasets_count(const struct datasets *d)
{
	return d ? d->list.n : 0;
}

const struct dataset *datasets_at(const struct datasets *d, size_t i)
{
	return i < datasets_count(d) ? &d->list.at[i] : NULL;
}

const struct dataset *datasets_find(const struct datasets *d, struct str name)
{
	for (size_t i = 0; i < datasets_count(d); i++)
		if (str_eq(d->list.at[i].name, name))
			return &d->list.at[i];
	return NULL;
}

const struct dataset_row *dataset_row(const struct dataset *d,
				      enum dataset_kind kind, size_t i)
{
	for (size_t k = 0; d && k < d->n; k++)
		if (d->rows[k].kind == kind && i-- == 0)
			return &d->rows[k];
	return NULL;
}

const struct dataset_row *dataset_named(const struct dataset *d,
					enum dataset_kind kind, struct str name)
{
	for (size_t k = 0; d && k < d->n; k++)
		if (d->rows[k].kind == kind && str_eq(d->rows[k].name, name))
			return &d->rows[k];
	return NULL;
}

const struct dataset_row *dataset_action(const struct dataset *d,
					 const char *value, size_t i)
{
	for (size_t k = 0; d && k < d->n; k++)
		if (d->rows[k].kind == DATASET_ACTION &&
		    str_is(d->rows[k].value, value) && i-- == 0)
			return &d->rows[k];
	return NULL;
}

size_t dataset_shown(const struct dataset_row *r)
{
	bool english = strcmp(i18n_lang(), "en") == 0;

	return english && r->shown_en != SIZE_MAX ? r->shown_en : r->shown;
}

struct str dataset_label(const struct dataset_row *r)
{
	bool english = strcmp(i18n_lang(), "en") == 0;
	struct str first = english ? r->label_en : r->label_id;
	struct str other = english ? r->label_id : r->label_en;

	if (first.n)
		return first;
	return other.n ? other : r->name;
}

struct str dataset_property(const struct dataset *d, struct str name)
{
	for (size_t i = 0; d && i < d->n; i++) {
		const struct dataset_row *r = &d->rows[i];

		if ((r->kind == DATASET_DETAIL || r->kind == DATASET_COLUMN) &&
		    str_eq(r->value, name))
			return dataset_label(r);
	}
	return name;
}

struct str dataset_masked(const struct dataset_row *r, struct str text,
			  struct arena *a)
{
	struct buf b = BUF_INIT(MASKED_MAX);
	size_t n = utf8_count(text), i = 0;
	bool all = n <= r->head + r->tail;

	if (!r->mask.n)
		return text;
	for (size_t at = 0; at < text.n; i++) {
		size_t from = at;

		utf8_next(text, &at);
		if (!all && (i < r->head || i >= n - r->tail))
			buf_addstr(&b, str_sub(text, from, at));
		else
			buf_addc(&b, '*');
	}
	return buf_give(&b, a);
}
