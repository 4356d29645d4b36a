/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "try.h"

#define XFORMS_URI "http://www.w3.org/2002/xforms"

/* A document and, with --form, what an XForm gives to expressions. */
struct doc {
	struct tree *file;    /* as read */
	struct tree *primary; /* the document, or the primary instance */
	const struct node *model;
	struct str lang;
	struct arena keep, scratch;
	struct xpath_env env;
	struct buf why;
	struct sys_fixed clock;
};

static bool is_named(const struct node *n, const char *local)
{
	return n && n->kind == NODE_ELEMENT && str_is(n->name->local, local);
}

/* The first child of that local name from `n` on. */
static struct node *named(struct node *n, const char *local)
{
	while (n && !is_named(n, local))
		n = n->next;
	return n;
}

static struct node *child(const struct node *n, const char *local)
{
	return n ? named(n->first, local) : NULL;
}

static struct node *sibling(const struct node *n, const char *local)
{
	return named(n->next, local);
}

static const struct node *find_model(const struct tree *t)
{
	const struct node *head = child(t->element, "head");

	if (is_named(t->element, "model"))
		return t->element;
	return child(head ? head : t->element, "model");
}

static enum err form_instance(struct xpath_env *env, struct str id,
			      struct node **element, struct list **list)
{
	struct doc *d = env->owner;
	struct node *n = child(d->model, "instance");

	*list = NULL;
	for (; n; n = sibling(n, "instance")) {
		*element = n;
		if (str_eq(node_attr_text(n, "id"), id))
			return ERR_NONE;
	}
	return ERR_NOTFOUND;
}

static const struct node *translation(const struct doc *d)
{
	const struct node *n = child(child(d->model, "itext"), "translation");
	const struct node *first = n;

	for (; n; n = sibling(n, "translation")) {
		if (d->lang.n ? str_eq(node_attr_text(n, "lang"), d->lang)
			      : node_attr(n, "default", STR("")) != NULL)
			return n;
	}
	return d->lang.n ? NULL : first;
}

static const struct node *plain_value(const struct node *text)
{
	const struct node *n = child(text, "value");

	while (n && node_attr(n, "form", STR("")))
		n = sibling(n, "value");
	return n;
}

static enum err form_itext(struct xpath_env *env, struct str id,
			   struct node *context, struct arena *a,
			   struct str *out)
{
	const struct node *n = child(translation(env->owner), "text");

	(void)context;
	while (n && !str_eq(node_attr_text(n, "id"), id))
		n = sibling(n, "text");
	n = n ? plain_value(n) : NULL;
	if (!n)
		return ERR_NOTFOUND;
	*out = node_value(n, a);
	return ERR_NONE;
}

/* The primary instance becomes a document of its own. */
static enum err use_form(struct doc *d, struct report *rep, const char *name)
{
	struct node *first;

	d->model = find_model(d->file);
	first = child(d->model, "instance");
	while (first && first->first && first->first->kind != NODE_ELEMENT)
		node_remove(first->first);
	if (!first || !first->first) {
		report_add(rep, PROBLEM_ERROR, str_from(name),
			   _("bukan XForm: tidak ada model dengan instance"));
		return ERR_INVALID;
	}
	d->primary = tree_new();
	if (!d->primary)
		return ERR_NOMEM;
	d->primary->element = first->first;
	node_remove(first->first);
	node_append(d->primary->root, d->primary->element);
	d->env.instance = form_instance;
	d->env.itext = form_itext;
	return ERR_NONE;
}

static enum err load(struct doc *d, const char *path, bool form,
		     struct report *rep)
{
	struct buf xml = BUF_INIT(TREE_MAX_BYTES);
	enum err rc = file_read(path, &xml);

	if (rc)
		report_add(rep, PROBLEM_ERROR, str_from(path),
			   _("tidak dapat dibaca"));
	else
		rc = tree_parse(&d->file, buf_str(&xml), path, rep);
	buf_release(&xml);
	if (rc)
		return rc;
	d->primary = d->file;
	return form ? use_form(d, rep, path) : ERR_NONE;
}

static enum err read_prefixes(const struct json *ns, struct arena *a,
			      struct xpath_scope *scope)
{
	struct qname *names;
	struct json *uri;
	struct str prefix;
	void *at = NULL;
	size_t n = scope->n_prefixes;

	while (json_next(ns, &at, &prefix, &uri))
		n++;
	names = arena_array(a, n + 1, sizeof(*names));
	if (!names)
		return ERR_NOMEM;
	n = 0;
	while (json_next(ns, &at, &prefix, &uri)) {
		names[n].prefix = prefix;
		names[n++].uri = json_str(uri);
	}
	for (size_t i = 0; i < scope->n_prefixes; i++)
		names[n++] = scope->prefixes[i];
	scope->prefixes = names;
	scope->n_prefixes = n;
	return ERR_NONE;
}

static enum err compute(struct doc *d, struct str expr, struct node *context,
			const struct xpath_scope *scope, struct xpath_value *v)
{
	struct report rep = { 0 };
	struct xpath *x;
	enum err rc = xpath_compile(&x, &d->scratch, expr, scope, &rep);

	if (rc)
		buf_addstr(&d->why, report_first(&rep, &d->scratch));
	else
		rc = xpath_eval(x, &d->env, context, &d->scratch, v);
	report_release(&rep);
	return rc;
}

static struct json *failed(struct doc *d, enum err rc)
{
	if (!d->why.n)
		buf_adds(&d->why, err_str(rc));
	return try_error(buf_str(&d->why));
}

static struct json *answer_eval(struct doc *d, const struct json *question)
{
	struct qname xforms = { .uri = STR(XFORMS_URI) };
	struct xpath_scope scope = { .slot = TREE_NO_SLOT, .late = true };
	struct xpath_scope plain = scope;
	struct str ref = json_get_str(question, "ref");
	struct xpath_value v = { 0 };
	enum err rc;

	if (d->model) {
		scope.prefixes = &xforms;
		scope.n_prefixes = 1;
	}
	rc = read_prefixes(json_get(question, "ns"), &d->scratch, &scope);
	if (!rc)
		rc = compute(d, ref.n ? ref : STR("/"), d->primary->root,
			     &plain, &v);
	if (!rc && (v.type != XPATH_NODESET || v.n != 1)) {
		buf_adds(&d->why, _("\"ref\" tidak menunjuk satu simpul"));
		rc = ERR_NOTFOUND;
	}
	if (!rc)
		rc = compute(d, json_get_str(question, "expr"), v.nodes[0],
			     &scope, &v);
	if (rc)
		return failed(d, rc);
	return try_value(&v, d->env.sys, d->primary->root, &d->scratch);
}

static struct json *ok(void)
{
	struct json *j = json_object_new();

	json_set(j, "ok", json_bool_new(true));
	return j;
}

static struct json *answer(void *self, const struct json *question)
{
	struct doc *d = self;
	struct str op = json_get_str(question, "op");

	arena_reset(&d->scratch);
	buf_reset(&d->why);
	if (str_is(op, "eval"))
		return answer_eval(d, question);
	if (!str_is(op, "lang") || !d->model)
		return try_error(STR("unknown op"));
	d->lang = arena_dup(&d->keep, json_get_str(question, "lang"));
	d->env.lang = d->lang;
	return ok();
}

static void release(struct doc *d)
{
	xpath_cache_free(d->env.cache);
	if (d->primary != d->file)
		tree_free(d->primary);
	tree_free(d->file);
	arena_release(&d->keep);
	arena_release(&d->scratch);
	buf_release(&d->why);
}

static enum err run(struct app *app, struct doc *d, const char *path,
		    const char *now, bool form)
{
	enum err rc = ERR_NONE;

	d->env = (struct xpath_env){ .sys = app->sys,
				     .owner = d,
				     .why = &d->why,
				     .cache = xpath_cache_new() };
	if (now) {
		rc = try_clock(&d->clock, now, &app->report);
		d->env.sys = &d->clock.sys;
	}
	if (!rc)
		rc = load(d, path, form, &app->report);
	if (rc)
		return rc;
	d->env.tree = d->primary;
	rc = try_print(ok());
	return rc ? rc : try_lines(answer, d);
}

int try_xpath(struct app *app, int argc, char **argv)
{
	struct doc d = { .why = BUF_INIT(TREE_MAX_BYTES) };
	const char *now = NULL;
	bool form = false;
	const struct app_flag flags[] = {
		{ "--now", &now, NULL },
		{ "--form", NULL, &form },
		{ 0 },
	};
	enum err rc;

	argc = app_flags(app, argc, argv, flags, 1);
	if (argc != 1)
		return app_usage("form xpath", stderr);
	rc = run(app, &d, argv[0], now, form);
	release(&d);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}
