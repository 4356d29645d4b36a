/* SPDX-License-Identifier: MIT */
#include "recap.h"

static bool in_name(char c)
{
	return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '-' ||
	       c == '.' || (unsigned char)c >= 0x80;
}

bool line_uses(const struct line *l, const char *name)
{
	struct str v = l->value, word = str_from(name);

	for (size_t at = 0; (at = str_find(v, word, at)) != SIZE_MAX;
	     at += word.n)
		if ((at == 0 || !in_name(v.p[at - 1])) &&
		    (at + word.n == v.n || !in_name(v.p[at + word.n])))
			return true;
	return false;
}

static enum err add_name(struct needs *n, struct str name)
{
	struct str *slot;

	if (map_get(&n->names, name))
		return ERR_NONE;
	slot = vec_push(&n->list);
	if (!slot)
		return ERR_NOMEM;
	*slot = name;
	return map_put(&n->names, name, n);
}

/* Every word of the text, also those that are no names. */
static enum err add_names(struct needs *n, struct str text)
{
	enum err rc = ERR_NONE;

	n->all |= str_find(text, STR("*"), 0) != SIZE_MAX;
	for (size_t at = 0; at < text.n && !rc;) {
		size_t from = at;

		while (at < text.n && in_name(text.p[at]))
			at++;
		if (at > from)
			rc = add_name(n, str_sub(text, from, at));
		else
			at++;
	}
	return rc;
}

enum err needs_of(struct needs *n, const struct source *s)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < s->n && !rc; i++)
		rc = add_names(n, s->lines[i].value);
	return rc;
}

bool needs_name(struct needs *n, size_t place, struct str name)
{
	struct need *known;

	if (n->all)
		return true;
	if (place < n->places.n && str_eq(n->places.at[place].name, name))
		return n->places.at[place].is;
	known = place < n->places.n ? &n->places.at[place]
				    : vec_push(&n->places);
	if (!known)
		return true;
	*known = (struct need){ arena_dup(&n->arena, name),
				map_get(&n->names, name) != NULL };
	return known->is;
}

enum err needs_add(const struct needs *n, struct map *names)
{
	enum err rc = ERR_NONE;

	vec_each (name, &n->list)
		if (!rc)
			rc = map_put(names, *name, names);
	return rc;
}

void needs_release(struct needs *n)
{
	map_release(&n->names);
	vec_release(&n->places);
	vec_release(&n->list);
	arena_release(&n->arena);
}
