/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/i18n.h"
#include "pilar/map.h"

#include "rows.h"

#define XML_URI "http://www.w3.org/XML/1998/namespace"

/* Functions on node-sets. */

static struct node *next_in_document(struct node *n)
{
	if (n->first)
		return n->first;
	while (n && !n->next)
		n = n->parent;
	return n ? n->next : NULL;
}

static enum err need_nodes(struct eval *e, const struct val *v)
{
	if (v->kind == VAL_NODES)
		return ERR_NONE;
	return eval_fail(e, "%s", _("isian fungsi harus simpul"));
}

/* The first node of the argument, the context node without one, or NULL. */
static enum err subject(struct eval *e, const struct val *args, size_t n,
			struct node **out)
{
	*out = e->context;
	if (!n)
		return ERR_NONE;
	*out = args[0].kind == VAL_NODES && args[0].n ? args[0].one : NULL;
	return need_nodes(e, &args[0]);
}

static enum err fn_count(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	enum err rc = need_nodes(e, &args[0]);

	(void)n;
	return rc ? rc : val_set_num(out, (double)args[0].n);
}

static enum err fn_count_non_empty(struct eval *e, const struct val *args,
				   size_t n, struct val *out)
{
	enum err rc = need_nodes(e, &args[0]);
	size_t full = 0;

	(void)n;
	if (rc)
		return rc;
	for (size_t i = 0; i < args[0].n; i++)
		full += val_str_at(e, &args[0], i).n != 0;
	return val_set_num(out, (double)full);
}

/* Of no node at all it is no number, as in ODK Web Forms. */
static enum err fn_sum(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	enum err rc = need_nodes(e, &args[0]);
	double sum = args[0].n ? 0 : (double)NAN;

	(void)n;
	if (rc)
		return rc;
	for (size_t i = 0; i < args[0].n; i++)
		sum += val_num_at(e, &args[0], i);
	return val_set_num(out, sum);
}

static enum err fn_last(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	(void)args;
	(void)n;
	return val_set_num(out, (double)e->size);
}

static bool same_name(const struct node *a, const struct node *b)
{
	return a->name == b->name ||
	       (a->name && b->name && str_eq(a->name->local, b->name->local) &&
		str_eq(a->name->uri, b->name->uri));
}

/* The place of an instance among those of its repeat. */
static double place_of(const struct node *n)
{
	const struct node *k = n->prev;
	double place = 1;

	if (n->slot != TREE_NO_SLOT)
		return n->position;
	for (; k; k = k->prev) {
		if (k->kind != NODE_ELEMENT)
			continue;
		if (!same_name(k, n))
			break;
		place++;
	}
	return place;
}

static enum err fn_position(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct node *node;
	enum err rc;

	if (!n)
		return val_set_num(out, (double)e->position);
	rc = subject(e, args, n, &node);
	if (rc)
		return rc;
	return val_set_num(out, node ? place_of(node) : (double)NAN);
}

static enum err fn_current(struct eval *e, const struct val *args, size_t n,
			   struct val *out)
{
	(void)args;
	(void)n;
	return val_set_node(out, e->current);
}

static enum err fn_instance(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct source *s = NULL;
	enum err rc = source_find(e, val_str(e, &args[0]), &s);

	(void)n;
	return rc ? rc : val_set_node(out, s ? s->element : NULL);
}

static enum err fn_events(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	struct xpath_env *env = e->env;
	struct nodes found = { 0 };
	struct node *all = NULL;
	enum err rc = ERR_NONE;

	(void)n;
	if (env->events)
		rc = env->events(env, val_str(e, &args[0]), &all);
	for (struct node *k = all ? all->first : NULL; k && !rc; k = k->next)
		if (k->kind == NODE_ELEMENT)
			rc = nodes_push(e, &found, k);
	nodes_out(&found, out);
	return rc;
}

static struct str local_of(const struct node *n)
{
	if (!n || !n->name || n->kind == NODE_NS)
		return STR("");
	return n->name->local;
}

static enum err fn_local_name(struct eval *e, const struct val *args, size_t n,
			      struct val *out)
{
	struct node *node;
	enum err rc = subject(e, args, n, &node);

	return rc ? rc : val_set_str(out, local_of(node));
}

static enum err fn_name(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	struct node *node;
	struct str s;
	enum err rc = subject(e, args, n, &node);

	if (rc)
		return rc;
	s = local_of(node);
	if (s.n && node->name->prefix.n)
		s = arena_printf(e->arena, "%.*s:%.*s",
				 STR_ARG(node->name->prefix), STR_ARG(s));
	return val_set_str(out, s);
}

static enum err fn_namespace_uri(struct eval *e, const struct val *args,
				 size_t n, struct val *out)
{
	struct node *node;
	enum err rc = subject(e, args, n, &node);
	bool named = node && node->name && node->kind != NODE_NS;

	if (rc)
		return rc;
	return val_set_str(out, named && node->name->uri.n ? node->name->uri
							   : STR(""));
}

/* Elements whose attribute `id` is one of the words, each word once. */
static enum err find_ids(struct eval *e, struct map *ids, struct nodes *out)
{
	struct node *n = e->context;
	enum err rc = ERR_NONE;

	while (n->parent)
		n = n->parent;
	while (n && ids->n && !rc) {
		struct str id = node_attr_text(n, "id");

		rc = eval_spend(e, 1);
		if (!rc && id.n && map_get(ids, id)) {
			map_del(ids, id);
			rc = nodes_push(e, out, n);
		}
		n = next_in_document(n);
	}
	return rc;
}

static enum err fn_id(struct eval *e, const struct val *args, size_t n,
		      struct val *out)
{
	struct nodes found = { 0 };
	struct map ids = { 0 };
	enum err rc = ERR_NONE;

	(void)n;
	for (size_t i = 0; i < val_count(&args[0]) && !rc; i++) {
		struct str rest = val_str_at(e, &args[0], i), word;

		while (!rc && str_word(&rest, &word))
			rc = map_put(&ids, word, &ids);
	}
	if (!rc)
		rc = find_ids(e, &ids, &found);
	map_release(&ids);
	nodes_out(&found, out);
	return rc;
}

/* "id-ID" is in the language "id". */
static bool in_language(struct str lang, struct str asked)
{
	return asked.n && lang.n >= asked.n &&
	       str_eq_nocase(str_sub(lang, 0, asked.n), asked) &&
	       (lang.n == asked.n || lang.p[asked.n] == '-');
}

static enum err fn_lang(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	const struct node *at = e->context, *lang = NULL;

	(void)n;
	for (; at && !lang; at = at->parent)
		lang = node_attr(at, "lang", STR(XML_URI));
	return val_set_bool(
		out, lang && in_language(lang->text, val_str(e, &args[0])));
}

static enum err fn_join(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str glue = val_str(e, &args[0]), s;
	bool first = true;
	enum err rc;

	for (size_t i = 1; i < n; i++) {
		for (size_t j = 0; j < val_count(&args[i]); j++) {
			if (!first)
				buf_addstr(&b, glue);
			buf_addstr(&b, val_str_at(e, &args[i], j));
			first = false;
		}
	}
	rc = b.failed;
	s = buf_give(&b, e->arena);
	return rc ? rc : val_set_str(out, s);
}

static enum err fn_concat(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str s;
	enum err rc;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < val_count(&args[i]); j++)
			buf_addstr(&b, val_str_at(e, &args[i], j));
	}
	rc = b.failed;
	s = buf_give(&b, e->arena);
	return rc ? rc : val_set_str(out, s);
}

/* The greatest or least of all values; NaN as soon as one is no number. */
static enum err extreme(struct eval *e, const struct val *args, size_t n,
			double sign, struct val *out)
{
	double best = (double)NAN;
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < val_count(&args[i]); j++) {
			double v = val_num_at(e, &args[i], j);

			if (isnan(v))
				return val_set_num(out, v);
			if (first || v * sign > best * sign)
				best = v;
			first = false;
		}
	}
	return val_set_num(out, best);
}

static enum err fn_max(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	return extreme(e, args, n, 1, out);
}

static enum err fn_min(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	return extreme(e, args, n, -1, out);
}

static const struct func rows[] = {
	{ STR_INIT("count"), 1, 1, FN_NUMBER,
	  FN_WHOLE | FN_NODES_ONLY | FN_POSITION, fn_count, NULL },
	{ STR_INIT("count-non-empty"), 1, 1, FN_NUMBER, FN_WHOLE | FN_POSITION,
	  fn_count_non_empty, NULL },
	{ STR_INIT("sum"), 1, 1, FN_NUMBER, FN_WHOLE, fn_sum, NULL },
	{ STR_INIT("last"), 0, 0, FN_NUMBER, FN_CONTEXT, fn_last, NULL },
	{ STR_INIT("position"), 0, 1, FN_NUMBER,
	  FN_CONTEXT | FN_NODES_ONLY | FN_POSITION, fn_position, NULL },
	{ STR_INIT("current"), 0, 0, FN_NODES, 0, fn_current, NULL },
	{ STR_INIT("instance"), 1, 1, FN_NODES, FN_LISTS, fn_instance, NULL },
	{ STR_INIT("events"), 1, 1, FN_NODES, FN_EVENTS, fn_events, NULL },
	{ STR_INIT("local-name"), 0, 1, FN_STRING, FN_CONTEXT | FN_NODES_ONLY,
	  fn_local_name, NULL },
	{ STR_INIT("name"), 0, 1, FN_STRING, FN_CONTEXT | FN_NODES_ONLY,
	  fn_name, NULL },
	{ STR_INIT("namespace-uri"), 0, 1, FN_STRING,
	  FN_CONTEXT | FN_NODES_ONLY, fn_namespace_uri, NULL },
	{ STR_INIT("id"), 1, 1, FN_NODES, FN_CONTEXT | FN_ANYWHERE, fn_id,
	  NULL },
	{ STR_INIT("lang"), 1, 1, FN_BOOLEAN, FN_CONTEXT, fn_lang, NULL },
	{ STR_INIT("join"), 1, FN_MANY, FN_STRING, FN_WHOLE, fn_join, NULL },
	{ STR_INIT("concat"), 0, FN_MANY, FN_STRING, 0, fn_concat, NULL },
	{ STR_INIT("max"), 0, FN_MANY, FN_NUMBER, FN_WHOLE_ONE, fn_max, NULL },
	{ STR_INIT("min"), 0, FN_MANY, FN_NUMBER, FN_WHOLE_ONE, fn_min, NULL },
	{ .min = 0 },
};

const struct func *func_nodes(void)
{
	return rows;
}
