/* SPDX-License-Identifier: MIT */
#include "conv.h"

#include <stdarg.h>
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/workbook.h"

#include "type.h"

/* Columns of a cell's text that a message shows. */
#define QUOTED_COLUMNS 60

void *conv_alloc(struct conv *cv, size_t size)
{
	void *p = arena_alloc(&cv->arena, size);

	if (!p)
		cv->failed = ERR_NOMEM;
	return p;
}

struct str conv_dup(struct conv *cv, struct str s)
{
	struct str copy = arena_dup(&cv->arena, s);

	if (!copy.p)
		cv->failed = ERR_NOMEM;
	return copy;
}

struct str conv_printf(struct conv *cv, const char *format, ...)
{
	va_list ap, again;
	char *p = NULL;
	int n;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, ap);
	if (n >= 0)
		p = conv_alloc(cv, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	va_end(ap);
	return p ? str_of(p, (size_t)n) : (struct str){ 0 };
}

struct str at_row(struct conv *cv, const char *sheet, uint32_t row)
{
	return workbook_place(&cv->arena, str_from(sheet), row,
			      (struct str){ 0 });
}

struct str at_cell(struct conv *cv, const char *sheet, uint32_t row,
		   const char *column)
{
	return workbook_place(&cv->arena, str_from(sheet), row,
			      str_from(column));
}

struct str quoted(struct str s)
{
	return str_sub(s, 0, utf8_fit(s, QUOTED_COLUMNS));
}

static const struct {
	const char *fancy;
	char plain;
} quotes[] = {
	{ "\u2018", '\'' },
	{ "\u2019", '\'' },
	{ "\u201c", '"' },
	{ "\u201d", '"' },
};

static bool plain_quote(struct str s, size_t at, char *plain)
{
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		if (!str_starts(str_sub(s, at, s.n), str_from(quotes[i].fancy)))
			continue;
		*plain = quotes[i].plain;
		return true;
	}
	return false;
}

struct str clean(struct conv *cv, struct str s, bool collapse)
{
	char *p = conv_alloc(cv, s.n + 1);
	size_t n = 0;

	if (!p)
		return (struct str){ 0 };
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ' ' && collapse && n && p[n - 1] == ' ')
			continue;
		if (c == '\xe2' && plain_quote(s, i, &c))
			i += 2;
		p[n++] = c;
	}
	return str_of(p, n);
}

void lingual_add(struct conv *cv, struct lingual **l, struct str lang,
		 struct str text)
{
	struct lingual *new;

	while (*l && !str_eq((*l)->lang, lang))
		l = &(*l)->next;
	if (*l) {
		(*l)->text = text;
		return;
	}
	new = conv_alloc(cv, sizeof(*new));
	if (!new)
		return;
	new->lang = lang;
	new->text = text;
	*l = new;
}

struct str lingual_plain(const struct lingual *l)
{
	for (; l; l = l->next)
		if (!l->lang.n)
			return l->text;
	return (struct str){ 0 };
}

bool lingual_localised(const struct lingual *l)
{
	for (; l; l = l->next)
		if (l->lang.n)
			return true;
	return false;
}

void lingual_settle(struct conv *cv, struct lingual **l)
{
	struct lingual **plain = NULL;
	bool has_default = false;

	if (!lingual_localised(*l))
		return;
	for (struct lingual **at = l; *at; at = &(*at)->next) {
		if (!(*at)->lang.n)
			plain = at;
		if (str_eq((*at)->lang, cv->default_language))
			has_default = true;
	}
	if (plain && has_default)
		*plain = (*plain)->next;
	else if (plain)
		(*plain)->lang = cv->default_language;
}

struct attr *attr_find(struct attr *list, const char *key)
{
	for (; list; list = list->next)
		if (str_is(list->key, key))
			return list;
	return NULL;
}

struct str attr_text(struct attr *list, const char *key)
{
	const struct attr *a = attr_find(list, key);

	if (!a || !a->value)
		return (struct str){ 0 };
	return a->value->text;
}

struct attr *attr_at(struct conv *cv, struct attr **list, struct str key)
{
	while (*list && !str_eq((*list)->key, key))
		list = &(*list)->next;
	if (*list)
		return *list;
	*list = conv_alloc(cv, sizeof(**list));
	if (*list)
		(*list)->key = key;
	return *list;
}

void attr_set(struct conv *cv, struct attr **list, const char *key,
	      struct str value)
{
	struct attr *a = attr_at(cv, list, str_from(key));

	if (a)
		lingual_add(cv, &a->value, (struct str){ 0 }, value);
}

struct element *element_new(struct conv *cv, enum kind kind, struct str name)
{
	struct element *e;

	if (++cv->n_elements > XLSFORM_MAX_NODES) {
		cv->failed = ERR_TOOBIG;
		return NULL;
	}
	e = conv_alloc(cv, sizeof(*e));
	if (!e)
		return NULL;
	e->kind = kind;
	e->name = name;
	return e;
}

void element_append(struct element *parent, struct element *child)
{
	child->parent = parent;
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

void element_prepend(struct element *parent, struct element *child)
{
	child->parent = parent;
	child->next = parent->first;
	parent->first = child;
	if (!parent->last)
		parent->last = child;
}

struct element *element_next(const struct element *e, const struct element *top)
{
	if (e->first)
		return e->first;
	while (e != top && !e->next)
		e = e->parent;
	return e == top ? NULL : e->next;
}

bool element_section(const struct element *e)
{
	return e->kind == KIND_GROUP || e->kind == KIND_REPEAT ||
	       e->kind == KIND_LOOP || e->kind == KIND_META;
}

/* A question that only calculates has no control unless it is labelled. */
bool element_visible(const struct element *e)
{
	if (e->kind != KIND_QUESTION || !e->type || !e->type->tag)
		return false;
	return e->label || e->hint || e->type->hint ||
	       (!attr_find(e->bind, "calculate") && !e->triggers);
}

struct element *element_repeat(const struct element *e)
{
	struct element *up = e->parent;

	while (up && up->kind != KIND_REPEAT)
		up = up->parent;
	return up;
}

/* As deep as XLSFORM_MAX_DEPTH and what <meta> adds. */
void element_path(struct buf *b, const struct element *e)
{
	if (e->parent)
		element_path(b, e->parent);
	if (e->flat)
		return;
	buf_addc(b, '/');
	if (e->kind == KIND_ATTRIBUTE)
		buf_addc(b, '@');
	buf_addstr(b, e->name);
}

struct element *element_by_name(const struct conv *cv, struct str name)
{
	return map_get(&cv->by_name, name);
}

void list_append(struct list *list, struct choice *c)
{
	if (list->last)
		list->last->next = c;
	else
		list->first = c;
	list->last = c;
	list->n++;
	if (!list->blank && str_find(c->name, STR(" "), 0) != SIZE_MAX)
		list->blank = c;
	if (str_is(c->name, "other"))
		list->other = true;
}

struct list *list_by_name(const struct list_set *set, struct str name)
{
	return map_get(&set->by_name, name);
}

struct str setting(const struct conv *cv, const char *key)
{
	return attr_text(cv->settings, key);
}

bool one_of(const char *names, struct str s)
{
	struct str rest = str_from(names), name;

	while (str_split(&rest, '|', &name))
		if (str_eq(name, s))
			return true;
	return false;
}

int yes_no(struct str s)
{
	if (one_of("yes|Yes|YES|true|True|TRUE|true()", s))
		return 1;
	if (one_of("no|No|NO|false|False|FALSE|false()", s))
		return 0;
	return -1;
}
