/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <assert.h>
#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/lists.h"

static enum err key_named(struct keys *k, struct arena *a, struct str text,
			  struct str label, size_t *at)
{
	uintptr_t known = (uintptr_t)map_get(&k->at, text);
	struct key *new;

	if (known) {
		assert(k->list.at);
		*at = known - 1;
		return ERR_NONE;
	}
	if (k->list.n >= KEYS_MAX)
		return ERR_TOOBIG;
	new = vec_push(&k->list);
	if (!new)
		return ERR_NOMEM;
	*new = (struct key){ arena_dup(a, text), arena_dup(a, label), SIZE_MAX,
			     false };
	*at = k->list.n - 1;
	return map_put(&k->at, new->text, (void *)(uintptr_t)k->list.n);
}

enum err key_at(struct keys *k, struct arena *a, struct str text, size_t *at)
{
	return key_named(k, a, text, text, at);
}

enum err key_split(struct keys *k, struct arena *a, struct str text, size_t *at)
{
	struct str code, label = text;

	str_split(&label, '|', &code);
	code = str_trim(code);
	label = str_trim(label);
	if (!label.n)
		label = code;
	if (!code.n)
		code = label;
	if (!code.n)
		code = label = str_from(_("(tidak diketahui)"));
	return key_named(k, a, code, label, at);
}

void keys_release(struct keys *k)
{
	vec_release(&k->list);
	map_release(&k->at);
}

/* People know numbered things by their number. */
static struct str coded(struct str key, struct str label, struct arena *a)
{
	if (key.n && ascii_digit(key.p[0]))
		return arena_printf(a, "%.*s %.*s", STR_ARG(key),
				    STR_ARG(label));
	return arena_dup(a, label);
}

/* The column of labels in the language in use, else of those of the list. */
static size_t label_column(const struct list *list)
{
	size_t label = SIZE_MAX;

	if (str_is(str_from(i18n_lang()), "en"))
		label = list_column(list, STR("label_en"));
	return label == SIZE_MAX ? list_column(list, STR("label")) : label;
}

/* A key for each row of the list, in its order; how many goes to `n`. */
static enum err keys_of_list(struct keys *k, struct list *list,
			     struct arena *out, size_t *n)
{
	size_t name = list_column(list, STR("name"));
	size_t label = label_column(list);
	struct arena a = { 0 };
	const uint32_t *rows = NULL;
	enum err rc = list->ops->all(list, &a, &rows, n);

	for (size_t i = 0; !rc && name != SIZE_MAX && i < *n; i++) {
		struct str text = list->ops->cell(list, rows[i], name);
		struct key *key;
		size_t at = 0;

		rc = key_at(k, out, text, &at);
		if (rc)
			break;
		key = &k->list.at[at];
		key->rank = i;
		if (label != SIZE_MAX)
			key->label = coded(
				key->text,
				list->ops->cell(list, rows[i], label), out);
	}
	arena_release(&a);
	return rc;
}

enum err keys_given(struct keys *k, struct cases *cases, struct str name,
		    struct arena *out)
{
	struct lists *lists = cases_lists(cases);
	struct report none = { 0 };
	struct arena a = { 0 };
	struct list *list = NULL;
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (!name.n)
		return ERR_NONE;
	rc = lists->open(
		lists, name,
		arena_printf(&a, "jr://file-csv/%.*s.csv", STR_ARG(name)),
		&list, &none);
	if (!rc)
		rc = keys_of_list(k, list, out, &n);
	k->given = !rc && n > 0;
	if (list)
		list->ops->release(list);
	report_release(&none);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- their order */
static int by_rank(const void *a, const void *b)
{
	const struct key *const *x = a, *const *y = b;
	int c;

	if ((*x)->rank != (*y)->rank)
		return (*x)->rank < (*y)->rank ? -1 : 1;
	c = str_cmp((*x)->label, (*y)->label);
	return c ? c : str_cmp((*x)->text, (*y)->text);
}

static bool has_code(const struct key *k)
{
	return !str_eq(k->text, k->label);
}

/* Two villages of one name: the code stands behind it. */
static void part_names(struct key **keys, size_t n, struct arena *a)
{
	bool same = false;

	for (size_t i = 0; i < n; i++) {
		struct key *k = keys[i];
		bool next = i + 1 < n && str_eq(k->label, keys[i + 1]->label);

		if ((same || next) && has_code(k))
			k->label =
				arena_printf(a, "%.*s %.*s", STR_ARG(k->label),
					     STR_ARG(k->text));
		same = next;
	}
}

struct key **keys_in_order(const struct keys *k, struct arena *a)
{
	struct key **out = arena_array(a, k->list.n + 1, sizeof(*out));

	for (size_t i = 0; out && i < k->list.n; i++)
		out[i] = &k->list.at[i];
	if (out && k->list.n)
		qsort(out, k->list.n, sizeof(struct key *), by_rank);
	if (out)
		part_names(out, k->list.n, a);
	return out;
}

struct str key_name_of(const struct keys *k, const struct key *key,
		       struct arena *a)
{
	if (k->given || !has_code(key))
		return key->label;
	if (str_starts(key->label, key->text))
		return key->label;
	return arena_printf(a, "%.*s %.*s", STR_ARG(key->text),
			    STR_ARG(key->label));
}
