/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "recap.h"

#include "pilar/formula.h"
#include "pilar/i18n.h"
#include "pilar/tree.h"
#include "pilar/when.h"

#define EVENTS      STR("events")
#define EVENTS_OF   STR("events:")
#define FIXED_MAX   12 /* names beside the properties or answers */
#define ANSWERS_MAX 5000
#define DAY_MS      INT64_C(86400000)

struct walk {
	const struct recap_ask *ask;
	const struct source *source;
	struct formula_env env;
	struct record record;
	enum err (*each)(void *arg, struct record *r);
	void *arg;
	bool answers; /* of an event, not only its envelope */
};

/* ---- sources */
bool recap_source(const struct recap *r, size_t i, struct source *out)
{
	size_t at = 0;

	for (; at < r->n; at++)
		if (r->lines[at].kind == LINE_SOURCE && i-- == 0)
			break;
	*out = (struct source){ r->lines + at, 0 };
	if (at == r->n)
		return false;
	do
		out->n++;
	while (at + out->n < r->n && out->lines[out->n].kind != LINE_SOURCE);
	return true;
}

const struct line *source_line(const struct source *s, enum line_kind kind)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->lines[i].kind == kind)
			return &s->lines[i];
	return NULL;
}

/* ---- one record */
struct str record_text(struct record *r, const struct line *l)
{
	struct str out = STR("");

	if (!l || !l->formula ||
	    formula_row_text(r->row, l->formula, &r->arena, &out))
		return STR("");
	return out;
}

bool record_true(struct record *r, const struct line *l)
{
	struct str text = record_text(r, l);

	return text.n && !str_is(text, "false") && !str_is(text, "0");
}

enum err record_of(struct record *r, const struct entity_prop *props, size_t n,
		   const struct formula_env *env)
{
	formula_row_free(r->row);
	r->row = NULL;
	return formula_row_new(&r->row, env, props, n);
}

enum err record_row(struct record *r, struct str word)
{
	r->props[PROP_ROW].value = word;
	return record_of(r, r->props, r->n, r->env);
}

void record_asked(const struct recap_ask *ask, struct entity_prop *p)
{
	p[PROP_FROM] = (struct entity_prop){ STR("from"), ask->from };
	p[PROP_TO] = (struct entity_prop){ STR("to"), ask->to };
	p[PROP_ROW] = (struct entity_prop){ STR("row"), STR("") };
	p[PROP_ABOUT] =
		(struct entity_prop){ STR("about"),
				      ask->about ? ask->about->id : STR("") };
}

void record_end(struct record *r)
{
	formula_row_free(r->row);
	arena_release(&r->arena);
	*r = (struct record){ 0 };
}

/* Dates of a period are compared as text: years have four digits. */
static bool in_period(const struct recap_ask *ask, struct str day)
{
	day = str_sub(day, 0, sizeof("YYYY-MM-DD") - 1);
	if (!ask->from.n && !ask->to.n)
		return true;
	return day.n && str_cmp(day, ask->from) >= 0 &&
	       (!ask->to.n || str_cmp(day, ask->to) <= 0);
}

static enum err meet(struct walk *w, struct entity_prop *props, size_t n)
{
	const struct line *filter = source_line(w->source, LINE_FILTER);
	const struct line *when = source_line(w->source, LINE_WHEN);
	struct record *r = &w->record;
	enum err rc = record_of(r, props, n, &w->env);

	if (rc)
		return rc;
	r->props = props;
	r->n = n;
	r->env = &w->env;
	if (filter && !record_true(r, filter))
		return ERR_NONE;
	if (when && !in_period(w->ask, record_text(r, when)))
		return ERR_NONE;
	return w->each(w->arg, r);
}

/* ---- entities */
enum err recap_props(const struct recap_ask *ask, const struct entity *e,
		     struct arena *a, struct entity_prop **props, size_t *n)
{
	struct entity_prop *p =
		arena_array(a, e->n_props + FIXED_MAX, sizeof(*p));

	if (!p)
		return ERR_NOMEM;
	*props = p;
	record_asked(ask, p);
	p += PROPS_ASKED;
	*p++ = (struct entity_prop){ STR("name"), e->id };
	*p++ = (struct entity_prop){ STR("label"), e->label };
	if (e->n_props)
		memcpy(p, e->props, e->n_props * sizeof(*p));
	*n = (size_t)(p - *props) + e->n_props;
	return ERR_NONE;
}

static enum err each_entity(void *arg, const struct entity *e)
{
	struct walk *w = arg;
	struct entity_prop *props = NULL;
	size_t n = 0;
	enum err rc;

	arena_reset(&w->record.arena);
	rc = recap_props(w->ask, e, &w->record.arena, &props, &n);
	return rc ? rc : meet(w, props, n);
}

/* ---- submissions */
static const struct node *next_node(const struct node *n,
				    const struct node *top)
{
	if (n->first)
		return n->first;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

/* Answers by the name of their node; of several the first one counts. */
static enum err add_answers(const struct node *top, struct arena *a,
			    struct entity_prop *props, size_t *n, size_t max)
{
	struct map seen = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < *n && !rc; i++)
		rc = map_put(&seen, props[i].name, props);
	for (const struct node *k = next_node(top, top); k && !rc && *n < max;
	     k = next_node(k, top)) {
		struct str value;

		if (k->kind != NODE_ELEMENT ||
		    (k->first && k->first->kind == NODE_ELEMENT) ||
		    map_get(&seen, k->name->local))
			continue;
		value = node_value(k, a);
		rc = map_put(&seen, k->name->local, props);
		props[(*n)++] = (struct entity_prop){ k->name->local, value };
	}
	map_release(&seen);
	return rc;
}

static struct str day_of(const struct event *e, char out[WHEN_MAX])
{
	struct when w = { .has_date = true };
	int64_t local = e->at + (int64_t)e->offset_min * 60000;

	when_from_days(local / DAY_MS, &w.year, &w.month, &w.day);
	return when_date_text(&w, out);
}

static enum err each_event(void *arg, const struct event *e)
{
	struct walk *w = arg;
	struct arena *a = &w->record.arena;
	struct report none = { 0 };
	struct tree *t = NULL;
	struct entity_prop *p;
	char day[WHEN_MAX];
	size_t n = PROPS_ASKED;
	enum err rc = ERR_NONE;

	arena_reset(a);
	p = arena_array(a, FIXED_MAX + ANSWERS_MAX, sizeof(*p));
	if (!p)
		return ERR_NOMEM;
	record_asked(w->ask, p);
	p[n++] = (struct entity_prop){ STR("name"), e->instance_id };
	p[n++] = (struct entity_prop){ STR("label"), e->name };
	p[n++] = (struct entity_prop){ STR("worker"), e->worker };
	p[n++] = (struct entity_prop){ STR("form"), e->form_id };
	p[n++] = (struct entity_prop){ STR("title"), e->title };
	p[n++] = (struct entity_prop){ STR("date"), day_of(e, day) };
	p[n++] = (struct entity_prop){ STR("exported"),
				       e->exported ? STR("1") : STR("0") };
	if (w->answers)
		rc = tree_parse(&t, e->xml, "submission.xml", &none);
	if (!rc && t)
		rc = add_answers(t->element, a, p, &n, ANSWERS_MAX);
	if (!rc)
		rc = meet(w, p, n);
	tree_free(t);
	report_release(&none);
	return rc == ERR_SYNTAX ? ERR_NONE : rc;
}

/* today() is the last day of the period. */
static void today_of(const struct recap_ask *ask, struct sys_fixed *clock,
		     struct formula_env *env)
{
	struct when noon = { .hour = 12, .has_time = true };
	struct when day;

	if (!when_parse(ask->to, &day) || !day.has_date)
		return;
	noon.year = day.year;
	noon.month = day.month;
	noon.day = day.day;
	noon.has_date = true;
	sys_fixed_init(clock, when_utc(env->sys, &noon), SYS_ZONE_ENV, 0);
	env->sys = &clock->sys;
}

enum err recap_walk(const struct recap_ask *ask, const struct source *s,
		    enum err (*each)(void *arg, struct record *r), void *arg)
{
	struct str of = s->lines[0].name;
	struct walk w = { .ask = ask, .source = s, .each = each, .arg = arg };
	struct sys_fixed clock;
	enum err rc;

	w.record.ask = ask;
	w.env = (struct formula_env){ .sys = cases_sys(ask->cases),
				      .lists = cases_lists(ask->cases),
				      .lang = str_from(i18n_lang()),
				      .cache = formula_cache_new() };
	today_of(ask, &clock, &w.env);
	w.answers = str_starts(of, EVENTS_OF);
	if (!w.env.cache)
		return ERR_NOMEM;
	if (w.answers || str_eq(of, EVENTS))
		rc = cases_each_event(ask->cases,
				      str_sub(of, EVENTS_OF.n, of.n),
				      each_event, &w);
	else
		rc = cases_each(ask->cases, of, each_entity, &w);
	record_end(&w.record);
	formula_cache_free(w.env.cache);
	return rc;
}
