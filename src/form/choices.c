/* SPDX-License-Identifier: MIT */
#include "pilar/map.h"

#include "ses.h"

/*
 * What a select offers. A list of 80,000 rows stays a list: rows are looked
 * at where they lie, and an answer is found through the list's own index.
 */

/* The rows of an itemset, whatever they are. */
struct offer {
	struct session *s;
	const struct item_def *item;
	struct node *control;
	struct xpath_rows rows;
	size_t value_column, label_column;
};

static size_t offer_count(const struct offer *o)
{
	if (!o->item->itemset)
		return o->item->n_options;
	if (o->rows.list)
		return o->rows.n_rows;
	return o->rows.nodes ? o->rows.n_nodes : 0;
}

/* `only`: of a list the rows with that value will do; NULL: all of them. */
static enum err offer_rows(struct offer *o, const struct str *only,
			   struct arena *a)
{
	const struct itemset *set = o->item->itemset;
	struct xpath_value v = { .type = XPATH_NODESET };
	enum err rc = ERR_NONE;

	if (set->rows && only)
		rc = xpath_eval_row(
			set->nodes, &o->s->env, o->control,
			(struct xpath_equal){ set->value.name, *only }, a,
			&o->rows);
	if (rc)
		return rc;
	if (set->rows && !o->rows.list) {
		rc = xpath_eval_rows(set->nodes, &o->s->env, o->control, a,
				     &o->rows);
	} else if (!set->rows) {
		rc = xpath_eval(set->nodes, &o->s->env, o->control, a, &v);
		o->rows.nodes = v.nodes;
		o->rows.n_nodes = v.type == XPATH_NODESET ? v.n : 0;
	}
	if (rc || !o->rows.list)
		return rc;
	o->value_column = list_column(o->rows.list, set->value.name);
	o->label_column = list_column(o->rows.list, set->label.name);
	return ERR_NONE;
}

static enum err offer_open(struct session *s, struct node *n,
			   const struct str *only, struct arena *a,
			   struct offer *o)
{
	const struct item *i = session_item(s, (struct ref){ n });

	*o = (struct offer){ .s = s, .control = n };
	if (!i || (i->kind != ITEM_SELECT && i->kind != ITEM_SELECT1 &&
		   i->kind != ITEM_RANK))
		return ERR_REFUSED;
	o->item = item_def(i);
	return o->item->itemset ? offer_rows(o, only, a) : ERR_NONE;
}

static struct str child_text(const struct node *n, struct str name,
			     struct arena *a)
{
	for (const struct node *k = n->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT && str_eq(k->name->local, name))
			return node_value(k, a);
	return STR("");
}

/* One column of the i-th row, as it stands there. */
static enum err offer_cell(const struct offer *o, size_t i,
			   const struct column *column, size_t at,
			   struct arena *a, struct str *out)
{
	struct list *l = o->rows.list;

	*out = STR("");
	if (!l && !o->rows.nodes)
		return ERR_NONE;
	if (l) {
		if (at != SIZE_MAX)
			*out = l->ops->cell(l, o->rows.rows[i], at);
		return ERR_NONE;
	}
	if (column->name.n)
		*out = child_text(o->rows.nodes[i], column->name, a);
	else if (column->x)
		return eval_text(o->s, column->x, o->rows.nodes[i], a, out);
	return ERR_NONE;
}

static enum err offer_value(const struct offer *o, size_t i, struct arena *a,
			    struct str *out)
{
	const struct itemset *set = o->item->itemset;
	enum err rc = ERR_NONE;

	if (!set)
		*out = o->item->options[i].value;
	else
		rc = offer_cell(o, i, &set->value, o->value_column, a, out);
	if (!out->p)
		*out = STR("");
	return rc;
}

static enum err offer_label(const struct offer *o, size_t i, struct arena *a,
			    struct str *out)
{
	const struct itemset *set = o->item->itemset;
	enum err rc;

	if (!set && o->item->options[i].label.kind == TEXT_NONE)
		return offer_value(o, i, a, out);
	if (!set)
		return text_eval(o->s, &o->item->options[i].label, o->control,
				 FORM_PLAIN, a, out);
	rc = offer_cell(o, i, &set->label, o->label_column, a, out);
	if (!rc && set->label.itext)
		rc = itext_eval(o->s, *out, o->control, FORM_PLAIN, a, out);
	return rc;
}

/* ---- is it offered? */

/* Fewer rows than this are compared one by one. */
#define FEW_ROWS 32

/* Which row has the value: by the index of the list. */
static enum err list_search(const struct offer *o, struct str value,
			    struct arena *a, size_t *found)
{
	const uint32_t *hits;
	size_t n;
	enum err rc;

	*found = SIZE_MAX;
	if (o->value_column == SIZE_MAX)
		return ERR_NONE;
	rc = o->rows.list->ops->find(o->rows.list, o->value_column, value, a,
				     &hits, &n);
	if (rc || !n)
		return rc;
	for (size_t i = 0; i < o->rows.n_rows; i++)
		for (size_t k = 0; k < n; k++)
			if (o->rows.rows[i] == hits[k]) {
				*found = i;
				return ERR_NONE;
			}
	return ERR_NONE;
}

static enum err offer_find(const struct offer *o, struct str value,
			   struct arena *a, size_t *found)
{
	size_t n = offer_count(o);

	if (o->rows.list && n > FEW_ROWS)
		return list_search(o, value, a, found);
	*found = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		struct str s;
		enum err rc = offer_value(o, i, a, &s);

		if (rc)
			return rc;
		if (!str_eq(s, value))
			continue;
		*found = i;
		return ERR_NONE;
	}
	return ERR_NONE;
}

/* ---- several answers */

typedef VEC(struct str) words;

static enum err word_add(words *w, struct str word)
{
	struct str *s = vec_push(w);

	if (!s)
		return ERR_NOMEM;
	*s = word;
	return ERR_NONE;
}

static enum err words_map(struct str text, struct map *m)
{
	struct str word;
	enum err rc = ERR_NONE;

	while (!rc && str_word(&text, &word))
		rc = map_put(m, word, m);
	return rc;
}

static struct str words_join(const words *w, struct arena *a)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);

	for (size_t i = 0; i < w->n; i++) {
		if (i)
			buf_addc(&b, ' ');
		buf_addstr(&b, w->at[i]);
	}
	return buf_give(&b, a);
}

/* The words of `text` that are offered, in the order of the choices. */
static enum err offered_words(const struct offer *o, struct str text,
			      struct arena *a, words *kept, struct map *left)
{
	size_t n = offer_count(o);
	enum err rc;

	rc = words_map(text, left);
	for (size_t i = 0; i < n && !rc && left->n; i++) {
		struct str s;

		rc = offer_value(o, i, a, &s);
		if (rc || !map_get(left, s))
			continue;
		map_del(left, s);
		rc = word_add(kept, s);
	}
	return rc;
}

/* The words that were not found are not offered; the others stay in order. */
static struct str words_without(struct str text, const struct map *left,
				struct arena *a)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str word;

	while (str_word(&text, &word)) {
		if (map_get(left, word))
			continue;
		if (b.n)
			buf_addc(&b, ' ');
		buf_addstr(&b, word);
	}
	return buf_give(&b, a);
}

static enum err filter_words(const struct offer *o, struct str text,
			     struct arena *a, struct str *out, bool *all)
{
	struct map left = { 0 };
	words kept = { 0 };
	enum err rc;

	rc = offered_words(o, text, a, &kept, &left);
	*all = left.n == 0;
	*out = words_without(text, &left, a);
	map_release(&left);
	vec_release(&kept);
	return !rc && !out->p ? ERR_NOMEM : rc;
}

/* A rank keeps its order, loses what is gone, and gets what is new. */
static enum err rank_words(const struct offer *o, struct str text,
			   struct arena *a, words *out)
{
	struct map offered = { 0 };
	size_t n = offer_count(o);
	struct str *values = arena_array(a, n, sizeof(*values)), word;
	enum err rc = values ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; i < n && !rc; i++) {
		rc = offer_value(o, i, a, &values[i]);
		if (!rc && values[i].n)
			rc = map_put(&offered, values[i], &values[i]);
	}
	while (!rc && str_word(&text, &word))
		if (map_get(&offered, word)) {
			map_del(&offered, word);
			rc = word_add(out, word);
		}
	for (size_t i = 0; i < n && !rc; i++)
		if (map_get(&offered, values[i]))
			rc = word_add(out, values[i]);
	map_release(&offered);
	return rc;
}

static size_t word_count(struct str text)
{
	struct str word;
	size_t n = 0;

	while (str_word(&text, &word))
		n++;
	return n;
}

static enum err filter_rank(const struct offer *o, struct str text,
			    struct arena *a, struct str *out, bool *all)
{
	words w = { 0 };
	enum err rc;

	rc = rank_words(o, text, a, &w);
	*out = words_join(&w, a);
	/* A rank is whole: everything offered and nothing else. */
	*all = str_eq(*out, text) && word_count(text) == w.n;
	vec_release(&w);
	return !rc && !out->p ? ERR_NOMEM : rc;
}

static enum err filter_one(const struct offer *o, struct str text,
			   struct arena *a, struct str *out, bool *all)
{
	size_t found;
	enum err rc;

	rc = offer_find(o, text, a, &found);
	*all = found != SIZE_MAX;
	*out = *all ? text : STR("");
	return rc;
}

static bool chooses(struct session *s, struct node *n, enum item_kind kind)
{
	const struct item *i = session_item(s, (struct ref){ n });

	return i && i->kind == kind;
}

/* What a person ticks is written in the order of the list. */
enum err choices_sort(struct session *s, struct node *n, struct str text,
		      struct arena *a, struct str *out)
{
	struct map left = { 0 };
	words kept = { 0 };
	struct offer o;
	enum err rc;

	*out = text;
	if (!chooses(s, n, ITEM_SELECT))
		return ERR_NONE;
	rc = offer_open(s, n, NULL, a, &o);
	if (rc)
		return rc;
	rc = offered_words(&o, text, a, &kept, &left);
	*out = words_join(&kept, a);
	map_release(&left);
	vec_release(&kept);
	return !rc && !out->p ? ERR_NOMEM : rc;
}

enum err choices_filter(struct session *s, struct node *n, struct str text,
			struct arena *a, struct str *out, bool *all)
{
	struct offer o;
	enum err rc;

	*out = text;
	*all = true;
	rc = offer_open(s, n, chooses(s, n, ITEM_SELECT1) ? &text : NULL, a,
			&o);
	if (rc == ERR_REFUSED)
		return ERR_NONE; /* the type says select, no control does */
	if (rc)
		return rc;
	if (o.item->pub.kind == ITEM_SELECT1)
		return filter_one(&o, text, a, out, all);
	if (o.item->pub.kind == ITEM_RANK)
		return filter_rank(&o, text, a, out, all);
	return filter_words(&o, text, a, out, all);
}

/* Is the same offered whatever was answered? Then no index is asked for what
 * was answered, and the rows are looked at when the list is shown. */
static bool offers_same(const struct item *i)
{
	const struct itemset *set = item_def(i)->itemset;
	size_t n = 0;

	return set && (!xpath_deps(set->nodes, &n) || n == 0);
}

/*
 * Asks every list once for its choices, so that it builds the indexes they
 * need now and not under a person's first key. A list of which the same is
 * offered always is only asked for one value.
 */
void choices_warm(struct session *s, const struct item *within)
{
	for (const struct item *i = within->first; i; i = i->next) {
		const struct instance *from =
			form_instance(s->form, i->external);
		const struct str nothing = STR("");
		struct node *n = NULL;
		struct offer o;

		if (from && from->list)
			n = node_near(s, i->slot, s->root);
		/* What cannot be asked now is asked when it is shown. */
		if (n && offer_open(s, n, offers_same(i) ? &nothing : NULL,
				    &s->choice_arena, &o))
			buf_reset(&s->why);
		arena_reset(&s->choice_arena);
		choices_warm(s, i);
	}
}

enum err choice_label(struct session *s, struct node *n, struct str value,
		      struct arena *a, struct str *out)
{
	struct offer o;
	size_t found;
	enum err rc;

	*out = STR("");
	rc = offer_open(s, n, &value, a, &o);
	if (rc)
		return rc == ERR_REFUSED ? ERR_NONE : rc;
	rc = offer_find(&o, value, a, &found);
	if (rc || found == SIZE_MAX)
		return rc;
	return offer_label(&o, found, a, out);
}

enum err session_choices(struct session *s, struct ref r, struct arena *a,
			 const struct choice **choices, size_t *n)
{
	struct choice *c;
	struct offer o;
	enum err rc;

	*choices = NULL;
	*n = 0;
	if (!r.node)
		return ERR_NOTFOUND;
	rc = offer_open(s, r.node, NULL, a, &o);
	if (rc)
		return rc;
	c = arena_array(a, offer_count(&o), sizeof(*c));
	if (!c)
		return ERR_NOMEM;
	for (size_t i = 0; i < offer_count(&o) && !rc; i++) {
		rc = offer_value(&o, i, a, &c[i].value);
		if (!rc)
			rc = offer_label(&o, i, a, &c[i].label);
	}
	*choices = c;
	*n = offer_count(&o);
	return rc;
}
