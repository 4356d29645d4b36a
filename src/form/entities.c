/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * Entity operations of one submission. Nodes that are not relevant are not in
 * it, so what is found is what is written. The owner of a property is the
 * nearest ancestor that has an entity.
 */

struct found_prop {
	size_t op;
	struct entity_prop prop;
};

struct finder {
	const struct form *form;
	struct arena *arena;
	struct report *rep;
	VEC(struct entity_op) ops;
	VEC(struct found_prop) props;
	enum err rc;
};

#define NO_OP SIZE_MAX

static struct str text_of(struct finder *x, const struct node *n)
{
	return arena_dup(x->arena, node_value(n, x->arena));
}

static struct str attr_of(struct finder *x, const struct node *n,
			  const char *name)
{
	return arena_dup(x->arena, part_attr(n, name, NO_URI));
}

static bool truthy(const struct node *n, const char *name)
{
	struct str s = part_attr(n, name, NO_URI);

	return str_is(s, "1") || str_is(s, "true");
}

static struct str path_of(struct finder *x, const struct node *n)
{
	struct str up = STR("");

	if (n->parent && n->parent->kind == NODE_ELEMENT)
		up = path_of(x, n->parent);
	return arena_printf(x->arena, "%.*s/%.*s", STR_ARG(up),
			    STR_ARG(n->name->local));
}

static void refuse(struct finder *x, const struct entity_op *op,
		   const char *why, struct str what)
{
	report_add(x->rep, PROBLEM_ERROR, op->path, "%s: \"%.*s\"", why,
		   STR_ARG(what));
	x->rc = ERR_INVALID;
}

/* Central and Collect take nothing but version 4. */
static void take_id(struct finder *x, struct entity_op *op, struct str text)
{
	uint8_t bytes[16];
	char id[UUID_LEN + 1];

	if (uuid_from_text(text, bytes) || bytes[6] >> 4 != 4 ||
	    bytes[8] >> 6 != 2) {
		refuse(x, op, _("id entitas bukan UUID versi 4"), text);
		return;
	}
	uuid_to_text(bytes, id);
	op->id = arena_dup(x->arena, str_from(id));
}

static size_t op_add(struct finder *x, const struct node *entity)
{
	bool create = truthy(entity, "create"),
	     update = truthy(entity, "update");
	const struct node *label = part(entity, "label");
	struct entity_op *op;

	if (!create && !update)
		return NO_OP;
	op = vec_push(&x->ops);
	if (!op) {
		x->rc = ERR_NOMEM;
		return NO_OP;
	}
	op->verb = create && update ? ENTITY_UPSERT
		   : create         ? ENTITY_CREATE
				    : ENTITY_UPDATE;
	op->path = path_of(x, entity->parent->parent);
	op->dataset = attr_of(x, entity, "dataset");
	op->base_version = attr_of(x, entity, "baseVersion");
	op->label = label ? text_of(x, label) : STR("");
	if (!entity_name_valid(op->dataset))
		refuse(x, op, _("nama daftar tidak sah"), op->dataset);
	take_id(x, op, part_attr(entity, "id", NO_URI));
	return x->ops.n - 1;
}

static void prop_add(struct finder *x, size_t op, struct str name,
		     const struct node *n)
{
	struct found_prop *p;

	if (op == NO_OP)
		return;
	p = vec_push(&x->props);
	if (!p) {
		x->rc = ERR_NOMEM;
		return;
	}
	p->op = op;
	p->prop = (struct entity_prop){ name, text_of(x, n) };
}

static void find(struct finder *x, const struct node *n, uint32_t slot,
		 size_t op)
{
	const struct slot *s = &x->form->slots[slot];

	if (s->entity) {
		const struct node *entity = part(part(n, "meta"), "entity");

		op = entity && !entity->hidden ? op_add(x, entity) : NO_OP;
	}
	if (s->saveto.n)
		prop_add(x, op, s->saveto, n);
	for (const struct node *k = n->first; k && !x->rc; k = k->next) {
		uint32_t child;

		if (k->kind != NODE_ELEMENT || k->hidden)
			continue;
		child = shape_find(x->form, slot, k->name->local, NULL, false);
		if (child != TREE_NO_SLOT)
			find(x, k, child, op);
	}
}

/* Gives every operation its properties, which lie in order of discovery. */
static enum err assign_props(struct finder *x)
{
	struct entity_prop *all =
		arena_array(x->arena, x->props.n, sizeof(*all));
	size_t *at = arena_array(x->arena, x->ops.n + 1, sizeof(*at));
	size_t next = 0;

	if (!all || !at)
		return ERR_NOMEM;
	vec_each (p, &x->props)
		x->ops.at[p->op].n_props++;
	for (size_t i = 0; i < x->ops.n; i++) {
		at[i] = next;
		x->ops.at[i].props = all + next;
		next += x->ops.at[i].n_props;
	}
	vec_each (p, &x->props)
		all[at[p->op]++] = p->prop;
	return ERR_NONE;
}

enum err form_entities(const struct form *f, const struct node *root,
		       struct arena *a, struct entity_op **ops, size_t *n,
		       struct report *rep)
{
	struct finder x = { .form = f, .arena = a, .rep = rep };

	*ops = NULL;
	*n = 0;
	find(&x, root, 0, NO_OP);
	if (!x.rc)
		x.rc = assign_props(&x);
	if (x.rc)
		goto out;
	*ops = arena_array(a, x.ops.n, sizeof(**ops));
	if (!*ops) {
		x.rc = ERR_NOMEM;
		goto out;
	}
	if (x.ops.n)
		memcpy(*ops, x.ops.at, x.ops.n * sizeof(**ops));
	*n = x.ops.n;
out:
	vec_release(&x.ops);
	vec_release(&x.props);
	return x.rc;
}
