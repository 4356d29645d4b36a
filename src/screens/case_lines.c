/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/ui.h"

#include "text.h"

static struct case_line *add_line(struct case_view *v, enum case_kind kind)
{
	struct case_line *l = vec_push(&v->lines);

	if (l)
		l->kind = kind;
	return l;
}

static void add_head(struct case_view *v, struct str text, struct str dataset)
{
	struct case_line *l;

	if (v->lines.n)
		add_line(v, CASE_BLANK);
	l = add_line(v, CASE_HEAD);
	if (!l)
		return;
	l->text = text;
	l->dataset = dataset;
}

/* ---- members */
static bool is_parent(const struct dataset *child, struct str parent)
{
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(child, DATASET_PARENT, i)) != NULL;
	     i++) {
		if (str_eq(r->name, parent))
			return true;
	}
	return false;
}

static enum err add_members(struct case_view *v, const struct dataset *d)
{
	const struct dataset_row *title = dataset_row(d, DATASET_TITLE, 0);
	struct str name = arena_dup(&v->arena, d->name);
	struct entity *list = NULL;
	size_t n = 0;
	enum err rc = cases_children(v->cases, d->name, v->entity.id, &v->arena,
				     &list, &n);

	if (rc || !n)
		return rc;
	add_head(v,
		 arena_printf(&v->arena, "%.*s (%zu)",
			      STR_ARG(title ? dataset_label(title) : d->name),
			      n),
		 name);
	for (size_t i = 0; i < n; i++) {
		struct case_line *l = add_line(v, CASE_MEMBER);

		if (!l)
			return ERR_NOMEM;
		l->member = &list[i];
		l->dataset = name;
	}
	return ERR_NONE;
}

static enum err add_all_members(struct case_view *v)
{
	const struct datasets *all = cases_datasets(v->cases);
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);

		if (is_parent(d, v->entity.dataset))
			rc = add_members(v, d);
	}
	return rc;
}

/* ---- what is due */
/* Behind the lines there are; their place comes with the order of days. */
static enum err add_due(struct case_view *v, const struct entity *e)
{
	struct due *list = NULL;
	size_t n = 0;
	enum err rc = cases_due_of(v->cases, e, &v->arena, &list, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		struct case_line *l = add_line(v, CASE_DUE);

		if (!l)
			return ERR_NOMEM;
		l->text = arena_dup(&v->arena,
				    cases_due_label(v->cases, &list[i]));
		l->dataset = e->dataset;
		l->member = e;
		l->day = list[i].day;
	}
	return rc;
}

static int by_day(const void *a, const void *b)
{
	const struct case_line *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

static enum err add_all_due(struct case_view *v)
{
	size_t members = v->lines.n, first;
	enum err rc;

	add_head(v, str_from(_("Tindak lanjut")), STR(""));
	first = v->lines.n;
	rc = v->entity.closed ? ERR_NONE : add_due(v, &v->entity);
	for (size_t i = 0; !rc && i < members; i++)
		if (v->lines.at[i].kind == CASE_MEMBER)
			rc = add_due(v, v->lines.at[i].member);
	if (v->lines.n == first)
		v->lines.n = members; /* nothing: no head either */
	else
		qsort(&v->lines.at[first], v->lines.n - first,
		      sizeof(v->lines.at[0]), by_day);
	return rc;
}

/* ---- what was */
/* "Luas lantai: terkunci, dikira-kira", on as many lines as it takes. */
static enum err add_remark(struct case_view *v, const struct event_remark *r)
{
	struct arena *a = &v->arena;
	struct str rest = r->text, line;

	if (r->question.n)
		rest = arena_printf(a, "%.*s: %.*s",
				    STR_ARG(text_plain(a, r->question)),
				    STR_ARG(r->text));
	while (ui_wrap(&rest, v->cols, &line)) {
		struct case_line *l = add_line(v, CASE_REMARK);

		if (!l)
			return ERR_NOMEM;
		l->text = line;
	}
	return ERR_NONE;
}

static enum err add_remarks(struct case_view *v, const struct event *e)
{
	struct event_remark *list = NULL;
	size_t n = 0;
	enum err rc =
		cases_remarks(v->cases, e->instance_id, &v->arena, &list, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = add_remark(v, &list[i]);
	/* What cannot be read says so when it is opened. */
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

static enum err add_events(struct case_view *v)
{
	struct event *list = NULL;
	size_t n = 0;
	enum err rc =
		cases_timeline(v->cases, v->entity.id, &v->arena, &list, &n);

	if (rc || !n)
		return rc;
	add_head(v, str_from(_("Riwayat")), STR(""));
	for (size_t i = 0; !rc && i < n; i++) {
		struct case_line *l = add_line(v, CASE_EVENT);

		if (!l)
			return ERR_NOMEM;
		l->event = &list[i];
		for (size_t k = 0; k < i && !l->edited; k++)
			l->edited = str_eq(list[k].deprecated_id,
					   list[i].instance_id);
		if (i < CASE_REMARKED_MAX)
			rc = add_remarks(v, &list[i]);
	}
	return rc;
}

enum err case_load(struct case_view *v, struct str dataset, struct str id)
{
	enum err rc;

	arena_reset(&v->arena);
	vec_reset(&v->lines);
	rc = cases_entity(v->cases, dataset, id, &v->arena, &v->entity);
	if (!rc)
		rc = cases_survivor(v->cases, &v->entity, &v->arena);
	if (!rc)
		rc = add_all_members(v);
	if (!rc)
		rc = add_all_due(v);
	return rc ? rc : add_events(v);
}

void case_release(struct case_view *v)
{
	vec_release(&v->lines);
	arena_release(&v->arena);
}

bool case_selectable(const struct case_view *v, size_t i)
{
	return i < v->lines.n && v->lines.at[i].kind >= CASE_MEMBER;
}
