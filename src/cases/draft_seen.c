/* SPDX-License-Identifier: MIT */
#include "decide.h"
#include "draft_priv.h"

/*
 * What a draft's entity was like when it began, so that the person learns
 * before saving what others have changed meanwhile.
 */
#define SEEN_FORMAT 1
#define SEEN_MAX    ((size_t)1 << 20)
/* No form saves more into one entity. */
#define PROPS_MAX 5000u

static void write_props(struct buf *b, const struct entity *e)
{
	buf_u8(b, SEEN_FORMAT);
	buf_u32(b, (uint32_t)e->n_props);
	for (size_t i = 0; i < e->n_props; i++) {
		buf_text(b, e->props[i].name);
		buf_text(b, e->props[i].value);
	}
}

static enum err read_props(struct str bytes, struct arena *a,
			   struct entity *out)
{
	struct rd r = RD_INIT(bytes);
	struct entity_prop *props;
	uint32_t n;

	if (rd_u8(&r) != SEEN_FORMAT)
		return ERR_CORRUPT;
	n = rd_u32(&r);
	if (r.failed || n > PROPS_MAX)
		return ERR_CORRUPT;
	props = arena_array(a, (size_t)n + 1, sizeof(*props));
	if (!props)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		props[i].name = rd_text(&r);
		props[i].value = rd_text(&r);
	}
	*out = (struct entity){ .props = props, .n_props = n };
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

enum err draft_seen_note(struct draft *d, struct txn *t)
{
	struct buf b = BUF_INIT(SEEN_MAX);
	struct arena a = { 0 };
	struct entity e;
	enum err rc;

	if (!d->head.entity.n)
		return ERR_NONE;
	rc = cases_entity(d->c, d->head.dataset, d->head.entity, &a, &e);
	if (!rc) {
		write_props(&b, &e);
		rc = b.failed;
	}
	if (!rc)
		rc = draft_seen_put(t, &d->key.id, buf_str(&b));
	buf_release(&b);
	arena_release(&a);
	return rc;
}

static enum err get_seen(const struct draft *d, struct arena *a,
			 struct entity *out)
{
	struct txn *t = NULL;
	struct str bytes;
	enum err rc = txn_begin(&t, d->c->store, STORE_DRAFTS, TXN_READ);

	if (rc)
		return rc;
	rc = draft_seen_get(t, &d->key.id, a, &bytes);
	txn_abort(&t);
	return rc ? rc : read_props(bytes, a, out);
}

/* Of each property the last change, where its value is another one now. */
static size_t keep_last(const struct entity *seen, const struct entity *now,
			struct prop_change *all, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct str name = all[i].property;
		struct str was = entity_prop_of(seen, name);
		bool last = true;

		for (size_t k = i + 1; k < n && last; k++)
			last = !str_eq(all[k].property, name);
		if (!last || str_eq(was, entity_prop_of(now, name)))
			continue;
		all[kept] = all[i];
		all[kept++].was = was;
	}
	return kept;
}

enum err draft_changed(const struct draft *d, struct arena *a,
		       struct prop_change **out, size_t *n)
{
	struct entity seen, now;
	enum err rc;

	*n = 0;
	*out = NULL;
	if (!d->head.entity.n)
		return ERR_NONE;
	rc = get_seen(d, a, &seen);
	/* Begun by an older program: nothing is known. */
	if (rc == ERR_NOTFOUND || rc == ERR_CORRUPT)
		return ERR_NONE;
	if (!rc)
		rc = cases_entity(d->c, d->head.dataset, d->head.entity, a,
				  &now);
	if (!rc)
		rc = cases_history(d->c, &now, a, out, n);
	if (!rc) {
		*n = keep_last(&seen, &now, *out, *n);
		rc = decide_words(d->c, &now, a, *out, *n);
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
