/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "recap.h"

#include "pilar/formula.h"
#include "pilar/i18n.h"
#include "pilar/tree.h"
#include "pilar/when.h"

#define EVENTS      STR("events")
#define EVENTS_OF   STR("events:")
#define FIXED_MAX   16 /* names beside the properties or answers */
#define ANSWERS_MAX 5000
#define DAY_MS      INT64_C(86400000)

#define LOOK_EVERY 64 /* records, whether to stop */

/*
 * A day in whose evening everything is looked at: the last one of the period,
 * and the one before it. Records, the lists that expressions look into and
 * today() are as they were then.
 */
struct evening {
	struct recap_ask ask;
	int64_t until; /* CASES_NOW: it is not over */
	struct sys_fixed clock;
	const struct sys *sys;
	struct lists *lists; /* owned: as they were then */
};

struct walk {
	struct passes *passes;
	struct str of; /* the source that is walked */
	struct evening now, before;
	struct map names;    /* that any expression has */
	bool moves, answers; /* of an event, not only its envelope */
	size_t done, total;
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

static bool record_true(struct record *r, const struct line *l)
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

enum err record_set(struct record *r, size_t prop, struct str text)
{
	return formula_row_set(r->row, prop, text);
}

static struct str today_text(const struct sys *sys, struct arena *a)
{
	char text[WHEN_MAX];
	struct when w;

	when_local(sys, sys_now(sys), &w);
	return arena_dup(a, when_date_text(&w, text));
}

void record_asked(const struct recap_ask *ask, struct arena *a,
		  struct entity_prop *p)
{
	p[PROP_FROM] = (struct entity_prop){ STR("from"), ask->from };
	p[PROP_TO] = (struct entity_prop){
		STR("to"),
		ask->to.n ? ask->to : today_text(cases_sys(ask->cases), a)
	};
	p[PROP_ROW] = (struct entity_prop){ STR("row"), STR("") };
	p[PROP_BEFORE] = (struct entity_prop){ STR("before"), STR("") };
	p[PROP_NOW] = (struct entity_prop){ STR("now"), STR("") };
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

/* What the lines of kind `let` say, each seen by those behind it. */
static enum err put_lets(struct record *r, const struct source *s)
{
	size_t at = PROPS_ASKED;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < s->n && !rc; i++)
		if (s->lines[i].kind == LINE_LET)
			rc = record_set(r, at++, record_text(r, &s->lines[i]));
	return rc;
}

/* One pass on one evening. */
struct sight {
	struct evening *day;
	struct pass *pass;
	const struct formula_env *env;
	struct record *record;
};

static struct sight sight_now(struct walk *w, struct pass *p)
{
	return (struct sight){ &w->now, p, &p->env, &p->now };
}

static struct sight sight_before(struct walk *w, struct pass *p)
{
	return (struct sight){ &w->before, p, &p->env_before, &p->before };
}

static enum err meet(const struct sight *x, const struct entity_prop *props,
		     size_t n)
{
	const struct source *s = &x->pass->source;
	const struct line *filter = source_line(s, LINE_FILTER);
	const struct line *when = source_line(s, LINE_WHEN);
	struct record *r = x->record;
	enum err rc = record_of(r, props, n, x->env);

	r->holds = false;
	if (rc || (filter && !record_true(r, filter)))
		return rc;
	rc = put_lets(r, s);
	r->holds = !when || in_period(&x->day->ask, record_text(r, when));
	return rc;
}

/* ---- entities */
static size_t count_lets(const struct source *s)
{
	size_t n = 0;

	for (size_t i = 0; s && i < s->n; i++)
		n += s->lines[i].kind == LINE_LET;
	return n;
}

/* After what was asked, in their order. */
static struct entity_prop *add_lets(const struct source *s,
				    struct entity_prop *p)
{
	for (size_t i = 0; s && i < s->n; i++)
		if (s->lines[i].kind == LINE_LET)
			*p++ = (struct entity_prop){ s->lines[i].name,
						     STR("") };
	return p;
}

enum err recap_props(const struct recap_ask *ask, const struct entity *e,
		     struct arena *a, struct entity_prop **props, size_t *n)
{
	struct entity_prop *p =
		arena_array(a, e->n_props + FIXED_MAX, sizeof(*p));

	if (!p)
		return ERR_NOMEM;
	*props = p;
	record_asked(ask, a, p);
	p += PROPS_ASKED;
	*p++ = (struct entity_prop){ STR("name"), e->id };
	*p++ = (struct entity_prop){ STR("label"), e->label };
	if (e->n_props)
		memcpy(p, e->props, e->n_props * sizeof(*p));
	*n = (size_t)(p - *props) + e->n_props;
	return ERR_NONE;
}

/* The same with the source's own names, and only what it looks at. */
static enum err meet_entity(const struct sight *x, const struct entity *e)
{
	struct pass *pass = x->pass;
	struct arena *a = &x->record->arena;
	size_t lets = count_lets(&pass->source);
	struct entity_prop *props =
		arena_array(a, e->n_props + FIXED_MAX + lets, sizeof(*props));
	struct entity_prop *p = props;

	if (!props)
		return ERR_NOMEM;
	record_asked(&x->day->ask, a, p);
	p = add_lets(&pass->source, p + PROPS_ASKED);
	*p++ = (struct entity_prop){ STR("name"), e->id };
	*p++ = (struct entity_prop){ STR("label"), e->label };
	for (size_t i = 0; i < e->n_props; i++)
		if (e->props[i].value.p &&
		    needs_name(&pass->needs, i, e->props[i].name))
			*p++ = e->props[i];
	return meet(x, props, (size_t)(p - props));
}

/* The same entity as it was before the period; it may not have been made. */
static enum err meet_before(struct walk *w, struct pass *p,
			    const struct entity *e)
{
	struct sight x = sight_before(w, p);
	struct entity then;
	enum err rc;

	p->before.holds = false;
	arena_reset(&p->before.arena);
	if (!x.day->ask.to.n)
		return ERR_NONE;
	if (entity_as_then(e, x.day->until))
		return meet_entity(&x, e);
	rc = cases_entity_at(x.day->ask.cases, e->dataset, e->id, x.day->until,
			     &p->before.arena, &then);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	return meet_entity(&x, &then);
}

static enum err look_up(const struct walk *w)
{
	const struct recap_ask *ask = &w->now.ask;

	return ask->cancelled && ask->cancelled(ask->arg) ? ERR_CANCELLED
							  : ERR_NONE;
}

/* Between two records: ERR_CANCELLED when it was stopped. */
static enum err next(struct walk *w)
{
	const struct recap_ask *ask = &w->now.ask;

	cases_lists_trim(w->now.lists);
	if (w->moves)
		cases_lists_trim(w->before.lists);
	if (ask->progress)
		ask->progress(ask->arg, w->done, w->total);
	return w->done++ % LOOK_EVERY ? ERR_NONE : look_up(w);
}

static enum err pass_entity(struct walk *w, struct pass *p,
			    const struct entity *e)
{
	struct sight x = sight_now(w, p);
	struct record *r = &p->now;
	enum err rc;

	arena_reset(&r->arena);
	rc = meet_entity(&x, e);
	if (!rc && p->moves)
		rc = meet_before(w, p, e);
	if (!rc && !r->holds && p->moves && r->was->holds)
		rc = put_lets(r, &p->source);
	if (rc || !(r->holds || (r->was && r->was->holds)))
		return rc;
	return p->each(p->arg, r);
}

/* Is it of the source that is walked? */
static bool walked(const struct walk *w, const struct pass *p)
{
	return str_eq(p->source.lines[0].name, w->of);
}

static enum err each_entity(void *arg, const struct entity *e)
{
	struct walk *w = arg;
	enum err rc = next(w);

	vec_each (p, &w->passes->list)
		if (!rc && walked(w, p))
			rc = pass_entity(w, p, e);
	return rc;
}

/* ---- submissions */
/* `answers` may be NULL. */
static enum err pass_event(struct walk *w, struct pass *pass,
			   const struct event *e, const struct tree *answers)
{
	struct sight x = sight_now(w, pass);
	struct arena *a = &pass->now.arena;
	size_t max = FIXED_MAX + count_lets(&pass->source) +
		     (answers ? ANSWERS_MAX : 0);
	struct entity_prop *props, *p;
	char day[WHEN_MAX];
	size_t n;
	enum err rc = ERR_NONE;

	arena_reset(a);
	props = arena_array(a, max, sizeof(*props));
	if (!props)
		return ERR_NOMEM;
	record_asked(&w->now.ask, a, props);
	p = add_lets(&pass->source, props + PROPS_ASKED);
	p = put_envelope(e, p, day);
	n = (size_t)(p - props);
	if (answers)
		rc = put_answers(pass, answers->element, props, &n, max);
	if (!rc)
		rc = meet(&x, props, n);
	return rc || !pass->now.holds ? rc : pass->each(pass->arg, &pass->now);
}

static enum err each_event(void *arg, const struct event *e)
{
	struct walk *w = arg;
	struct report none = { 0 };
	struct tree *t = NULL;
	enum err rc = next(w);

	if (!rc && w->answers)
		rc = tree_parse(&t, e->xml, "submission.xml", &none);
	vec_each (p, &w->passes->list)
		if (!rc && walked(w, p))
			rc = pass_event(w, p, e, t);
	tree_free(t);
	report_release(&none);
	return rc == ERR_SYNTAX ? ERR_NONE : rc;
}

/* ---- evenings */
static bool is_over(const struct recap_ask *ask, int64_t *begins)
{
	const struct sys *sys = cases_sys(ask->cases);
	struct when w;

	*begins = 0;
	if (!when_parse(ask->to, &w) || !w.has_date)
		return false;
	*begins = when_utc(sys, &w);
	return *begins + DAY_MS <= sys_now(sys);
}

/* The day that `to` names; now, where that is not over. */
static enum err evening_begin(struct evening *day)
{
	struct cases *c = day->ask.cases;
	int64_t begins;

	day->until = CASES_NOW;
	day->sys = cases_sys(c);
	if (is_over(&day->ask, &begins)) {
		day->until = begins + DAY_MS - 1;
		sys_fixed_init(&day->clock, begins + DAY_MS / 2, SYS_ZONE_ENV,
			       0);
		day->sys = &day->clock.sys;
	}
	return cases_lists_then(c, day->until, &day->lists);
}

static struct str day_before(struct str day, struct arena *a)
{
	char text[WHEN_MAX];
	struct when w;

	if (!when_parse(day, &w) || !w.has_date)
		return STR("");
	when_from_days(when_days(w.year, w.month, w.day) - 1, &w.year, &w.month,
		       &w.day);
	return arena_dup(a, when_date_text(&w, text));
}

static enum err env_begin(struct formula_env *env, const struct evening *day)
{
	*env = (struct formula_env){ .sys = day->sys,
				     .lists = day->lists,
				     .lang = str_from(i18n_lang()),
				     .cache = formula_cache_new() };
	return env->cache ? ERR_NONE : ERR_NOMEM;
}

static enum err pass_begin(struct walk *w, struct pass *p)
{
	enum err rc = needs_of(&p->needs, &p->source);

	if (!rc)
		rc = env_begin(&p->env, &w->now);
	if (rc || !p->moves)
		return rc;
	p->now.was = &p->before;
	return env_begin(&p->env_before, &w->before);
}

/* Unless one asks for whatever there is. */
static enum err want_names(struct walk *w)
{
	enum err rc = ERR_NONE;

	vec_each (p, &w->passes->list) {
		if (p->needs.all)
			return ERR_NONE;
		if (!rc)
			rc = needs_add(&p->needs, &w->names);
	}
	if (rc)
		return rc;
	cases_lists_want(w->now.lists, &w->names);
	if (w->moves)
		cases_lists_want(w->before.lists, &w->names);
	return ERR_NONE;
}

static void pass_end(struct pass *p)
{
	record_end(&p->now);
	record_end(&p->before);
	formula_cache_free(p->env.cache);
	formula_cache_free(p->env_before.cache);
	needs_release(&p->needs);
}

void passes_release(struct passes *passes)
{
	vec_release(&passes->list);
}

/* Without a first day nothing was before. */
static enum err begin(struct walk *w, const struct recap_ask *ask,
		      struct arena *a)
{
	enum err rc;

	w->now.ask = w->before.ask = *ask;
	w->before.ask.from = STR("");
	w->before.ask.to = day_before(ask->from, a);
	vec_each (p, &w->passes->list)
		w->moves |= p->moves;
	rc = evening_begin(&w->now);
	if (!rc && w->moves)
		rc = evening_begin(&w->before);
	vec_each (p, &w->passes->list)
		if (!rc)
			rc = pass_begin(w, p);
	return rc ? rc : want_names(w);
}

static void end(struct walk *w)
{
	vec_each (p, &w->passes->list)
		pass_end(p);
	cases_lists_then_free(w->now.lists);
	cases_lists_then_free(w->before.lists);
	map_release(&w->names);
}

/* ---- sources, one after the other */
static bool is_events(struct str of)
{
	return str_starts(of, EVENTS_OF) || str_eq(of, EVENTS);
}

/* The first pass of each source stands for the others of it. */
static bool is_first(const struct passes *passes, const struct pass *p)
{
	for (const struct pass *q = passes->list.at; q < p; q++)
		if (str_eq(q->source.lines[0].name, p->source.lines[0].name))
			return false;
	return true;
}

static size_t size_of(struct cases *c, struct str of)
{
	return is_events(of) ? cases_event_count(c) : cases_count(c, of);
}

static enum err walk_source(struct walk *w, struct str of)
{
	struct cases *c = w->now.ask.cases;
	size_t done = w->done + size_of(c, of);
	enum err rc = look_up(w);

	w->of = of;
	w->answers = str_starts(of, EVENTS_OF);
	if (!rc && w->answers)
		rc = cases_each_event(c, str_sub(of, EVENTS_OF.n, of.n),
				      each_event, w);
	else if (!rc && is_events(of))
		rc = cases_each_head(c, each_event, w);
	else if (!rc)
		rc = cases_lists_each(w->now.lists, of, each_entity, w);
	w->done = done;
	return rc;
}

enum err recap_walk(const struct recap_ask *ask, struct passes *passes)
{
	struct walk w = { .passes = passes };
	struct arena a = { 0 };
	enum err rc = begin(&w, ask, &a);

	vec_each (p, &passes->list)
		if (is_first(passes, p))
			w.total += size_of(ask->cases, p->source.lines[0].name);
	vec_each (p, &passes->list)
		if (!rc && is_first(passes, p))
			rc = walk_source(&w, p->source.lines[0].name);
	end(&w);
	arena_release(&a);
	return rc;
}
