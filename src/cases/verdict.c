/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <string.h>

enum err verdicts_init(struct verdicts *v, size_t rows, struct arena *a)
{
	v->n = 0;
	v->at = arena_array(a, rows + 1, sizeof(*v->at));
	return v->at ? ERR_NONE : ERR_NOMEM;
}

/* From the newest on: what an author had seen is seldom old. */
static const struct past *find(const struct verdicts *v, const struct stamp *s)
{
	for (size_t i = v->n; s->seq && i--;)
		if (stamp_eq(&v->at[i].row->stamp, s))
			return &v->at[i];
	return NULL;
}

bool verdict_clash(const struct past *base, const struct state *now,
		   struct str name, struct str value)
{
	struct str since = state_prop(now, name);
	struct str then = { NULL, 0 };

	if (base)
		then = state_prop(&base->after, name);
	/* Nothing said is not the same as a blank that was saved. */
	return (!str_eq(since, then) || (since.p && !then.p)) &&
	       !str_eq(since, value);
}

static bool label_clash(const struct past *base, const struct state *now,
			struct str label)
{
	return label.n && !str_eq(now->label, label) &&
	       !(base && str_eq(now->label, base->after.label));
}

static bool changes(const struct state *s, const struct deed *d)
{
	return str_eq(d->op.dataset, s->dataset) && d->op.verb != ENTITY_CREATE;
}

static bool clashes(const struct past *base, const struct state *s,
		    const struct row *r)
{
	for (size_t i = 0; i < r->n_deeds; i++) {
		const struct deed *d = &r->deeds[i];

		if (!changes(s, d))
			continue;
		if (label_clash(base, s, d->op.label))
			return true;
		for (size_t k = 0; k < d->op.n_props; k++)
			if (verdict_clash(base, s, d->op.props[k].name,
					  d->op.props[k].value))
				return true;
	}
	return false;
}

static bool any_change(const struct state *s, const struct row *r)
{
	for (size_t i = 0; i < r->n_deeds; i++)
		if (changes(s, &r->deeds[i]))
			return true;
	return false;
}

/* A branch goes on where its device had seen its own operation. */
static bool same_branch(const struct past *base, const struct row *r)
{
	return base && memcmp(base->row->stamp.device.b, r->stamp.device.b,
			      DEVICE_BYTES) == 0;
}

static uint64_t beyond(uint64_t version, uint64_t trunk)
{
	return version - (trunk ? trunk : 1);
}

enum entity_conflict verdict_of(const struct verdicts *v, const struct state *s,
				const struct row *r, const struct past **base)
{
	*base = find(v, &r->seen);
	if (!s->exists || !any_change(s, r) || (r->seen.seq && !*base))
		return CONFLICT_NONE;
	if (!*base || (*base)->after.version != s->version)
		return clashes(*base, s, r) ? CONFLICT_HARD : CONFLICT_SOFT;
	if (same_branch(*base, r) &&
	    beyond(s->version, (*base)->trunk) > (*base)->own)
		return CONFLICT_SOFT;
	return CONFLICT_NONE;
}

bool verdict_decides(const struct state *s, const struct row *r)
{
	return r->decides && r->claimed == s->version;
}

void verdict_before(struct verdicts *v, struct state *s, const struct row *r)
{
	const struct past *base;
	enum entity_conflict now = verdict_of(v, s, r, &base);

	if (verdict_decides(s, r))
		s->conflict = CONFLICT_NONE;
	else if (now > s->conflict)
		s->conflict = now;
}

void verdict_after(struct verdicts *v, struct state *s, const struct row *r)
{
	const struct past *base = find(v, &r->seen);
	uint64_t before = v->n ? v->at[v->n - 1].after.version : 0;
	struct past *p = &v->at[v->n];

	if (s->version == before)
		return; /* it did nothing: nobody can have seen it */
	*p = (struct past){ .row = r, .after = *s, .branch = v->n };
	if (same_branch(base, r)) {
		p->branch = base->branch;
		p->trunk = base->trunk;
		p->own = base->own + s->version - before;
	} else {
		p->trunk = base ? base->after.version : before;
		p->own = before ? s->version - before : s->version - 1;
	}
	v->n++;
}

/* ---- decisions */

/* The answers "a=b" that such an event begins with stand in its XML. */
static bool says(struct str xml, struct str words)
{
	struct buf b = BUF_INIT(4096);
	struct str word;
	bool all = true;

	while (all && str_word(&words, &word)) {
		size_t eq = str_find(word, STR("="), 0);

		buf_reset(&b);
		if (eq == SIZE_MAX)
			continue;
		buf_addf(&b, "<%.*s>%.*s</%.*s>", STR_ARG(str_sub(word, 0, eq)),
			 STR_ARG(str_sub(word, eq + 1, word.n)),
			 STR_ARG(str_sub(word, 0, eq)));
		all = str_find(xml, buf_str(&b), 0) != SIZE_MAX;
	}
	buf_release(&b);
	return all;
}

bool decides(struct cases *c, struct str dataset, const struct envelope *e)
{
	const struct dataset *d = datasets_find(cases_datasets(c), dataset);
	const struct dataset_row *r;

	if (!d)
		return false;
	for (size_t i = 0; (r = dataset_action(d, "conflict", i)) != NULL;
	     i++) {
		struct str words = r->name, form;

		if (str_word(&words, &form) && str_eq(form, e->form) &&
		    says(e->xml, words))
			return true;
	}
	return false;
}

/* ---- the index */
static void conflict_key(struct key *k, const struct state *s)
{
	key_index(k, INDEX_CONFLICT);
	key_name(k, s->dataset);
	key_id(k, &s->id);
}

enum err conflict_update(struct project *p, const struct state *old,
			 const struct state *now)
{
	char value = (char)('0' + (int)now->conflict);
	struct key k;
	enum err rc;

	if (!now->conflict && !old->conflict)
		return ERR_NONE;
	conflict_key(&k, now);
	if (now->conflict)
		return txn_put(p->t, TABLE_INDEX, key_str(&k),
			       str_of(&value, 1));
	rc = txn_del(p->t, TABLE_INDEX, key_str(&k));
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
