/* SPDX-License-Identifier: MIT */
/* The parameters column: what each type of question takes. */
#include "survey.h"

#include "pilar/i18n.h"

/* No type takes as many. */
#define MAX_PARAMETERS 32

static struct str lower(struct conv *cv, struct str s)
{
	char *p = arena_cstr(&cv->arena, s);

	if (!p) {
		cv->failed = ERR_NOMEM;
		return (struct str){ 0 };
	}
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return str_of(p, s.n);
}

/* Parameters stand between semicolons, else commas, else blanks. */
static bool next_part(struct str *rest, struct str whole, struct str *part)
{
	if (str_find(whole, STR(";"), 0) != SIZE_MAX)
		return str_split(rest, ';', part);
	if (str_find(whole, STR(","), 0) != SIZE_MAX)
		return str_split(rest, ',', part);
	return str_word(rest, part);
}

bool parameters_read(struct survey *s, struct survey_row *row)
{
	struct str rest = row->parameters, part, value;
	struct attr *a;
	size_t eq, n = 0;

	while (rest.n && next_part(&rest, row->parameters, &part)) {
		eq = str_find(part, STR("="), 0);
		if (eq == SIZE_MAX || ++n > MAX_PARAMETERS) {
			FAIL(s->cv, survey_at(s, row->e, "parameters"),
			     _("parameter ditulis nama1=nilai1 nama2=nilai2"));
			return false;
		}
		value = str_trim(str_sub(part, eq + 1, part.n));
		a = attr_at(s->cv, &row->e->params,
			    lower(s->cv, str_trim(str_sub(part, 0, eq))));
		if (!a)
			return false;
		lingual_add(s->cv, &a->value, (struct str){ 0 }, value);
	}
	return true;
}

bool parameters_only(struct survey *s, const struct element *e,
		     const char *names)
{
	bool ok = true;

	for (const struct attr *a = e->params; a; a = a->next) {
		if (one_of(names, a->key))
			continue;
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("parameter \"%.*s\" tidak dikenal untuk jenis ini"),
		     STR_ARG(quoted(a->key)));
		ok = false;
	}
	return ok;
}

/* What one parameter may be, and where it goes. */
enum check {
	CHECK_INTEGER,
	CHECK_NUMBER,
	CHECK_CHOICE,
	CHECK_TRUE,
	CHECK_NONE
};
enum target { TO_BIND, TO_CONTROL, TO_NOWHERE };

struct parameter {
	enum rule rule;
	enum check check;
	enum target target;
	const char *name, *choices, *attribute;
};

static const struct parameter parameters[] = {
	{ RULE_TEXT, CHECK_INTEGER, TO_CONTROL, "rows", NULL, "rows" },
	{ RULE_PHOTO, CHECK_INTEGER, TO_BIND, "max-pixels", NULL,
	  "orx:max-pixels" },
	{ RULE_PHOTO, CHECK_NONE, TO_NOWHERE, "app", NULL, NULL },
	{ RULE_AUDIO, CHECK_CHOICE, TO_BIND, "quality",
	  "voice-only|low|normal|external", "odk:quality" },
	{ RULE_BACKGROUND_AUDIO, CHECK_CHOICE, TO_NOWHERE, "quality",
	  "voice-only|low|normal", NULL },
	{ RULE_GEOPOINT, CHECK_CHOICE, TO_BIND, "allow-mock-accuracy",
	  "true|false", "odk:allow-mock-accuracy" },
	{ RULE_GEOPOINT, CHECK_NUMBER, TO_CONTROL, "capture-accuracy", NULL,
	  "accuracyThreshold" },
	{ RULE_GEOPOINT, CHECK_NUMBER, TO_CONTROL, "warning-accuracy", NULL,
	  "unacceptableAccuracyThreshold" },
	{ RULE_GEOPOINT, CHECK_NONE, TO_NOWHERE, "reference-geometry", NULL,
	  NULL },
	{ RULE_GEOLINE, CHECK_CHOICE, TO_BIND, "allow-mock-accuracy",
	  "true|false", "odk:allow-mock-accuracy" },
	{ RULE_GEOLINE, CHECK_TRUE, TO_CONTROL, "incremental", NULL,
	  "incremental" },
	{ RULE_GEOLINE, CHECK_NONE, TO_NOWHERE, "reference-geometry", NULL,
	  NULL },
	{ RULE_AUDIT, CHECK_CHOICE, TO_BIND, "track-changes", "true|false",
	  "odk:track-changes" },
	{ RULE_AUDIT, CHECK_CHOICE, TO_BIND, "track-changes-reasons",
	  "on-form-edit", "odk:track-changes-reasons" },
	{ RULE_AUDIT, CHECK_CHOICE, TO_BIND, "identify-user", "true|false",
	  "odk:identify-user" },
	{ RULE_AUDIT, CHECK_CHOICE, TO_BIND, "location-priority",
	  "no-power|low-power|balanced|high-accuracy",
	  "odk:location-priority" },
	{ RULE_AUDIT, CHECK_INTEGER, TO_BIND, "location-min-interval", NULL,
	  "odk:location-min-interval" },
	{ RULE_AUDIT, CHECK_INTEGER, TO_BIND, "location-max-age", NULL,
	  "odk:location-max-age" },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "start", NULL, NULL },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "end", NULL, NULL },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "step", NULL, NULL },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "tick_interval", NULL, NULL },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "placeholder", NULL, NULL },
	{ RULE_RANGE, CHECK_NONE, TO_NOWHERE, "tick_labelset", NULL, NULL },
};

/* Types without a row above take whatever is written and use nothing. */
static bool takes_parameters(enum rule rule)
{
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
		if (parameters[i].rule == rule)
			return true;
	return false;
}

static const struct parameter *parameter_find(enum rule rule, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
		if (parameters[i].rule == rule &&
		    str_is(name, parameters[i].name))
			return &parameters[i];
	return NULL;
}

static bool whole_number(struct str s)
{
	int64_t n;

	return str_to_i64(s, &n);
}

static bool value_ok(struct survey *s, const struct element *e,
		     const struct parameter *p, struct str value)
{
	struct str place = survey_at(s, e, "parameters");
	int64_t scaled;

	switch (p->check) {
	case CHECK_INTEGER:
		if (whole_number(value))
			return true;
		FAIL(s->cv, place, _("%s harus bilangan bulat"), p->name);
		return false;
	case CHECK_NUMBER:
		if (decimal_read(value, &scaled))
			return true;
		FAIL(s->cv, place, _("%s harus angka"), p->name);
		return false;
	case CHECK_CHOICE:
		if (one_of(p->choices, value))
			return true;
		FAIL(s->cv, place, _("%s harus salah satu dari: %s"), p->name,
		     p->choices);
		return false;
	case CHECK_TRUE:
		if (yes_no(value) == 1)
			return true;
		FAIL(s->cv, place, _("%s hanya bisa true atau tidak ditulis"),
		     p->name);
		return false;
	case CHECK_NONE:
		return true;
	}
	return false;
}

static void parameter_apply(struct survey *s, struct element *e,
			    const struct attr *a)
{
	const struct parameter *p = parameter_find(e->type->rule, a->key);
	struct str value = a->value ? a->value->text : (struct str){ 0 };

	if (!p) {
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("parameter \"%.*s\" tidak dikenal untuk jenis ini"),
		     STR_ARG(quoted(a->key)));
		return;
	}
	if (!value_ok(s, e, p, value))
		return;
	if (p->check == CHECK_TRUE)
		value = STR("true");
	if (p->target == TO_BIND)
		attr_set(s->cv, &e->bind, p->attribute, value);
	else if (p->target == TO_CONTROL)
		attr_set(s->cv, &e->control, p->attribute, value);
}

/* The three of them come together, and the age is no shorter. */
static void audit_rule(struct survey *s, struct element *e)
{
	static const char *const names[] = { "location-priority",
					     "location-min-interval",
					     "location-max-age" };
	int64_t interval = 0, age = 0;
	size_t given = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		given += attr_find(e->params, names[i]) != NULL;
	if (!given)
		return;
	if (given < ARRAY_LEN(names)) {
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("location-priority, location-min-interval dan "
		       "location-max-age ditulis bersama"));
		return;
	}
	if (!str_to_i64(attr_text(e->params, names[1]), &interval) ||
	    !str_to_i64(attr_text(e->params, names[2]), &age))
		return;
	if (interval < 0 || age < interval)
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("location-max-age tidak boleh kurang dari "
		       "location-min-interval, dan keduanya tidak negatif"));
}

/* com.example.camera: at least two parts that begin with a letter. */
static bool package_ok(struct str name)
{
	struct str rest = name, part;
	size_t parts = 0;

	while (str_split(&rest, '.', &part)) {
		if (!part.n || !ascii_letter(part.p[0]))
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!ascii_letter(part.p[i]) && part.p[i] != '_' &&
			    !ascii_digit(part.p[i]))
				return false;
		parts++;
	}
	return parts > 1;
}

static void photo_rule(struct survey *s, struct element *e)
{
	struct str app = attr_text(e->params, "app");
	struct str appearance = attr_text(e->control, "appearance");
	struct str prefix = STR("jr://images/");

	if (e->value.n && !e->dynamic &&
	    str_find(e->value, prefix, 0) == SIZE_MAX)
		e->value = conv_printf(s->cv, "%s%.*s", prefix.p,
				       STR_ARG(e->value));
	if (!attr_find(e->params, "max-pixels"))
		WARN(s->cv, survey_at(s, e, "parameters"),
		     _("max-pixels membuat gambar lebih cepat terkirim"));
	if (!app.n || (appearance.n && !str_is(appearance, "annotate")))
		return;
	if (package_ok(app))
		attr_set(s->cv, &e->control, "intent", app);
	else
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("app bukan nama paket Android yang sah"));
}

/* Where the choices of a map come from; checked when all is read. */
static void geo_rule(struct survey *s, struct element *e)
{
	e->itemset = attr_text(e->params, "reference-geometry");
	e->list = list_by_name(&s->cv->choices, e->itemset);
}

void rules_apply(struct survey *s, struct survey_row *row)
{
	static const struct {
		enum rule rule;
		void (*apply)(struct survey *s, struct element *e);
	} rules[] = {
		{ RULE_PHOTO, photo_rule }, { RULE_AUDIT, audit_rule },
		{ RULE_RANGE, range_rule }, { RULE_GEOPOINT, geo_rule },
		{ RULE_GEOLINE, geo_rule },
	};
	struct element *e = row->e;

	if (takes_parameters(e->type->rule))
		for (const struct attr *a = e->params; a; a = a->next)
			parameter_apply(s, e, a);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].rule == e->type->rule)
			rules[i].apply(s, e);
}
