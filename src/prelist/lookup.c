/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/lists.h"

#include "prelist.h"

/*
 * A name in the list of an office becomes the code that a list here has for
 * it: "DURIAN PAYUNG" in "Tanjung Karang Pusat". Names are compared by letters
 * and digits; of several of one name it is the one whose parent is named, else
 * the one nearest to where the worker is at home.
 */
#define CODE_NEAR 5 /* letters of a code that are the same: one regency */

/* "wilayah|desa_nama|parent:kec_nama|level=4" */
struct asked {
	struct str list, of, parent, parent_of, column, is;
};

struct place {
	uint64_t hash;
	uint32_t row;
};

/* A list made ready for names. */
struct lookup {
	const struct rule *rule;
	struct asked asked;
	struct list *list;
	size_t name, label, parent, column;
	struct place *places; /* by hash */
	size_t n;
	uint64_t seed;
	struct map known; /* folded names to struct found */
	size_t lost;      /* names that it does not have, or several of */
};

struct found {
	struct str code, label;
};

static void read_asked(struct str value, struct asked *out)
{
	struct str word, left;

	*out = (struct asked){ .list = STR("") };
	str_split(&value, '|', &out->list);
	str_split(&value, '|', &out->of);
	while (str_split(&value, '|', &word)) {
		size_t colon = str_find(word, STR(":"), 0);

		if (colon != SIZE_MAX) {
			out->parent = str_sub(word, 0, colon);
			out->parent_of = str_sub(word, colon + 1, word.n);
		} else if (str_split(&word, '=', &left)) {
			out->column = left;
			out->is = word;
		}
	}
}

static int by_hash(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static struct str cell(const struct lookup *l, uint32_t row, size_t column)
{
	return column == SIZE_MAX ? STR("")
				  : l->list->ops->cell(l->list, row, column);
}

static enum err index_labels(struct prelist *p, struct lookup *l)
{
	struct arena a = { 0 }, fold = { 0 };
	const uint32_t *rows = NULL;
	size_t n = 0;
	enum err rc = l->list->ops->all(l->list, &a, &rows, &n);

	if (!rc)
		l->places = arena_array(&p->arena, n + 1, sizeof(*l->places));
	if (!rc && !l->places)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < n; i++) {
		struct str label = cell(l, rows[i], l->label);

		if (l->asked.column.n &&
		    !str_eq(cell(l, rows[i], l->column), l->asked.is))
			continue;
		arena_reset(&fold);
		label = words_fold(&fold, label);
		l->places[l->n++] =
			(struct place){ map_hash(label, l->seed), rows[i] };
	}
	if (l->places && l->n)
		qsort(l->places, l->n, sizeof(*l->places), by_hash);
	arena_release(&fold);
	arena_release(&a);
	return rc;
}

static enum err open_list(struct prelist *p, struct lookup *l)
{
	struct lists *lists = cases_lists(p->cases);
	struct report unheard = { 0 };
	struct str src = arena_printf(&p->arena, "jr://file-csv/%.*s.csv",
				      STR_ARG(l->asked.list));
	enum err rc =
		lists->open(lists, l->asked.list, src, &l->list, &unheard);

	report_release(&unheard);
	if (rc) {
		l->list = NULL;
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	}
	l->name = list_column(l->list, STR("name"));
	l->label = list_column(l->list, STR(LABEL));
	l->parent = list_column(l->list, l->asked.parent);
	l->column = list_column(l->list, l->asked.column);
	l->seed = map_seed();
	return index_labels(p, l);
}

static enum err lookup_of(struct prelist *p, const struct rule *r,
			  struct lookup **out)
{
	struct lookup **slot;
	enum err rc;

	vec_each (l, &p->lookups)
		if ((*l)->rule == r) {
			*out = *l;
			return ERR_NONE;
		}
	*out = arena_alloc(&p->arena, sizeof(**out));
	slot = vec_push(&p->lookups);
	if (!*out || !slot)
		return ERR_NOMEM;
	**out = (struct lookup){ .rule = r };
	*slot = *out;
	read_asked(r->value, &(*out)->asked);
	rc = open_list(p, *out);
	return rc;
}

/* ---- which of those of one name */
static size_t same_start(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

static bool parent_is(struct prelist *p, const struct lookup *l, uint32_t row,
		      struct str wanted)
{
	struct arena *a = &p->memory;
	const uint32_t *rows = NULL;
	size_t n = 0;

	if (l->list->ops->find(l->list, l->name, cell(l, row, l->parent), a,
			       &rows, &n) ||
	    !n)
		return false;
	return str_eq(words_fold(a, cell(l, rows[0], l->label)), wanted);
}

struct best {
	uint32_t row;
	size_t near, twins;
	bool named;
};

/* Of one whose parent is named before the nearest; `twins`: as good ones. */
static void weigh(struct best *b, uint32_t row, bool named, size_t near)
{
	if (b->twins && (b->named != named ? b->named : b->near > near))
		return;
	if (b->twins && b->named == named && b->near == near) {
		b->twins++;
		return;
	}
	*b = (struct best){ row, near, 1, named };
}

static void find_best(struct prelist *p, const struct lookup *l,
		      struct str label, struct str parent, struct best *b)
{
	struct str home = cases_worker(p->cases)->village;
	uint64_t hash = map_hash(label, l->seed);
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->places[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < l->n && l->places[lo].hash == hash; lo++) {
		uint32_t row = l->places[lo].row;

		if (!str_eq(words_fold(&p->memory, cell(l, row, l->label)),
			    label))
			continue;
		weigh(b, row, parent.n && parent_is(p, l, row, parent),
		      same_start(cell(l, row, l->name), home));
	}
}

static enum err find(struct prelist *p, struct lookup *l, struct str label,
		     struct str parent, const struct found **out)
{
	struct arena *a = &p->arena;
	struct str key;
	struct best b = { .twins = 0 };
	struct found *made;

	label = words_fold(&p->memory, label);
	parent = words_fold(&p->memory, parent);
	key = arena_printf(&p->memory, "%.*s|%.*s", STR_ARG(label),
			   STR_ARG(parent));
	*out = map_get(&l->known, key);
	if (*out)
		return ERR_NONE;
	if (label.n)
		find_best(p, l, label, parent, &b);
	made = arena_alloc(a, sizeof(*made));
	key = arena_dup(a, key);
	if (!made || !key.p)
		return ERR_NOMEM;
	*made = (struct found){ STR(""), STR("") };
	if (b.twins == 1 && (b.named || b.near >= CODE_NEAR)) {
		made->code = arena_dup(a, cell(l, b.row, l->name));
		made->label = arena_dup(a, cell(l, b.row, l->label));
	}
	*out = made;
	return map_put(&l->known, key, made);
}

/* ---- in a row */
static struct entity_prop *prop_of(struct entity_prop *props, size_t n,
				   struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(props[i].name, name))
			return &props[i];
	return NULL;
}

static enum err look_up(struct prelist *p, const struct rule *r,
			struct entity_prop *props, size_t *n)
{
	struct lookup *l = NULL;
	struct entity_prop *of, *parent;
	const struct found *found = NULL;
	enum err rc = lookup_of(p, r, &l);

	if (rc || !l->list || prop_of(props, *n, r->property))
		return rc;
	of = prop_of(props, *n, l->asked.of);
	parent = prop_of(props, *n, l->asked.parent_of);
	if (!of)
		return ERR_NONE;
	rc = find(p, l, of->value, parent ? parent->value : STR(""), &found);
	l->lost += !rc && !found->code.n;
	if (rc || !found->code.n)
		return rc;
	of->value = found->label;
	props[(*n)++] = (struct entity_prop){ r->property, found->code };
	return ERR_NONE;
}

enum err lookups_put(struct prelist *p, const struct side *side,
		     struct entity_prop *props, size_t *n)
{
	const struct rule *r;
	enum err rc = ERR_NONE;

	for (size_t i = 0;
	     !rc && (r = rules_get(&side->rules, RULE_LOOKUP, STR(""), i)); i++)
		rc = look_up(p, r, props, n);
	return rc;
}

void lookups_begin(struct prelist *p)
{
	vec_each (l, &p->lookups)
		(*l)->lost = 0;
}

size_t lookups_lost(const struct prelist *p, struct str *of)
{
	size_t n = 0;

	vec_each (l, &p->lookups) {
		if (!n)
			*of = (*l)->asked.of;
		n += (*l)->lost;
	}
	return n;
}

void lookups_end(struct prelist *p)
{
	vec_each (l, &p->lookups) {
		map_release(&(*l)->known);
		if ((*l)->list)
			(*l)->list->ops->release((*l)->list);
	}
	vec_release(&p->lookups);
}
