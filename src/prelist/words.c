/* SPDX-License-Identifier: MIT */
#include "prelist.h"

/* ---- properties and what they are called */
static bool property_name(struct str s)
{
	return s.n <= 64 && str_is_name(s, "-.") && !str_starts(s, STR("__")) &&
	       !str_is(s, "name");
}

/* The property that a row of datasets.csv shows as it is. */
static struct str plain(const struct dataset_row *r)
{
	struct str s = r->kind == DATASET_UNIQUE ? r->name : r->value;

	return r->kind <= DATASET_UNIQUE && property_name(s)
		       ? s
		       : (struct str){ NULL, 0 };
}

static bool known_there(const struct prelist *p, const struct side *side,
			struct str property)
{
	const struct dataset *d = side->dataset;
	const struct dataset_row *r;

	if (str_is(property, LABEL))
		return true;
	if (!property_name(property))
		return false;
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(plain(&d->rows[i]), property))
			return true;
	for (size_t i = 0; (r = dataset_row(d, DATASET_PARENT, i)); i++)
		if (str_eq(r->value, property))
			return true;
	return cases_saves(p->cases, d->name, property);
}

struct side *side_of(struct prelist *p, struct str *property)
{
	size_t slash = str_find(*property, STR("/"), 0);

	if (slash == SIZE_MAX)
		return &p->own;
	if (!p->make ||
	    !str_eq(str_sub(*property, 0, slash), p->make->property))
		return NULL;
	*property = str_sub(*property, slash + 1, property->n);
	return &p->up;
}

bool property_known(struct prelist *p, struct str property)
{
	const struct side *side = side_of(p, &property);

	return side && known_there(p, side, property);
}

/* ---- words */
static enum err add_word(struct prelist *p, struct side *side, struct str text,
			 struct str to)
{
	struct word *w = vec_push(&side->words);

	if (!w)
		return ERR_NOMEM;
	w->folded = words_fold(&p->arena, text);
	w->property = to;
	return w->folded.p ? ERR_NONE : ERR_NOMEM;
}

/* Of a rule that names no property here nothing is proposed. */
static void drop_unknown(struct prelist *p, struct side *side)
{
	struct str last = { NULL, 0 };
	bool known = false;

	vec_each (r, &side->rules.all) {
		if (r->kind != RULE_HEAD && r->kind != RULE_PART)
			continue;
		if (!str_eq(last, r->property))
			known = known_there(p, side, r->property);
		last = r->property;
		if (!known)
			r->value = STR("");
	}
}

enum err words_begin(struct prelist *p, struct side *side)
{
	const struct dataset *d = side->dataset;
	enum err rc = ERR_NONE;

	drop_unknown(p, side);
	for (size_t i = 0; i < d->n && !rc; i++) {
		struct str to = plain(&d->rows[i]);

		if (!to.n)
			continue;
		rc = add_word(p, side, to, to);
		if (!rc)
			rc = add_word(p, side, d->rows[i].label_id, to);
		if (!rc)
			rc = add_word(p, side, d->rows[i].label_en, to);
	}
	return rc;
}

struct str words_to(const struct prelist *p, const struct side *side,
		    struct str head, struct str folded)
{
	if (!folded.n)
		return folded;
	if (str_is(folded, LABEL))
		return STR(LABEL);
	vec_each (r, &side->rules.all)
		if ((r->kind == RULE_HEAD || r->kind == RULE_PART) &&
		    words_have(r->value, folded))
			return r->property;
	vec_each (w, &side->words)
		if (str_eq(w->folded, folded))
			return w->property;
	return known_there(p, side, head) ? head : (struct str){ NULL, 0 };
}

static bool has_rule(const struct rules *rules, enum rule_kind kind,
		     struct str folded)
{
	vec_each (r, &rules->all)
		if (r->kind == kind && words_have(r->value, folded))
			return true;
	return false;
}

bool words_key(const struct prelist *p, struct str folded)
{
	return has_rule(&p->own.rules, RULE_KEY, folded);
}

bool words_skip(const struct prelist *p, struct str folded)
{
	return has_rule(&p->own.rules, RULE_SKIP, folded);
}

size_t words_part(const struct side *side, struct str property,
		  struct str folded)
{
	const struct rule *r;

	for (size_t i = 0;
	     (r = rules_get(&side->rules, RULE_PART, property, i)); i++)
		if (words_have(r->value, folded))
			return i;
	return WHOLE;
}
