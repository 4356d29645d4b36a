/* SPDX-License-Identifier: MIT */
#include "pilar/search.h"

#include "key.h"
#include "shelf.h"

/* What leads to the index's pages, those above its leaves, what leads to the
 * rows: of a cold disk a search then reads leaves and rows alone. */
static const struct ahead_range paths[] = {
	{ TABLE_INDEX, STR_INIT("B"), STR_INIT("C"), 1 },
	{ TABLE_INDEX, STR_INIT("B\x10"), STR_INIT("C"), 0 },
	{ TABLE_ENTITY, STR_INIT(""), STR_INIT(""), 1 },
};
_Static_assert(INDEX_BLOCK == 'B' && SHELF_GROUPS == 16,
	       "pages above the leaves begin so");

bool cases_search_prepare(struct cases *c)
{
	struct preparing *p = &c->preparing;
	struct view v;

	if (p->path == ARRAY_LEN(paths) || view_begin(&v, c))
		return false;
	if (!txn_ahead_part(v.t, &paths[p->path], &p->at)) {
		p->at = (struct ahead_at){ .n_next = 0 };
		p->path++;
	}
	view_end(&v);
	return true;
}
