/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "recap.h"

#include "pilar/tree.h"
#include "pilar/when.h"

/* What expressions see of a submission. */
#define DAY_MS INT64_C(86400000)

static const struct node *next_node(const struct node *n,
				    const struct node *top)
{
	if (n->first)
		return n->first;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

enum err put_answers(struct pass *p, const struct node *top,
		     struct entity_prop *props, size_t *n, size_t max)
{
	struct arena *a = &p->now.arena;
	struct map seen = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < *n && !rc; i++)
		rc = map_put(&seen, props[i].name, props);
	for (const struct node *k = next_node(top, top); k && !rc && *n < max;
	     k = next_node(k, top)) {
		struct str value;

		if (k->kind != NODE_ELEMENT ||
		    !(p->needs.all ||
		      map_get(&p->needs.names, k->name->local)) ||
		    (k->first && k->first->kind == NODE_ELEMENT) ||
		    map_get(&seen, k->name->local))
			continue;
		value = node_value(k, a);
		rc = map_put(&seen, k->name->local, props);
		props[(*n)++] = (struct entity_prop){ k->name->local, value };
	}
	map_release(&seen);
	return rc;
}

static struct str day_of(const struct event *e, char out[WHEN_MAX])
{
	struct when w = { .has_date = true };
	int64_t local = e->at + (int64_t)e->offset_min * 60000;

	when_from_days(local / DAY_MS, &w.year, &w.month, &w.day);
	return when_date_text(&w, out);
}

struct entity_prop *put_envelope(const struct event *e, struct entity_prop *p,
				 char day[WHEN_MAX])
{
	const struct entity_prop all[] = {
		{ STR("name"), e->instance_id },
		{ STR("label"), e->name },
		{ STR("worker"), e->worker },
		{ STR("form"), e->form_id },
		{ STR("title"), e->title },
		{ STR("date"), day_of(e, day) },
		{ STR("exported"), e->exported ? STR("1") : STR("0") },
	};

	memcpy(p, all, sizeof(all));
	return p + ARRAY_LEN(all);
}
