/* SPDX-License-Identifier: MIT */
/* The parameters of a range must fit one another. */
#include "survey.h"

#include <stdlib.h>

#include "pilar/i18n.h"

/* Decimals are kept as whole numbers of a thousand-millionth. */
#define SCALE        INT64_C(1000000000)
#define SCALE_DIGITS 9
#define WHOLE_DIGITS 9

/* Labels on one scale; more say nothing to anyone. */
#define RANGE_MAX_LABELS 1000

static bool digits_read(struct str s, size_t max, int64_t *out)
{
	*out = 0;
	if (s.n > max)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return true;
}

bool decimal_read(struct str s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-';
	struct str body =
		s.n && (minus || s.p[0] == '+') ? str_sub(s, 1, s.n) : s;
	size_t dot = str_find(body, STR("."), 0);
	struct str whole = str_sub(body, 0, dot), part = { 0 };
	int64_t w, f;

	if (dot != SIZE_MAX)
		part = str_sub(body, dot + 1, body.n);
	if (!whole.n && !part.n)
		return false;
	if (!digits_read(whole, WHOLE_DIGITS, &w) ||
	    !digits_read(part, SCALE_DIGITS, &f))
		return false;
	for (size_t i = part.n; i < SCALE_DIGITS; i++)
		f *= 10;
	*out = minus ? -(w * SCALE + f) : w * SCALE + f;
	return true;
}

struct range {
	int64_t start, end, step, tick, placeholder;
	bool has_tick, has_placeholder;
	bool no_ticks; /* appearance: only the ends have labels */
};

/* A parameter that is missing has its default, or is not there at all. */
static bool number(struct survey *s, struct element *e, const char *name,
		   const char *otherwise, int64_t *out)
{
	struct str text = attr_text(e->params, name);

	if (!attr_find(e->params, name)) {
		if (!otherwise)
			return false;
		text = str_from(otherwise);
		attr_set(s->cv, &e->params, name, text);
	}
	if (decimal_read(text, out))
		return true;
	FAIL(s->cv, survey_at(s, e, "parameters"), _("%s harus angka"), name);
	return false;
}

static bool range_read(struct survey *s, struct element *e, struct range *r)
{
	if (!number(s, e, "start", "1", &r->start) ||
	    !number(s, e, "end", "10", &r->end) ||
	    !number(s, e, "step", "1", &r->step))
		return false;
	r->has_tick = number(s, e, "tick_interval", NULL, &r->tick);
	r->has_placeholder = number(s, e, "placeholder", NULL, &r->placeholder);
	return true;
}

static bool appearance_ok(struct survey *s, struct element *e, struct range *r)
{
	struct str rest = attr_text(e->control, "appearance"), word;
	bool ok = true;

	while (str_word(&rest, &word)) {
		if (str_is(word, "no-ticks"))
			r->no_ticks = true;
		else if (!str_is(word, "vertical"))
			ok = false;
	}
	if (ok || !(attr_find(e->params, "tick_interval") ||
		    attr_find(e->params, "placeholder") ||
		    attr_find(e->params, "tick_labelset")))
		return true;
	FAIL(s->cv, survey_at(s, e, "appearance"),
	     _("tick_interval, placeholder dan tick_labelset hanya berlaku "
	       "untuk tampilan biasa, vertical dan no-ticks"));
	return false;
}

static bool within(const struct range *r, int64_t value)
{
	int64_t low = r->start < r->end ? r->start : r->end;
	int64_t high = r->start < r->end ? r->end : r->start;

	return value >= low && value <= high;
}

/* A step of the scale: not zero, not wider than it. */
static bool step_ok(struct survey *s, const struct element *e,
		    const struct range *r, const char *name, int64_t value)
{
	if (value && value <= llabs(r->end - r->start))
		return true;
	FAIL(s->cv, survey_at(s, e, "parameters"),
	     _("%s tidak boleh nol atau lebih besar daripada rentang"), name);
	return false;
}

static bool ticks_ok(struct survey *s, const struct element *e,
		     const struct range *r)
{
	struct str place = survey_at(s, e, "parameters");

	if (!step_ok(s, e, r, "step", r->step))
		return false;
	if (r->has_tick && !step_ok(s, e, r, "tick_interval", r->tick))
		return false;
	if (r->has_tick && r->tick % r->step) {
		FAIL(s->cv, place, _("%s harus kelipatan step"),
		     "tick_interval");
		return false;
	}
	if (!r->has_placeholder)
		return true;
	if ((r->placeholder - r->start) % r->step ||
	    !within(r, r->placeholder)) {
		FAIL(s->cv, place,
		     _("placeholder harus salah satu nilai rentang"));
		return false;
	}
	return true;
}

/* One label of the scale; `ends` counts those at its ends. */
static const char *label_fault(const struct range *r, const struct choice *c,
			       int *ends)
{
	int64_t value;

	if (!decimal_read(c->name, &value))
		return N_("nama pilihan tick_labelset harus angka");
	if (!within(r, value))
		return N_("pilihan tick_labelset di luar rentang");
	if ((value - r->start) % (r->has_tick ? r->tick : r->step))
		return N_("pilihan tick_labelset harus kelipatan step atau "
			  "tick_interval dari start");
	*ends |= (value == r->start) | (value == r->end) << 1;
	if (r->no_ticks && value != r->start && value != r->end)
		return N_("dengan no-ticks hanya start dan end berlabel");
	return NULL;
}

static void labels_rule(struct survey *s, struct element *e,
			const struct range *r)
{
	struct str name = attr_text(e->params, "tick_labelset");
	struct str place = survey_at(s, e, "parameters");
	const char *fault = NULL;
	int ends = 0;

	if (!attr_find(e->params, "tick_labelset"))
		return;
	e->itemset = name;
	e->list = list_by_name(&s->cv->choices, name);
	if (!e->list || e->list->n > RANGE_MAX_LABELS) {
		FAIL(s->cv, place,
		     _("tick_labelset harus nama daftar di lembar choices "
		       "dengan paling banyak %d pilihan"),
		     RANGE_MAX_LABELS);
		return;
	}
	for (const struct choice *c = e->list->first; c && !fault; c = c->next)
		fault = label_fault(r, c, &ends);
	if (!fault && r->no_ticks && ends != 3)
		fault = N_("dengan no-ticks start dan end harus berlabel");
	if (fault)
		FAIL(s->cv, place, "%s", _(fault));
}

static void attributes(struct survey *s, struct element *e,
		       const struct range *r)
{
	static const struct {
		const char *name, *attribute;
	} rows[] = {
		{ "start", "start" },
		{ "end", "end" },
		{ "step", "step" },
		{ "tick_interval", "odk:tick-interval" },
		{ "placeholder", "odk:placeholder" },
	};
	bool whole = r->start % SCALE == 0 && r->end % SCALE == 0 &&
		     r->step % SCALE == 0 &&
		     (!r->has_tick || r->tick % SCALE == 0) &&
		     (!r->has_placeholder || r->placeholder % SCALE == 0);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (attr_find(e->params, rows[i].name))
			attr_set(s->cv, &e->control, rows[i].attribute,
				 attr_text(e->params, rows[i].name));
	if (!whole)
		attr_set(s->cv, &e->bind, "type", STR("decimal"));
}

void range_rule(struct survey *s, struct element *e)
{
	struct range r = { 0 };

	if (!appearance_ok(s, e, &r) || !range_read(s, e, &r) ||
	    !ticks_ok(s, e, &r))
		return;
	labels_rule(s, e, &r);
	attributes(s, e, &r);
}
