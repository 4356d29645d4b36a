/* SPDX-License-Identifier: MIT */
/* The entities sheet: what is declared. Where it goes: place.c. */
#include "column.h"
#include "conv.h"
#include "lex.h"

#include "pilar/i18n.h"

#define SHEET "entities"

static const char *list_fault(struct str name)
{
	if (!name.n)
		return N_("nama daftar belum diisi");
	if (str_starts(name, STR("__")))
		return N_("nama daftar tidak boleh mulai dengan __");
	if (str_find(name, STR("."), 0) != SIZE_MAX)
		return N_("nama daftar tidak boleh memuat titik");
	if (!lex_is_name(name))
		return N_("nama daftar tidak sah");
	return NULL;
}

/* Which cells must stand beside which. */
static const struct {
	bool id, create_if, update_if, label;   /* given? */
	bool any_create, any_update, any_label; /* does not matter */
	const char *column, *fault;
} combinations[] = {
	{ .update_if = true,
	  .any_create = true,
	  .any_label = true,
	  .column = "entity_id",
	  .fault = N_("mengubah entitas memerlukan entity_id") },
	{ .id = true,
	  .create_if = true,
	  .any_label = true,
	  .column = "update_if",
	  .fault = N_("create_if bersama entity_id memerlukan update_if") },
	{ .any_create = true,
	  .any_update = true,
	  .column = "label",
	  .fault = N_("membuat entitas memerlukan label") },
};

static void combination_check(struct conv *cv, const struct entity *e)
{
	for (size_t i = 0; i < ARRAY_LEN(combinations); i++) {
		if (combinations[i].id != (e->id.n > 0))
			continue;
		if (!combinations[i].any_create &&
		    combinations[i].create_if != (e->create_if.n > 0))
			continue;
		if (!combinations[i].any_update &&
		    combinations[i].update_if != (e->update_if.n > 0))
			continue;
		if (!combinations[i].any_label &&
		    combinations[i].label != (e->label.n > 0))
			continue;
		FAIL(cv, at_cell(cv, SHEET, e->at, combinations[i].column),
		     "%s", _(combinations[i].fault));
		return;
	}
}

static bool list_new(struct conv *cv, const struct entity *e)
{
	const char *fault = list_fault(e->list);

	for (const struct entity *o = cv->entities; o && !fault; o = o->next)
		if (str_eq(o->list, e->list))
			fault = N_("daftar ini sudah ada di baris lain");
	if (fault)
		FAIL(cv, at_cell(cv, SHEET, e->at, "list_name"), "%s",
		     _(fault));
	return !fault;
}

static void entity_row(struct conv *cv, const struct sheet *s,
		       const struct column *columns, const struct row *row)
{
	struct entity *e = conv_alloc(cv, sizeof(*e)), **at = &cv->entities;
	struct lingual *label = NULL;

	if (!e)
		return;
	row_store(cv, s, columns, row,
		  (const struct slot[N_FIELDS]){
			  [FIELD_LIST] = { .text = &e->list },
			  [FIELD_LABEL] = { .lingual = &label },
			  [FIELD_ENTITY_ID] = { .text = &e->id },
			  [FIELD_CREATE_IF] = { .text = &e->create_if },
			  [FIELD_UPDATE_IF] = { .text = &e->update_if },
		  });
	e->label = lingual_plain(label);
	e->at = row->at;
	if (!list_new(cv, e))
		return;
	combination_check(cv, e);
	while (*at)
		at = &(*at)->next;
	*at = e;
}

void entities_read(struct conv *cv)
{
	struct sheet *s = book_sheet(&cv->book, SHEET);
	const struct column *columns;

	if (!s || !s->headers || !s->rows.n)
		return;
	columns = columns_read(cv, s, OF_ENTITIES, FIELD_EXTRA);
	if (!columns)
		return;
	for (uint32_t i = 0; i < s->n_headers; i++)
		if (columns[i].field == FIELD_EXTRA)
			FAIL(cv, at_cell(cv, SHEET, s->at, columns[i].header),
			     _("kolom ini tidak dikenal"));
	if (s->rows.n > XLSFORM_MAX_ENTITIES) {
		FAIL(cv, at_row(cv, SHEET, s->rows.at[0].at),
		     _("lebih dari %d daftar"), XLSFORM_MAX_ENTITIES);
		return;
	}
	for (size_t i = 0; i < s->rows.n && !cv->failed; i++)
		if (s->rows.at[i].n)
			entity_row(cv, s, columns, &s->rows.at[i]);
}
