/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/when.h"

#include "try.h"

/* Longest answer: a form of TREE_MAX_BYTES, every byte escaped. */
#define ANSWER_MAX ((size_t)6 * TREE_MAX_BYTES)

enum err try_clock(struct sys_fixed *clock, const char *now, struct report *rep)
{
	struct when w;

	if (!when_parse(str_from(now), &w) || !w.has_date || !w.has_time) {
		report_add(rep, PROBLEM_ERROR, STR("--now"),
			   _("bukan waktu seperti 2026-01-31T10:00:00+07:00"));
		return ERR_INVALID;
	}
	sys_fixed_init(clock, when_utc(sys_real(), &w), SYS_ZONE_ENV, 0);
	return ERR_NONE;
}

enum err try_print(struct json *line)
{
	struct buf out = BUF_INIT(ANSWER_MAX);
	enum err rc = line ? json_write(&out, line) : ERR_NOMEM;

	buf_addc(&out, '\n');
	if (!rc)
		rc = out.failed;
	if (!rc && fwrite(out.p, 1, out.n, stdout) != out.n)
		rc = ERR_IO;
	if (!rc && fflush(stdout))
		rc = ERR_IO;
	buf_release(&out);
	json_free(line);
	return rc;
}

struct json *try_error(struct str why)
{
	struct json *j = json_object_new();

	json_set(j, "error", json_str_new(why));
	return j;
}

enum err try_lines(try_answer answer, void *self)
{
	char *line = NULL;
	size_t cap = 0;
	enum err rc = ERR_NONE;

	while (!rc) {
		struct json *question = NULL;
		ssize_t n = getline(&line, &cap, stdin);

		if (n < 0)
			break;
		if (json_parse(&question, str_of(line, (size_t)n), NULL))
			question = NULL;
		rc = try_print(answer(self, question));
		json_free(question);
	}
	free(line);
	return rc;
}

/* JSON has no such numbers. */
static struct json *number(double n)
{
	if (isnan(n))
		return json_str_new(STR("NaN"));
	if (isinf(n))
		return json_str_new(n < 0 ? STR("-Infinity") : STR("Infinity"));
	return json_num_new(n);
}

static const char *type_name(enum xpath_type type)
{
	static const char *const names[] = {
		[XPATH_STRING] = "string",
		[XPATH_NUMBER] = "number",
		[XPATH_BOOLEAN] = "boolean",
		[XPATH_NODESET] = "nodeset",
	};

	return names[type];
}

static struct str node_test(const struct node *n)
{
	switch (n->kind) {
	case NODE_ELEMENT:
		return STR("*");
	case NODE_TEXT:
		return STR("text()");
	case NODE_COMMENT:
		return STR("comment()");
	case NODE_PI:
		return STR("processing-instruction()");
	case NODE_ROOT:
	case NODE_ATTR:
	case NODE_NS:
	case NODE_DOCTYPE:
		break;
	}
	return STR("");
}

static void put_attr(struct buf *b, const struct node *n)
{
	if (!n->name->uri.n)
		buf_addf(b, "/@%.*s", STR_ARG(n->name->local));
	else
		buf_addf(b,
			 "/@*[local-name()='%.*s' and namespace-uri()='%.*s']",
			 STR_ARG(n->name->local), STR_ARG(n->name->uri));
}

static void put_step(struct buf *b, const struct node *n)
{
	size_t place = 1;

	if (n->kind == NODE_ATTR) {
		put_attr(b, n);
		return;
	}
	for (const struct node *k = n->prev; k; k = k->prev)
		place += k->kind == n->kind;
	buf_addf(b, "/%.*s[%zu]", STR_ARG(node_test(n)), place);
}

/* False when it is not below `top` or is of a kind without path. */
static bool put_path(struct buf *b, const struct node *n,
		     const struct node *top)
{
	if (n == top)
		return true;
	if (!n->parent || (n->kind != NODE_ATTR && !node_test(n).n))
		return false;
	if (!put_path(b, n->parent, top))
		return false;
	put_step(b, n);
	return true;
}

static struct json *node_path(const struct node *n, const struct node *top)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct json *j = NULL;

	if (n == top)
		buf_addc(&b, '/');
	if (put_path(&b, n, top))
		j = json_str_new(buf_str(&b));
	buf_release(&b);
	return j;
}

static void set_paths(struct json *j, const struct xpath_value *v,
		      const struct node *top)
{
	struct json *paths = json_array_new();

	for (size_t i = 0; i < v->n; i++) {
		struct json *path = node_path(v->nodes[i], top);

		if (!path || json_push(paths, path)) {
			json_free(paths);
			return;
		}
	}
	json_set(j, "nodes", paths);
}

static struct json *text_of(const struct node *n, struct arena *a)
{
	if (n->kind == NODE_DOCTYPE)
		return json_null_new();
	return json_str_new(node_value(n, a));
}

struct json *try_value(const struct xpath_value *v, const struct sys *sys,
		       const struct node *top, struct arena *a)
{
	struct json *j = json_object_new(), *values;

	json_set(j, "type", json_str_new(str_from(type_name(v->type))));
	json_set(j, "string", json_str_new(xpath_string(v, a)));
	json_set(j, "number", number(xpath_number(v, sys, a)));
	json_set(j, "boolean", json_bool_new(xpath_boolean(v)));
	if (v->type != XPATH_NODESET)
		return j;
	values = json_array_new();
	for (size_t i = 0; i < v->n; i++)
		json_push(values, text_of(v->nodes[i], a));
	json_set(j, "count", json_int_new((int64_t)v->n));
	set_paths(j, v, top);
	json_set(j, "values", values);
	return j;
}
