/* SPDX-License-Identifier: MIT */
#include "prelist.h"

/* ---- properties and what they are called */
static bool property_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') ||
					    c == '-' || c == '.')))
			return false;
	}
	return s.n > 0 && s.n <= 64 && !str_starts(s, STR("__")) &&
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

bool property_known(const struct prelist *p, struct str property)
{
	const struct dataset_row *r;

	if (str_is(property, LABEL))
		return true;
	if (!property_name(property))
		return false;
	for (size_t i = 0; i < p->dataset->n; i++)
		if (str_eq(plain(&p->dataset->rows[i]), property))
			return true;
	for (size_t i = 0; (r = dataset_row(p->dataset, DATASET_PARENT, i));
	     i++)
		if (str_eq(r->value, property))
			return true;
	return cases_saves(p->cases, p->dataset->name, property);
}

/* ---- words */
static enum err add_word(struct prelist *p, struct str text, struct str to)
{
	struct word *w = vec_push(&p->words);

	if (!w)
		return ERR_NOMEM;
	w->folded = words_fold(&p->arena, text);
	w->property = to;
	return w->folded.p ? ERR_NONE : ERR_NOMEM;
}

/* Of a rule that names no property here nothing is proposed. */
static void drop_unknown(struct prelist *p)
{
	struct str last = { NULL, 0 };
	bool known = false;

	vec_each (r, &p->rules.all) {
		if (r->kind != RULE_HEAD)
			continue;
		if (!str_eq(last, r->property))
			known = property_known(p, r->property);
		last = r->property;
		if (!known)
			r->value = STR("");
	}
}

enum err words_begin(struct prelist *p)
{
	const struct dataset *d = p->dataset;
	enum err rc = ERR_NONE;

	drop_unknown(p);
	for (size_t i = 0; i < d->n && !rc; i++) {
		struct str to = plain(&d->rows[i]);

		if (!to.n)
			continue;
		rc = add_word(p, to, to);
		if (!rc)
			rc = add_word(p, d->rows[i].label_id, to);
		if (!rc)
			rc = add_word(p, d->rows[i].label_en, to);
	}
	return rc;
}

struct str words_to(struct prelist *p, struct str head, struct str folded)
{
	if (!folded.n)
		return folded;
	if (str_is(folded, LABEL))
		return STR(LABEL);
	vec_each (r, &p->rules.all)
		if (r->kind == RULE_HEAD && words_have(r->value, folded))
			return r->property;
	vec_each (w, &p->words)
		if (str_eq(w->folded, folded))
			return w->property;
	return property_known(p, head) ? head : (struct str){ NULL, 0 };
}

bool words_key(const struct prelist *p, struct str folded)
{
	const struct rule *rule;

	for (size_t i = 0; (rule = rules_get(&p->rules, RULE_KEY, STR(""), i));
	     i++)
		if (words_have(rule->value, folded))
			return true;
	return false;
}
