/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"

#include "lists.h"
#include "project.h"

/* A file of the store as a list; read when it is first looked into. */
struct file_list {
	struct list base;
	struct cases *c;
	char *name;
	struct list *inner; /* NULL: not read */
	bool missing;
};

struct held {
	struct str name;
	struct list *list;
	bool entities;
};

struct store_lists {
	struct lists base;
	struct cases *c;
	struct arena arena;
	VEC(struct held) held;
	uint64_t txn;
	int64_t until;           /* its entities as they were then; CASES_NOW */
	const struct map *wants; /* or NULL */
};

/* ---- files */
static struct file_list *self(const struct list *l)
{
	return (struct file_list *)(uintptr_t)l;
}

/* petugas.csv is made from the workers of the store. */
static enum err workers_csv(struct cases *c, struct arena *a, struct str *out)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES);
	struct worker *w = NULL;
	size_t n = 0;
	enum err rc = cases_workers(c, a, &w, &n);

	buf_adds(&b, "name,label,role,village,language\n");
	for (size_t i = 0; i < n && !rc; i++) {
		const struct str cells[] = { w[i].code, w[i].name, w[i].role,
					     w[i].village, w[i].language };

		for (size_t k = 0; k < ARRAY_LEN(cells); k++) {
			if (k)
				buf_addc(&b, ',');
			csv_put(&b, cells[k]);
		}
		buf_addc(&b, '\n');
	}
	if (!rc)
		rc = b.failed;
	if (!rc)
		*out = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return rc;
}

static struct list *inner_of(const struct list *l)
{
	struct file_list *f = self(l);
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct str text = { NULL, 0 };
	enum err rc;

	if (f->inner || f->missing)
		return f->inner;
	if (strcmp(f->name, WORKERS_CSV) == 0)
		rc = workers_csv(f->c, &a, &text);
	else
		rc = media_get(f->c, str_from(f->name), &a, &text);
	if (!rc)
		rc = csv_list_new(&f->inner, text, true, f->name, &rep);
	f->missing = rc != ERR_NONE;
	report_release(&rep);
	arena_release(&a);
	return f->inner;
}

static size_t columns(const struct list *l)
{
	const struct list *in = inner_of(l);

	return in ? in->ops->columns(in) : 0;
}

static struct str column(const struct list *l, size_t at)
{
	const struct list *in = inner_of(l);

	return in ? in->ops->column(in, at) : (struct str){ NULL, 0 };
}

static enum err all(struct list *l, struct arena *a, const uint32_t **rows,
		    size_t *n)
{
	struct list *in = inner_of(l);

	*rows = NULL;
	*n = 0;
	return in ? in->ops->all(in, a, rows, n) : ERR_NONE;
}

static enum err find(struct list *l, size_t at, struct str value,
		     struct arena *a, const uint32_t **rows, size_t *n)
{
	struct list *in = inner_of(l);

	*rows = NULL;
	*n = 0;
	return in ? in->ops->find(in, at, value, a, rows, n) : ERR_NONE;
}

static struct str cell(struct list *l, uint32_t row, size_t at)
{
	struct list *in = inner_of(l);

	return in ? in->ops->cell(in, row, at) : (struct str){ NULL, 0 };
}

static void release(struct list *l)
{
	(void)l; /* it stays with the store's lists */
}

static const struct list_ops file_ops = {
	.columns = columns,
	.column = column,
	.all = all,
	.find = find,
	.cell = cell,
	.release = release,
};

static struct list *file_list_new(struct cases *c, struct str name)
{
	struct file_list *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->base.ops = &file_ops;
	f->c = c;
	f->name = strndup(name.p, name.n);
	if (!f->name) {
		free(f);
		return NULL;
	}
	return &f->base;
}

static void file_list_void(struct list *l)
{
	struct file_list *f = self(l);

	l->version++;
	if (f->inner)
		f->inner->ops->release(f->inner);
	f->inner = NULL;
	f->missing = false;
}

static void file_list_free(struct list *l)
{
	file_list_void(l);
	free(self(l)->name);
	free(self(l));
}

/* ---- which list a name means */
static struct str last_part(struct str src)
{
	for (size_t i = src.n; i; i--)
		if (src.p[i - 1] == '/')
			return str_sub(src, i, src.n);
	return src;
}

static bool has_entities(struct cases *c, struct str dataset)
{
	uint64_t n = 0;
	struct view v;

	if (datasets_find(cases_datasets(c), dataset))
		return true;
	if (view_begin(&v, c))
		return false;
	if (count_get(v.t, dataset, &n))
		n = 0;
	view_end(&v);
	return n > 0;
}

static bool has_media(struct cases *c, struct str name)
{
	struct view v;
	bool there;

	if (view_begin(&v, c))
		return false;
	there = txn_has(v.t, TABLE_MEDIA, name);
	view_end(&v);
	return there;
}

static struct list *make(const struct store_lists *l, struct str file,
			 bool *entities)
{
	struct cases *c = l->c;
	struct str dataset = str_sub(file, 0, file.n - strlen(".csv"));

	*entities = false;
	if (str_is(file, WORKERS_CSV))
		return file_list_new(c, file);
	*entities = has_entities(c, dataset);
	if (!*entities && has_media(c, file))
		return file_list_new(c, file);
	if (!*entities && !dataset_declared(c, dataset))
		return NULL;
	*entities = true;
	return entity_list_new(c, dataset, l->until);
}

static enum err open_list(struct lists *base, struct str id, struct str src,
			  struct list **out, struct report *rep)
{
	struct store_lists *l = (struct store_lists *)base;
	struct str file = last_part(src);
	char made[KEY_NAME_MAX + sizeof(".csv")];
	struct held *h;

	(void)rep;
	*out = NULL;
	if (!src.n) {
		snprintf(made, sizeof(made), "%.*s.csv", STR_ARG(id));
		file = str_from(made);
	}
	if (!str_ends(file, STR(".csv")))
		return ERR_NOTFOUND;
	vec_each (e, &l->held)
		if (str_eq(e->name, file)) {
			*out = e->list;
			return ERR_NONE;
		}
	h = vec_push(&l->held);
	if (!h)
		return ERR_NOMEM;
	h->list = make(l, file, &h->entities);
	h->name = arena_dup(&l->arena, file);
	if (!h->list) {
		l->held.n--;
		return ERR_NOTFOUND;
	}
	if (h->entities)
		entity_list_want(h->list, l->wants);
	*out = h->list;
	return ERR_NONE;
}

static enum err read_file(struct lists *base, struct str src, struct arena *a,
			  struct str *out)
{
	struct store_lists *l = (struct store_lists *)base;

	return media_get(l->c, last_part(src), a, out);
}

/* ---- the whole */
enum err store_lists_new(struct store_lists **out, struct cases *c,
			 int64_t until)
{
	struct store_lists *l = calloc(1, sizeof(*l));

	if (!l)
		return ERR_NOMEM;
	l->base = (struct lists){ .open = open_list, .file = read_file };
	l->c = c;
	l->until = until;
	*out = l;
	return ERR_NONE;
}

void store_lists_free(struct store_lists *l)
{
	if (!l)
		return;
	vec_each (h, &l->held) {
		if (h->entities)
			entity_list_free(h->list);
		else
			file_list_free(h->list);
	}
	vec_release(&l->held);
	arena_release(&l->arena);
	free(l);
}

struct lists *store_lists(struct store_lists *l)
{
	return &l->base;
}

void store_lists_void(struct store_lists *l)
{
	vec_each (h, &l->held)
		if (h->entities)
			entity_list_void(h->list);
}

void store_lists_refresh(struct store_lists *l, uint64_t txn)
{
	if (l->txn != txn)
		store_lists_void(l);
	l->txn = txn;
}

void store_lists_forget(struct store_lists *l)
{
	vec_each (h, &l->held)
		if (!h->entities)
			file_list_void(h->list);
	store_lists_void(l);
}

struct lists *cases_lists(struct cases *c)
{
	return store_lists(c->lists);
}

enum err cases_lists_then(struct cases *c, int64_t until, struct lists **out)
{
	struct store_lists *l = NULL;
	enum err rc = store_lists_new(&l, c, until);

	*out = l ? &l->base : NULL;
	return rc;
}

void cases_lists_want(struct lists *l, const struct map *names)
{
	struct store_lists *all = (struct store_lists *)l;

	all->wants = names;
	vec_each (h, &all->held)
		if (h->entities)
			entity_list_want(h->list, names);
}

enum err cases_lists_each(struct lists *l, struct str dataset,
			  enum err (*each)(void *arg, const struct entity *e),
			  void *arg)
{
	struct store_lists *all = (struct store_lists *)l;
	struct report none = { 0 };
	struct list *list = NULL;
	bool kept = false;
	enum err rc = open_list(l, dataset, STR(""), &list, &none);

	report_release(&none);
	vec_each (h, &all->held)
		if (!rc && h->list == list && h->entities)
			rc = entity_list_each(list, each, arg, &kept);
	if (rc && rc != ERR_NOTFOUND)
		return rc;
	return kept ? rc
		    : cases_each_at(all->c, dataset, all->until, each, arg);
}

void cases_lists_trim(struct lists *l)
{
	struct store_lists *all = (struct store_lists *)l;

	vec_each (h, &all->held)
		if (h->entities)
			entity_list_trim(h->list);
}

void cases_lists_then_free(struct lists *l)
{
	store_lists_free((struct store_lists *)l);
}
