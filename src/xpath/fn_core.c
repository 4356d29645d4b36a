/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/i18n.h"
#include "pilar/when.h"

#include "number.h"
#include "rows.h"

/* if, coalesce, once; logic; what the form answers. */

static enum err fn_true(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	(void)e;
	(void)args;
	(void)n;
	return val_set_bool(out, true);
}

static enum err fn_false(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	(void)e;
	(void)args;
	(void)n;
	return val_set_bool(out, false);
}

static enum err fn_not(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	(void)e;
	(void)n;
	return val_set_bool(out, !val_bool(&args[0]));
}

static enum err fn_boolean(struct eval *e, const struct val *args, size_t n,
			   struct val *out)
{
	(void)e;
	(void)n;
	return val_set_bool(out, val_bool(&args[0]));
}

static enum err fn_string(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	if (!n)
		return val_set_str(out, val_node_str(e, e->context));
	return val_set_str(out, val_str(e, &args[0]));
}

/* The days of a calendar date count whole where it is midnight locally. */
static bool whole_days(struct str s, double days, double *whole)
{
	struct when w;

	if (!when_parse(s, &w) || !w.has_date)
		return false;
	*whole = w.has_time ? floor(days)
			    : (double)when_days(w.year, w.month, w.day);
	return true;
}

/* A text that is a date is a number whose own text is its whole days. */
static enum err fn_number(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	struct val node;
	double days;

	val_set_node(&node, e->context);
	if (!n)
		args = &node;
	*out = args[0];
	if (args[0].kind == VAL_NUMBER || args[0].kind == VAL_DATE)
		return ERR_NONE;
	val_set_num(out, val_num(e, &args[0]));
	if (args[0].kind != VAL_BOOLEAN && !isnan(out->number) &&
	    whole_days(val_str(e, &args[0]), out->number, &days))
		out->text = number_text(days, e->arena);
	return ERR_NONE;
}

static enum err fn_if(struct eval *e, const struct expr *x, struct val *out)
{
	bool yes = false;
	enum err rc = eval_bool(e, x->args, &yes);
	const struct expr *branch = x->args->next;

	return rc ? rc : eval(e, yes ? branch : branch->next, out);
}

static enum err fn_coalesce(struct eval *e, const struct expr *x,
			    struct val *out)
{
	struct str s = { NULL, 0 };
	enum err rc = ERR_NONE;

	for (const struct expr *arg = x->args; arg && !rc && !s.n;
	     arg = arg->next)
		rc = eval_str(e, arg, &s);
	return rc ? rc : val_set_str(out, s);
}

/* The node's own value once it has one. */
static enum err fn_once(struct eval *e, const struct expr *x, struct val *out)
{
	struct str s = val_node_str(e, e->context);
	enum err rc = ERR_NONE;

	if (!s.n)
		rc = eval_str(e, x->args, &s);
	return rc ? rc : val_set_str(out, s);
}

/* The text as a node of its own, as ODK Web Forms has it. */
static enum err fn_itext(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	struct xpath_env *env = e->env;
	struct node *node = arena_alloc(e->arena, sizeof(*node));
	enum err rc;

	(void)n;
	if (!node)
		return ERR_NOMEM;
	node->kind = NODE_TEXT;
	node->slot = TREE_NO_SLOT;
	if (!env->itext)
		return val_set_node(out, NULL);
	rc = env->itext(env, val_str(e, &args[0]), e->current, e->arena,
			&node->text);
	if (rc == ERR_NOTFOUND)
		return val_set_node(out, NULL);
	val_set_node(out, node);
	return rc;
}

static enum err fn_choice_name(struct eval *e, const struct val *args, size_t n,
			       struct val *out)
{
	struct xpath_env *env = e->env;
	struct str s = STR("");
	enum err rc = ERR_NOTFOUND;

	(void)n;
	if (env->choice_name)
		rc = env->choice_name(env, val_str(e, &args[0]),
				      val_str(e, &args[1]), e->context,
				      e->arena, &s);
	if (rc && rc != ERR_NOTFOUND)
		return rc;
	return val_set_str(out, s.p ? s : STR(""));
}

static enum err fn_pulldata(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct str name[2] = { val_str(e, &args[1]), val_str(e, &args[2]) };
	struct str s;
	enum err rc = rows_pull(e, val_str(e, &args[0]), name,
				val_str(e, &args[3]), &s);

	(void)n;
	return rc ? rc : val_set_str(out, s.p ? s : STR(""));
}

static enum err fn_property(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct str s = { NULL, 0 };

	(void)n;
	if (e->env->property)
		s = e->env->property(e->env, val_str(e, &args[0]));
	return val_set_str(out, s.p ? s : STR(""));
}

static enum err fn_version(struct eval *e, const struct val *args, size_t n,
			   struct val *out)
{
	struct str s = e->env->version;

	(void)args;
	(void)n;
	return val_set_str(out, s.p ? s : STR(""));
}

/* depend(x, ...): x, and a wish to be computed when the rest changes. */
static enum err fn_depend(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	(void)e;
	(void)n;
	*out = args[0];
	return ERR_NONE;
}

static const struct func rows[] = {
	{ STR_INIT("true"), 0, 0, FN_BOOLEAN, 0, fn_true, NULL },
	{ STR_INIT("false"), 0, 0, FN_BOOLEAN, 0, fn_false, NULL },
	{ STR_INIT("not"), 1, 1, FN_BOOLEAN, 0, fn_not, NULL },
	{ STR_INIT("boolean"), 1, 1, FN_BOOLEAN, 0, fn_boolean, NULL },
	{ STR_INIT("string"), 0, 1, FN_STRING, FN_CONTEXT, fn_string, NULL },
	{ STR_INIT("number"), 0, 1, FN_NUMBER, FN_CONTEXT, fn_number, NULL },
	{ STR_INIT("if"), 3, 3, FN_ANY, 0, NULL, fn_if },
	{ STR_INIT("coalesce"), 2, 2, FN_STRING, 0, NULL, fn_coalesce },
	{ STR_INIT("once"), 1, 1, FN_STRING, FN_ONCE, NULL, fn_once },
	{ STR_INIT("depend"), 1, FN_MANY, FN_ANY, 0, fn_depend, NULL },
	{ STR_INIT("jr:itext"), 1, 1, FN_NODES, FN_LANG, fn_itext, NULL },
	{ STR_INIT("jr:choice-name"), 2, 2, FN_STRING, FN_LANG | FN_LISTS,
	  fn_choice_name, NULL },
	{ STR_INIT("pulldata"), 4, 4, FN_STRING, FN_LISTS, fn_pulldata, NULL },
	{ STR_INIT("property"), 1, 1, FN_STRING, 0, fn_property, NULL },
	{ STR_INIT("version"), 0, 0, FN_STRING, 0, fn_version, NULL },
	{ .min = 0 },
};

const struct func *func_core(void)
{
	return rows;
}
