/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/when.h"

#include "expr.h"
#include "number.h"

/* Milliseconds of a day, and the days that a date may be away from 1970. */
#define DAY_MS   86400000.0
#define DAYS_MAX 100000000.0

static const struct sys *sys_or_real(const struct sys *sys)
{
	return sys ? sys : sys_real();
}

/* Not a date unless it begins YYYY-: saves parsing most texts. */
static bool may_be_date(struct str s)
{
	return s.n >= sizeof("YYYY-MM-DD") - 1 && s.p[4] == '-';
}

bool text_to_days(struct str s, const struct sys *sys, double *days)
{
	struct when w;

	if (!may_be_date(s) || !when_parse(s, &w) || !w.has_date)
		return false;
	*days = (double)when_utc(sys_or_real(sys), &w) / DAY_MS;
	return true;
}

/* The date alone when it is a local midnight. */
static struct str days_text(double days, const struct sys *sys, struct arena *a)
{
	char text[WHEN_MAX];
	struct when w;
	bool midnight;

	if (isnan(days) || fabs(days) > DAYS_MAX)
		return STR("Invalid Date");
	when_local(sys_or_real(sys), (int64_t)floor(days * DAY_MS + 0.5), &w);
	midnight = !w.hour && !w.minute && !w.second && !w.milli;
	return arena_dup(a, midnight ? when_date_text(&w, text)
				     : when_datetime_text(&w, text));
}

static double text_num(struct str s, const struct sys *sys)
{
	double n;

	if (text_to_days(s, sys, &n))
		return n;
	return number_parse(s);
}

struct str val_node_str(struct eval *e, const struct node *n)
{
	struct str s = node_value(n, e->arena);

	return s.p ? s : STR("");
}

struct str val_str(struct eval *e, const struct val *v)
{
	switch (v->kind) {
	case VAL_STRING:
		return v->text;
	case VAL_NUMBER:
		return v->text.p ? v->text : number_text(v->number, e->arena);
	case VAL_BOOLEAN:
		return v->boolean ? STR("true") : STR("false");
	case VAL_DATE:
		return days_text(v->number, e->env->sys, e->arena);
	case VAL_NODES:
		break;
	}
	return v->n ? val_node_str(e, v->one) : STR("");
}

double val_num(struct eval *e, const struct val *v)
{
	switch (v->kind) {
	case VAL_NUMBER:
	case VAL_DATE:
		return v->number;
	case VAL_BOOLEAN:
		return v->boolean ? 1 : 0;
	case VAL_STRING:
		return text_num(v->text, e->env->sys);
	case VAL_NODES:
		break;
	}
	if (!v->n)
		return (double)NAN;
	return text_num(val_node_str(e, v->one), e->env->sys);
}

bool val_bool(const struct val *v)
{
	switch (v->kind) {
	case VAL_BOOLEAN:
		return v->boolean;
	case VAL_NUMBER:
	case VAL_DATE:
		return v->number != 0 && !isnan(v->number);
	case VAL_STRING:
		return v->text.n;
	case VAL_NODES:
		break;
	}
	return v->n;
}

struct str val_str_at(struct eval *e, const struct val *v, size_t i)
{
	if (v->kind != VAL_NODES)
		return val_str(e, v);
	return val_node_str(e, val_node(v, i));
}

double val_num_at(struct eval *e, const struct val *v, size_t i)
{
	if (v->kind != VAL_NODES)
		return val_num(e, v);
	return text_num(val_node_str(e, val_node(v, i)), e->env->sys);
}

bool val_bool_at(struct eval *e, const struct val *v, size_t i)
{
	if (v->kind != VAL_NODES)
		return val_bool(v);
	return str_trim(val_node_str(e, val_node(v, i))).n;
}

enum err eval_fail(struct eval *e, const char *format, ...)
{
	char why[300];
	va_list args;

	if (!e->env->why || e->env->why->n)
		return ERR_INVALID;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	buf_addf(e->env->why, _("ungkapan \"%.*s\": %s"), STR_ARG(e->x->text),
		 why);
	return ERR_INVALID;
}

struct str xpath_string(const struct xpath_value *v, struct arena *a)
{
	switch (v->type) {
	case XPATH_STRING:
		return v->string;
	case XPATH_NUMBER:
		return v->string.p ? v->string : number_text(v->number, a);
	case XPATH_BOOLEAN:
		return v->boolean ? STR("true") : STR("false");
	case XPATH_NODESET:
		break;
	}
	return v->n ? node_value(v->nodes[0], a) : STR("");
}

double xpath_number(const struct xpath_value *v, const struct sys *sys,
		    struct arena *a)
{
	switch (v->type) {
	case XPATH_NUMBER:
		return v->number;
	case XPATH_BOOLEAN:
		return v->boolean ? 1 : 0;
	case XPATH_STRING:
		return text_num(v->string, sys);
	case XPATH_NODESET:
		break;
	}
	return v->n ? text_num(node_value(v->nodes[0], a), sys) : (double)NAN;
}

bool xpath_boolean(const struct xpath_value *v)
{
	switch (v->type) {
	case XPATH_BOOLEAN:
		return v->boolean;
	case XPATH_NUMBER:
		return v->number != 0 && !isnan(v->number);
	case XPATH_STRING:
		return v->string.n;
	case XPATH_NODESET:
		break;
	}
	return v->n;
}

double xpath_to_number(struct str s, const struct sys *sys)
{
	return text_num(s, sys);
}

struct str xpath_number_text(double n, struct arena *a)
{
	return number_text(n, a);
}
