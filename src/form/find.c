/* SPDX-License-Identifier: MIT */
#include "ses.h"

/* From references to nodes and back. */

bool ref_eq(struct ref a, struct ref b)
{
	return a.node == b.node;
}

bool attached(const struct session *s, const struct node *n)
{
	while (n && n != s->root)
		n = n->parent;
	return n != NULL;
}

/* Down from `n` to a slot below it, taking first instances. */
static struct node *down_to(const struct session *s, struct node *n,
			    uint32_t slot)
{
	const struct shape_slot *slots = s->form->shape.slots;
	uint32_t chain[TREE_MAX_DEPTH + 2];
	size_t depth = 0;

	for (; slot != n->slot; slot = slots[slot].parent) {
		if (slot == 0 || depth == ARRAY_LEN(chain))
			return NULL;
		chain[depth++] = slot;
	}
	while (n && depth)
		n = first_of(n, s, chain[--depth]);
	return n;
}

struct node *node_near(const struct session *s, uint32_t slot,
		       struct node *near)
{
	while (near && near->data && !slot_below(s->form, slot, near->slot))
		near = near->parent;
	if (!near || !near->data)
		near = s->root;
	return down_to(s, near, slot);
}

struct ref session_root(const struct session *s)
{
	return (struct ref){ s->root };
}

const struct item *session_item(const struct session *s, struct ref r)
{
	if (!r.node || !r.node->data)
		return NULL;
	return form_item(s->form, r.node->slot);
}

struct ref session_near(struct session *s, const struct item *i,
			struct ref near)
{
	while (i && i->slot == ITEM_NO_SLOT)
		i = i->parent;
	if (!i)
		return REF_NONE;
	return (struct ref){ node_near(s, i->slot, near.node) };
}

/* The node that holds the instances of a repeat, near another node. */
static struct node *holder_near(const struct session *s,
				const struct item *repeat, struct node *near)
{
	if (!repeat || repeat->kind != ITEM_REPEAT ||
	    repeat->slot == ITEM_NO_SLOT)
		return NULL;
	return node_near(s, s->form->shape.slots[repeat->slot].parent, near);
}

struct ref session_holder(struct session *s, const struct item *repeat,
			  struct ref near)
{
	return (struct ref){ holder_near(s, repeat, near.node) };
}

struct ref session_repeat(struct session *s, const struct item *repeat,
			  struct ref within, size_t n)
{
	struct node *holder = holder_near(s, repeat, within.node);

	if (!holder || n == 0)
		return REF_NONE;
	return (struct ref){ nth_of(holder, s, repeat->slot, n) };
}

size_t session_count(struct session *s, const struct item *repeat,
		     struct ref within, bool *fixed)
{
	struct node *holder = holder_near(s, repeat, within.node);

	if (fixed)
		*fixed = !repeat || repeat_fixed(s, repeat->slot);
	return holder ? count_of(holder, s, repeat->slot) : 0;
}

/* ---- paths as text */

/* "name[3]": the name and the number, 0 when there is none. */
static bool split_step(struct str step, struct str *name, size_t *position)
{
	size_t open = str_find(step, STR("["), 0);
	uint64_t n;

	*name = str_sub(step, 0, open);
	*position = 0;
	if (open == SIZE_MAX)
		return true;
	if (step.p[step.n - 1] != ']' ||
	    !str_to_u64(str_sub(step, open + 1, step.n - 1), &n) || !n)
		return false;
	*position = (size_t)n;
	return true;
}

static bool is_root_name(const struct session *s, struct str name)
{
	size_t colon = str_find(name, STR(":"), 0);

	if (colon != SIZE_MAX)
		name = str_sub(name, colon + 1, name.n);
	return str_eq(name, s->root->name->local);
}

static struct node *take_step(const struct session *s, struct node *n,
			      struct str step)
{
	struct str name;
	size_t position;
	uint32_t slot;

	if (!split_step(step, &name, &position))
		return NULL;
	if (!n)
		return is_root_name(s, name) && !position ? s->root : NULL;
	slot = slot_resolve(s->form, n->slot, name);
	if (slot == TREE_NO_SLOT || slot == n->slot || slot == 0 ||
	    s->form->shape.slots[slot].parent != n->slot)
		return NULL;
	if (position > 1 && !s->form->shape.slots[slot].repeat)
		return NULL;
	return nth_of(n, s, slot, position ? position : 1);
}

struct ref session_find(struct session *s, struct str path)
{
	struct node *n = NULL;
	struct str step;

	if (!path.n || path.p[0] != '/')
		return REF_NONE;
	path = str_sub(path, 1, path.n);
	while (str_split(&path, '/', &step)) {
		n = take_step(s, n, step);
		if (!n)
			return REF_NONE;
	}
	return (struct ref){ n };
}

const struct item *session_find_repeat(struct session *s, struct str path,
				       struct ref *holder)
{
	size_t slash = path.n;
	const struct item *i;
	uint32_t slot;

	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	*holder = REF_NONE;
	if (slash > 1)
		*holder = session_find(s, str_sub(path, 0, slash - 1));
	if (!holder->node)
		return NULL;
	slot = slot_resolve(s->form, holder->node->slot,
			    str_sub(path, slash, path.n));
	i = slot == TREE_NO_SLOT ? NULL : form_item(s->form, slot);
	if (!i || i->kind != ITEM_REPEAT ||
	    s->form->shape.slots[slot].parent != holder->node->slot)
		return NULL;
	return i;
}

static void path_write(const struct session *s, const struct node *n,
		       struct buf *b)
{
	const struct shape_slot *slot = &s->form->shape.slots[n->slot];
	const struct qname *q = slot->name;

	if (n != s->root && n->parent && n->parent->data)
		path_write(s, n->parent, b);
	buf_addc(b, '/');
	if (slot->attribute)
		buf_addc(b, '@');
	buf_addstr(b, q->prefix);
	if (q->prefix.n)
		buf_addc(b, ':');
	buf_addstr(b, q->local);
	if (slot->repeat)
		buf_addf(b, "[%u]", n->position);
}

struct str session_path(struct session *s, struct ref r, struct arena *a)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);

	if (!r.node || !r.node->data)
		return STR("");
	path_write(s, r.node, &b);
	return buf_give(&b, a);
}
