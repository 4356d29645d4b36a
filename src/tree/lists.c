/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/lists.h"
#include "pilar/tree.h"

#include "csv_list.h"

size_t list_column(const struct list *l, struct str name)
{
	size_t n = l->ops->columns(l);

	for (size_t i = 0; i < n; i++)
		if (str_eq(l->ops->column(l, i), name))
			return i;
	return SIZE_MAX;
}

struct dir_lists {
	struct lists lists;
	char *dir;
};

/* The file beside the form, and its name for messages. */
static const char *path_of(struct lists *l, struct str src, struct arena *a,
			   const char **name)
{
	const struct dir_lists *d = (const struct dir_lists *)l;

	for (size_t i = src.n; i > 0; i--)
		if (src.p[i - 1] == '/') {
			src = str_sub(src, i, src.n);
			break;
		}
	if (!src.n || str_is(src, ".") || str_is(src, "..") ||
	    memchr(src.p, '\0', src.n))
		return NULL;
	*name = arena_cstr(a, src);
	return *name ? path_join(a, d->dir, *name) : NULL;
}

static enum err dir_open(struct lists *l, struct str id, struct str src,
			 struct list **out, struct report *rep)
{
	struct buf text = BUF_INIT(CSV_MAX_BYTES + 1);
	struct arena a = { 0 };
	const char *name = NULL, *path;
	enum err rc = ERR_NOTFOUND;

	(void)id;
	*out = NULL;
	path = str_ends(src, STR(".csv")) ? path_of(l, src, &a, &name) : NULL;
	if (path)
		rc = file_read(path, &text);
	if (!rc)
		rc = csv_list_take(out, &text, name, rep);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

static enum err dir_file(struct lists *l, struct str src, struct arena *a,
			 struct str *out)
{
	struct buf text = BUF_INIT(TREE_MAX_BYTES + 1);
	const char *name = NULL;
	const char *path = path_of(l, src, a, &name);
	enum err rc = path ? file_read(path, &text) : ERR_NOTFOUND;

	if (!rc) {
		*out = arena_dup(a, buf_str(&text));
		rc = out->p ? ERR_NONE : ERR_NOMEM;
	}
	buf_release(&text);
	return rc;
}

enum err dir_lists_new(struct lists **out, const char *dir)
{
	struct dir_lists *d = calloc(1, sizeof(*d));

	*out = NULL;
	if (!d)
		return ERR_NOMEM;
	d->lists = (struct lists){ .open = dir_open, .file = dir_file };
	d->dir = strdup(dir);
	if (!d->dir) {
		free(d);
		return ERR_NOMEM;
	}
	*out = &d->lists;
	return ERR_NONE;
}

void dir_lists_free(struct lists *l)
{
	if (!l)
		return;
	free(((struct dir_lists *)l)->dir);
	free(l);
}
