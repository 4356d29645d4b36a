/* SPDX-License-Identifier: MIT */
#include "column.h"
#include "conv.h"
#include "lex.h"

#include "pilar/i18n.h"
#include "pilar/workbook.h"

#define SHEET "choices"

static struct list *list_get(struct conv *cv, struct list_set *set,
			     struct str name)
{
	struct list *list = list_by_name(set, name);

	if (list)
		return list;
	list = conv_alloc(cv, sizeof(*list));
	if (!list)
		return NULL;
	list->name = name;
	if (map_put(&set->by_name, name, list)) {
		cv->failed = ERR_NOMEM;
		return NULL;
	}
	if (set->last)
		set->last->next = list;
	else
		set->first = list;
	set->last = list;
	return list;
}

/* Headers become element names of the list's items. */
static bool extra_usable(struct conv *cv, const struct sheet *s,
			 const struct column *c)
{
	size_t colon = str_find(c->key, STR(":"), 0);
	struct str place;

	if (lex_is_name(c->key) &&
	    (colon == SIZE_MAX || prefix_known(cv, str_sub(c->key, 0, colon))))
		return true;
	place = at_cell(cv, SHEET, s->at, c->header);
	if (str_find(c->key, STR(" "), 0) != SIZE_MAX)
		WARN(cv, place,
		     _("judul kolom memuat spasi; kolom ini tidak dipakai"));
	else
		FAIL(cv, place,
		     _("judul kolom bukan nama yang sah untuk butir daftar"));
	return false;
}

static void extras_check(struct conv *cv, const struct sheet *s,
			 struct column *columns)
{
	for (uint32_t i = 0; i < s->n_headers; i++)
		if (columns[i].field == FIELD_EXTRA && s->headers[i].n &&
		    !extra_usable(cv, s, &columns[i]))
			columns[i].field = FIELD_IGNORED;
}

static bool labels_refer(const struct lingual *l)
{
	for (; l; l = l->next)
		if (ref_any(l->text))
			return true;
	return false;
}

static void choice_settle(struct conv *cv, struct list *list,
			  struct choice *choice)
{
	lingual_settle(cv, &choice->label);
	for (struct attr *m = choice->media; m; m = m->next)
		lingual_settle(cv, &m->value);
	if (choice->media || lingual_localised(choice->label) ||
	    labels_refer(choice->label))
		list->itext = true;
}

static void choice_row(struct conv *cv, struct list_set *set,
		       const struct sheet *s, const struct row *row)
{
	struct choice *choice = conv_alloc(cv, sizeof(*choice));
	struct str name = { 0 };
	struct list *list;

	if (!choice)
		return;
	row_store(cv, s, s->columns, row,
		  (const struct slot[N_FIELDS]){
			  [FIELD_LIST] = { .text = &name },
			  [FIELD_NAME] = { .text = &choice->name },
			  [FIELD_LABEL] = { .lingual = &choice->label },
			  [FIELD_MEDIA] = { .attrs = &choice->media },
			  [FIELD_EXTRA] = { .attrs = &choice->extra },
		  });
	if (!name.n)
		return;
	choice->at = row->at;
	if (!choice->name.n) {
		FAIL(cv,
		     workbook_place(&cv->arena, s->name, row->at, STR("name")),
		     _("pilihan harus punya nama"));
		return;
	}
	if (!choice->label)
		WARN(cv,
		     workbook_place(&cv->arena, s->name, row->at, STR("label")),
		     _("pilihan ini tidak punya label"));
	list = list_get(cv, set, name);
	if (!list)
		return;
	choice_settle(cv, list, choice);
	list_append(list, choice);
}

static void list_distinct(struct conv *cv, const struct list *list)
{
	struct map seen = { 0 };

	for (const struct choice *c = list->first; c; c = c->next) {
		if (map_get(&seen, c->name))
			FAIL(cv, at_cell(cv, SHEET, c->at, "name"),
			     _("nama pilihan \"%.*s\" sudah ada di daftar "
			       "%.*s"),
			     STR_ARG(quoted(c->name)),
			     STR_ARG(quoted(list->name)));
		else if (map_put(&seen, c->name, cv))
			cv->failed = ERR_NOMEM;
	}
	map_release(&seen);
}

/* The names of the lists that select_one_external may ask for. */
static void external_read(struct conv *cv)
{
	struct sheet *s = book_sheet(&cv->book, "external_choices");
	const struct column *columns = NULL;
	struct str list;

	if (s && s->headers)
		columns = columns_read(cv, s, OF_CHOICES, FIELD_EXTRA);
	for (size_t i = 0; columns && i < s->rows.n && !cv->failed; i++) {
		list = (struct str){ 0 };
		row_store(cv, s, columns, &s->rows.at[i],
			  (const struct slot[N_FIELDS]){
				  [FIELD_LIST] = { .text = &list } });
		if (list.n && map_put(&cv->external_by_name, list, cv))
			cv->failed = ERR_NOMEM;
	}
}

static bool lists_read(struct conv *cv, const char *name, struct list_set *set)
{
	struct sheet *s = book_sheet(&cv->book, name);
	struct column *columns;

	if (!s || !s->headers || !s->rows.n)
		return false;
	columns = columns_read(cv, s, OF_CHOICES, FIELD_EXTRA);
	if (!columns)
		return false;
	if (!columns_have(columns, s, FIELD_NAME)) {
		FAIL(cv, at_row(cv, name, s->at), _("harus ada kolom name"));
		return false;
	}
	if (!columns_have(columns, s, FIELD_LIST))
		WARN(cv, at_row(cv, name, s->at),
		     _("tanpa kolom list_name lembar ini tidak dipakai"));
	extras_check(cv, s, columns);
	for (size_t i = 0; i < s->rows.n && !cv->failed; i++)
		choice_row(cv, set, s, &s->rows.at[i]);
	return true;
}

void choices_read(struct conv *cv)
{
	external_read(cv);
	lists_read(cv, "osm", &cv->osm);
	if (!lists_read(cv, SHEET, &cv->choices) ||
	    yes_no(setting(cv, "allow_choice_duplicates")) == 1)
		return;
	for (const struct list *l = cv->choices.first; l; l = l->next)
		list_distinct(cv, l);
}
