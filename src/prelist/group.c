/* SPDX-License-Identifier: MIT */
#include "prelist.h"

/*
 * Rows that have one number make one entity: a list of persons, each with the
 * number of the household, makes the households. What it says of them comes
 * from the row that speaks for the others, and what that leaves empty from
 * whoever says it first.
 */
static const struct column *link_column(const struct prelist *p)
{
	for (size_t i = 0; i < p->n_columns; i++)
		if (p->columns[i].makes)
			return &p->columns[i];
	return NULL;
}

static size_t place_of(const struct prelist *p, const struct column *c)
{
	return (size_t)(c - p->columns);
}

/* Registered otherwise: the number is known, it may be called differently. */
static enum err meet_known(struct prelist *p, struct group *g)
{
	char text[UUID_LEN + 1];
	struct entity e;
	enum err rc =
		cases_import_id(p->cases, p->up.dataset->name, g->number, text);

	if (rc || str_is(g->id, text))
		return rc;
	rc = cases_entity(p->cases, p->up.dataset->name, g->id, &p->memory, &e);
	if (rc)
		return rc;
	g->known = true;
	g->known_as = rows_kept(p, cases_title(p->cases, &e));
	return ERR_NONE;
}

static enum err group_new(struct prelist *p, struct str number,
			  struct group **out)
{
	struct arena *a = &p->kept;
	struct group *g = arena_alloc(a, sizeof(*g)), **slot;
	enum err rc;

	if (!g)
		return ERR_NOMEM;
	*g = (struct group){ .number = rows_kept(p, number),
			     .row = p->csv.row };
	g->values = arena_array(a, p->n_columns + 1, sizeof(*g->values));
	g->given = arena_array(a, p->own.rules.all.n + 1, sizeof(*g->given));
	slot = vec_push(&p->groups);
	if (!g->values || !g->given || !slot)
		return ERR_NOMEM;
	*slot = *out = g;
	rc = rows_id(p, p->up.dataset, number, &g->id);
	g->id = arena_dup(a, g->id);
	if (!rc)
		rc = meet_known(p, g);
	return rc ? rc : map_put(&p->group_of, g->number, g);
}

/* What the row has in a property of its own; nothing where that is no value. */
static struct str own_value(struct prelist *p, struct str property)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];
		struct str value = str_trim(p->csv.cells.at[i]);

		if (c->side == &p->own && str_eq(c->to, property))
			return value_take(p, c, &value) ? STR("") : value;
	}
	return STR("");
}

static bool speaks(struct prelist *p)
{
	const struct rule *r = rules_get(&p->own.rules, RULE_FIRST, STR(""), 0);

	return r && str_eq(own_value(p, r->property), r->value);
}

static void hear(struct prelist *p, struct str *was, struct str now,
		 bool speaker)
{
	if (now.n && (speaker || !was->n))
		*was = rows_kept(p, now);
}

/* Columns that are of the group. */
static const char *take_cells(struct taking *t, struct group *g, bool speaker,
			      const struct column **bad)
{
	struct prelist *p = t->p;

	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];
		const char *why;

		t->values[i] = str_trim(p->csv.cells.at[i]);
		if (c->side != &p->up)
			continue;
		why = value_take(p, c, &t->values[i]);
		*bad = c;
		if (why)
			return why;
	}
	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];

		if (c->side == &p->up && parts_lead(p, c))
			hear(p, &g->values[i], parts_join(t, c), speaker);
	}
	return NULL;
}

static void take_gifts(struct prelist *p, struct group *g, bool speaker)
{
	const struct rule *r;

	for (size_t i = 0;
	     (r = rules_get(&p->own.rules, RULE_GIVE, STR(""), i)); i++)
		hear(p, &g->given[i], own_value(p, r->property), speaker);
}

const char *group_take(struct taking *t, const struct column **bad,
		       enum err *rc)
{
	struct prelist *p = t->p;
	const struct column *link = link_column(p);
	struct str number;
	const char *why;
	bool speaker;

	t->group = NULL;
	if (!link)
		return NULL;
	*bad = link;
	number = str_trim(p->csv.cells.at[place_of(p, link)]);
	why = value_take(p, link, &number);
	if (why || !number.n)
		return why;
	t->group = map_get(&p->group_of, number);
	if (!t->group)
		*rc = group_new(p, number, &t->group);
	if (*rc)
		return NULL;
	speaker = !t->group->led && speaks(p);
	t->group->led |= speaker;
	take_gifts(p, t->group, speaker);
	return take_cells(t, t->group, speaker, bad);
}

/* ---- as rows */
static void add(struct list_row *row, struct entity_prop *props,
		struct str name, struct str value)
{
	for (size_t i = 0; i < row->n_props; i++)
		if (str_eq(props[i].name, name))
			return;
	if (value.n && !str_is(name, LABEL))
		props[row->n_props++] = (struct entity_prop){ name, value };
}

/* What a column says comes before what its rows give. */
static enum err group_row(struct prelist *p, const struct group *g,
			  struct list_row *row)
{
	const struct dataset_row *title =
		dataset_row(p->up.dataset, DATASET_TITLE, 0);
	const struct column *link = link_column(p);
	size_t most = p->n_columns + p->own.rules.all.n + p->up.rules.all.n + 1;
	struct entity_prop *props = arena_array(&p->kept, most, sizeof(*props));
	const struct rule *r;
	enum err rc;

	*row = (struct list_row){ .number = g->row,
				  .id = g->id,
				  .label = g->number,
				  .props = props };
	if (!props)
		return ERR_NOMEM;
	if (link && link->numbered)
		add(row, props, p->make->value, g->number);
	for (size_t i = 0; i < p->n_columns; i++)
		if (p->columns[i].side == &p->up)
			add(row, props, p->columns[i].to, g->values[i]);
	for (size_t i = 0;
	     (r = rules_get(&p->own.rules, RULE_GIVE, STR(""), i)); i++)
		add(row, props, r->value, g->given[i]);
	rc = lookups_put(p, &p->up, props, &row->n_props);
	for (size_t i = 0; i < row->n_props; i++)
		if (title && str_eq(props[i].name, title->value))
			row->label = props[i].value;
	return rc;
}

/* One that was registered otherwise is changed when it is called the same. */
static bool is_other(struct prelist *p, const struct group *g,
		     const struct list_row *row)
{
	struct arena *a = &p->memory;

	return g->known &&
	       !str_eq(words_fold(a, g->known_as), words_fold(a, row->label));
}

enum err group_rows(struct prelist *p, struct list_row **out, size_t *n)
{
	struct list_row *rows =
		arena_array(&p->kept, p->groups.n + 1, sizeof(*rows));
	enum err rc = rows ? ERR_NONE : ERR_NOMEM;

	*n = 0;
	*out = rows;
	vec_each (g, &p->groups) {
		if (rc)
			break;
		if (!(*g)->used)
			continue;
		rc = group_row(p, *g, &rows[*n]);
		*n += !rc && !is_other(p, *g, &rows[*n]);
		arena_reset(&p->memory);
	}
	return rc;
}

void groups_forget(struct prelist *p)
{
	map_release(&p->group_of);
	p->group_of = (struct map){ 0 };
	vec_reset(&p->groups);
}
