/* SPDX-License-Identifier: MIT */
#include "pilar/keying.h"

#include "keying_rows.h"

/*
 * Paths number the rows they go through, so a row that comes or goes renumbers
 * others. What was marked or remarked is therefore known by its node, too, and
 * comes back with it when a removal is undone.
 */

static bool in_row(struct str path)
{
	return str_find(path, STR("["), 0) != SIZE_MAX;
}

void keying_mark_row(struct keying *k, struct str path, uint32_t hash)
{
	struct keying_mark *m;

	if (!k->session || !in_row(path))
		return;
	m = vec_push(&k->marks);
	if (m)
		*m = (struct keying_mark){ session_find(k->session, path),
					   hash };
}

enum err keying_bind(struct keying *k, struct session *s)
{
	struct arena a = { 0 };
	struct step *steps = NULL;
	size_t n = 0;
	enum err rc = session_walk(s, &a, &steps, &n);

	k->session = s;
	vec_reset(&k->marks);
	vec_each (r, &k->remarks)
		r->at = session_find(s, r->path);
	for (size_t i = 0; !rc && i < n; i++) {
		struct str path;

		if (steps[i].kind != STEP_QUESTION)
			continue;
		path = session_path(s, steps[i].ref, &a);
		if (keying_reached(k, path))
			keying_mark_row(k, path, keying_hash(path));
	}
	arena_release(&a);
	return rc;
}

/* Where the node is now; empty: nowhere. */
static struct str path_now(struct session *s, struct ref r, struct arena *a)
{
	struct str path = r.node ? session_path(s, r, a) : STR("");

	return path.n && ref_eq(session_find(s, path), r) ? path : STR("");
}

static void marks_follow(struct keying *k, struct arena *a)
{
	uint32_t *now = arena_array(a, k->marks.n + 1, sizeof(*now));

	for (size_t i = 0; now && i < k->marks.n; i++) {
		struct str path = path_now(k->session, k->marks.at[i].at, a);

		now[i] = path.n ? keying_hash(path) : KEYING_NOWHERE;
		if (now[i] != k->marks.at[i].hash)
			keying_unreach(k, k->marks.at[i].hash);
	}
	/* all old ones are gone before a new one may be the same */
	for (size_t i = 0; now && i < k->marks.n; i++) {
		if (now[i] == k->marks.at[i].hash)
			continue;
		k->marks.at[i].hash = now[i];
		keying_reach_hash(k, now[i]);
	}
}

static void remarks_follow(struct keying *k, struct arena *a)
{
	vec_each (r, &k->remarks) {
		struct str path =
			r->at.node ? path_now(k->session, r->at, a) : r->path;

		if (str_eq(path, r->path))
			continue;
		path = arena_dup(&k->arena, path);
		if (path.p)
			r->path = path;
	}
}

void keying_follow(struct keying *k, const struct changes *c)
{
	struct arena a = { 0 };
	bool moved = false;

	for (size_t i = 0; i < c->list.n; i++)
		moved = moved ||
			(c->list.at[i].kind & (CHANGE_ADDED | CHANGE_REMOVED));
	if (!moved || !k->session)
		return;
	marks_follow(k, &a);
	remarks_follow(k, &a);
	arena_release(&a);
}
