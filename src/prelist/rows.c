/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "prelist.h"

/* An entity that is none, to ask who else has a number. */
#define NOBODY "00000000-0000-4000-8000-000000000000"

/* ---- which entity */

/* One that has this number already, however it came here. */
static enum err who_has(struct prelist *p, const struct dataset *d,
			struct str property, struct str number,
			struct entity *e)
{
	const struct entity_prop prop = { property, number };
	const struct entity like = { .dataset = d->name,
				     .id = STR(NOBODY),
				     .props = &prop,
				     .n_props = 1 };
	struct str *ids = NULL;
	size_t n = 0;
	enum err rc =
		cases_same(p->cases, &like, property, &p->memory, &ids, &n);

	if (rc || !n)
		return rc ? rc : ERR_NOTFOUND;
	rc = cases_entity(p->cases, d->name, ids[0], &p->memory, e);
	return rc ? rc : cases_survivor(p->cases, e, &p->memory);
}

static enum err made_id(struct prelist *p, const struct dataset *d,
			struct str number, struct str *id)
{
	char text[UUID_LEN + 1];
	enum err rc = cases_import_id(p->cases, d->name, number, text);

	if (!rc)
		*id = arena_dup(&p->memory, str_from(text));
	return !rc && !id->p ? ERR_NOMEM : rc;
}

enum err rows_id(struct prelist *p, const struct dataset *d, struct str number,
		 struct str *id)
{
	const struct dataset_row *r;
	struct entity e;
	enum err rc = made_id(p, d, number, id);

	if (rc || !cases_entity(p->cases, d->name, *id, &p->memory, &e))
		return rc;
	for (size_t i = 0; (r = dataset_row(d, DATASET_UNIQUE, i)); i++) {
		rc = who_has(p, d, r->name, number, &e);
		if (!rc)
			*id = e.id;
		if (rc != ERR_NOTFOUND)
			return rc;
	}
	return ERR_NONE;
}

/* Everything the row says, for one that has no number. */
static enum err whole_id(struct taking *t, struct str *id)
{
	struct buf b = BUF_INIT((size_t)1 << 17);
	enum err rc;

	buf_text(&b, STR("row"));
	for (size_t i = 0; i < t->row.n_props; i++) {
		buf_text(&b, t->props[i].name);
		buf_text(&b, t->props[i].value);
	}
	buf_text(&b, t->row.label);
	rc = b.failed;
	if (!rc)
		rc = made_id(t->p, t->p->own.dataset, buf_str(&b), id);
	buf_release(&b);
	return rc;
}

static bool same_name(struct taking *t, const struct entity *e)
{
	struct arena *a = &t->p->memory;

	return str_eq(words_fold(a, cases_title(t->p->cases, e)),
		      words_fold(a, t->row.label));
}

/* Registered otherwise, with a number that stands only once and that name. */
static enum err known_id(struct taking *t, struct str *id, size_t *clash)
{
	struct prelist *p = t->p;
	struct entity e;

	for (size_t i = 0; i < t->row.n_props; i++) {
		const struct column *c = &p->columns[t->from[i]];
		enum err rc;

		if (!c->unique)
			continue;
		rc = who_has(p, p->own.dataset, c->to, t->props[i].value, &e);
		if (!rc && same_name(t, &e))
			*id = e.id;
		else if (!rc && t->from[i] == p->key)
			*clash = p->key;
		if (rc != ERR_NOTFOUND)
			return rc;
	}
	return ERR_NONE;
}

/* `clash`: the column whose number somebody else has. */
static enum err row_id(struct taking *t, struct str *id, size_t *clash)
{
	struct prelist *p = t->p;
	struct entity e;
	enum err rc = t->key.n ? made_id(p, p->own.dataset, t->key, id)
			       : whole_id(t, id);

	if (rc ||
	    !cases_entity(p->cases, p->own.dataset->name, *id, &p->memory, &e))
		return rc;
	return known_id(t, id, clash);
}

/* ---- values that stand in several columns */
static size_t parts_of(const struct column *c)
{
	size_t n = 0;

	while (rules_get(&c->side->rules, RULE_PART, c->to, n))
		n++;
	return n;
}

static const struct column *part_at(const struct prelist *p,
				    const struct column *of, size_t part)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];

		if (c->side == of->side && c->part == part &&
		    str_eq(c->to, of->to))
			return c;
	}
	return NULL;
}

bool parts_lead(const struct prelist *p, const struct column *c)
{
	for (size_t k = 0; c->part != WHOLE && k < c->part; k++)
		if (part_at(p, c, k))
			return false;
	return true;
}

struct str parts_join(struct taking *t, const struct column *c)
{
	struct prelist *p = t->p;
	const struct rule *join =
		rules_get(&c->side->rules, RULE_JOIN, c->to, 0);
	struct str between = join ? join->value : STR(" ");
	struct str out = t->values[c - p->columns];
	size_t n = c->part == WHOLE ? 0 : parts_of(c);

	for (size_t k = c->part + 1; k < n; k++) {
		const struct column *part = part_at(p, c, k);
		struct str more = part ? t->values[part - p->columns] : STR("");

		if (more.n)
			out = arena_printf(&p->memory, "%.*s%.*s%.*s",
					   STR_ARG(out), STR_ARG(between),
					   STR_ARG(more));
	}
	return out;
}

/* ---- one row */
static const char *take_cell(struct taking *t, size_t i)
{
	struct prelist *p = t->p;
	const struct column *c = &p->columns[i];
	struct str value = str_trim(p->csv.cells.at[i]);
	bool goes = c->to.n && c->side == &p->own, key = i == p->key;
	const char *bad = NULL;

	if (c->makes)
		value = t->group ? t->group->id : STR("");
	else if (goes || key)
		bad = value_take(p, c, &value);
	if (bad)
		return bad;
	if (i == p->label && !value.n)
		return N_("kosong");
	if (key && p->key_own && !value.n)
		return N_("kosong");
	if (key)
		t->key = value;
	if (i == p->label)
		t->row.label = value;
	t->values[i] = value;
	return NULL;
}

static void put_props(struct taking *t)
{
	struct prelist *p = t->p;

	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];
		struct str value;

		if (!c->to.n || c->side != &p->own || str_is(c->to, LABEL) ||
		    !parts_lead(p, c))
			continue;
		value = parts_join(t, c);
		if (!value.n)
			continue;
		t->from[t->row.n_props] = i;
		t->props[t->row.n_props++] =
			(struct entity_prop){ c->to, value };
	}
}

static void refuse(struct prelist *p, size_t at, struct str column,
		   const char *why)
{
	struct prelist_refusal *r = vec_push(&p->refusals);
	size_t *place = vec_push(&p->places);

	if (!r || !place)
		return;
	*r = (struct prelist_refusal){ p->csv.row, column, why };
	*place = at;
}

static bool same_row(const struct list_row *a, const struct list_row *b)
{
	if (a->n_props != b->n_props || !str_eq(a->label, b->label))
		return false;
	for (size_t i = 0; i < a->n_props; i++)
		if (!str_eq(a->props[i].name, b->props[i].name) ||
		    !str_eq(a->props[i].value, b->props[i].value))
			return false;
	return true;
}

struct str rows_kept(struct prelist *p, struct str s)
{
	struct str all = buf_str(&p->source.text);

	return s.p >= all.p && s.p < all.p + all.n ? s : arena_dup(&p->kept, s);
}

static enum err keep(struct taking *t)
{
	struct prelist *p = t->p;
	struct list_row *slot = vec_push(&p->rows), *r = &t->row;

	if (!slot)
		return ERR_NOMEM;
	r->id = arena_dup(&p->kept, r->id);
	r->label = rows_kept(p, r->label);
	for (size_t i = 0; i < r->n_props; i++)
		t->props[i].value = rows_kept(p, t->props[i].value);
	r->props =
		arena_copy(&p->kept, t->props, r->n_props, sizeof(*t->props));
	*slot = *r;
	if (t->group)
		t->group->used = true;
	if (!r->id.p || !r->props)
		return ERR_NOMEM;
	/* A number, not an address: rows move. */
	return map_put(&p->ids, r->id, (char *)p + p->rows.n);
}

static const char *met_before(struct taking *t)
{
	struct prelist *p = t->p;
	const char *met = map_get(&p->ids, t->row.id);

	if (!met)
		return NULL;
	if (!same_row(&p->rows.at[met - (char *)p - 1], &t->row))
		return N_("sama dengan baris sebelumnya");
	p->twice++;
	return "";
}

static enum err settle(struct taking *t, size_t at)
{
	struct prelist *p = t->p;
	size_t clash = SIZE_MAX, said = t->row.n_props;
	enum err rc = row_id(t, &t->row.id, &clash);
	struct str key =
		p->key == SIZE_MAX ? STR("") : p->columns[p->key].shown.head;
	const char *bad = NULL;

	if (!rc)
		rc = lookups_put(p, &p->own, t->props, &t->row.n_props);
	for (size_t i = said; i < t->row.n_props; i++)
		t->from[i] = 0;
	if (rc == ERR_TOOBIG)
		bad = N_("terlalu panjang");
	else if (rc)
		return rc;
	else if (clash != SIZE_MAX)
		bad = N_("nomor itu sudah dipakai data lain yang namanya "
			 "lain");
	else
		bad = met_before(t);
	if (!bad)
		return keep(t);
	if (*bad)
		refuse(p, at, key, bad);
	return ERR_NONE;
}

static enum err take_row(struct prelist *p, struct taking t, size_t at,
			 bool odd)
{
	const struct column *c = NULL;
	const char *bad;
	enum err rc = ERR_NONE;

	t.row.number = p->csv.row;
	t.row.props = t.props;
	p->seen++;
	if (odd) {
		refuse(p, at, STR(""),
		       N_("banyaknya kolom lain dari judulnya"));
		return ERR_NONE;
	}
	bad = group_take(&t, &c, &rc);
	for (size_t i = 0; i < p->n_columns && !bad && !rc; i++) {
		c = &p->columns[i];
		bad = take_cell(&t, i);
	}
	if (bad)
		refuse(p, at, c->shown.head, bad);
	if (bad || rc)
		return rc;
	put_props(&t);
	return settle(&t, at);
}

/* ---- all of them */
static enum err unreadable(struct prelist *p, struct report *rep)
{
	return prelist_say(p, rep,
			   arena_printf(&p->arena, _("baris %zu"), p->csv.line),
			   p->csv.problem);
}

static enum err read_rows(struct prelist *p, struct taking t,
			  struct report *rep)
{
	enum err rc = body_begin(p);
	bool odd = false;

	while (!rc) {
		size_t at = p->csv.at;

		rc = body_row(p, &odd);
		if (rc == ERR_NOTFOUND)
			return ERR_NONE;
		if (rc == ERR_SYNTAX || rc == ERR_TOOBIG)
			return unreadable(p, rep);
		if (!rc)
			rc = take_row(p, t, at, odd);
		arena_reset(&p->memory);
	}
	return rc;
}

/* What an entity without a label of its own is called by. */
static size_t label_column(const struct prelist *p)
{
	const struct dataset_row *r =
		dataset_row(p->own.dataset, DATASET_TITLE, 0);
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < p->n_columns; i++) {
		struct str to = p->columns[i].to;

		if (p->columns[i].side != &p->own)
			continue;
		if (str_is(to, LABEL))
			return i;
		if (r && to.n && str_eq(to, r->value))
			found = i;
	}
	return found;
}

static void forget(struct prelist *p)
{
	vec_reset(&p->rows);
	vec_reset(&p->refusals);
	vec_reset(&p->places);
	map_release(&p->ids);
	p->ids = (struct map){ 0 };
	groups_forget(p);
	lookups_begin(p);
	p->twice = p->seen = 0;
	arena_release(&p->kept);
}

enum err rows_take(struct prelist *p, struct report *rep)
{
	struct taking t = { .p = p };
	size_t most;
	enum err rc;

	forget(p);
	p->label = label_column(p);
	if (p->label == SIZE_MAX)
		return prelist_say(p, rep, STR(""),
				   N_("tidak ada kolom untuk nama; isi --map "
				      "KOLOM=label"));
	most = p->n_columns + p->own.rules.all.n + 1;
	t.props = arena_array(&p->arena, most, sizeof(*t.props));
	t.from = arena_array(&p->arena, most, sizeof(*t.from));
	t.values = arena_array(&p->arena, p->n_columns + 1, sizeof(*t.values));
	rc = t.props && t.from && t.values ? value_measure(p) : ERR_NOMEM;
	return rc ? rc : read_rows(p, t, rep);
}
