/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/*
 * Secondary instances: written in the form, or lists and documents that
 * form_options.lists knows.
 */

struct instance *form_instance(const struct form *f, struct str id)
{
	return map_get(&f->instance_ids, id);
}

static struct str instance_place(struct form *f, const struct instance *i)
{
	return arena_printf(&f->arena, "instance %.*s", STR_ARG(i->id));
}

static bool is_document(struct str src)
{
	return str_starts(src, STR("jr://file/")) &&
	       !str_ends(src, STR(".csv"));
}

static enum err open_document(struct form *f, struct instance *i)
{
	struct lists *l = f->opt->lists;
	struct str text, name = instance_place(f, i);
	const char *cname;
	enum err rc;

	if (!l->file)
		return ERR_NOTFOUND;
	rc = l->file(l, i->src, &f->arena, &text);
	if (rc)
		return rc;
	cname = arena_cstr(&f->arena, name);
	if (!cname)
		return ERR_NOMEM;
	if (str_ends(i->src, STR(".geojson")) || str_ends(i->src, STR(".json")))
		rc = geojson_tree(&i->tree, text, cname, f->rep);
	else
		rc = tree_parse(&i->tree, text, cname, f->rep);
	if (!rc)
		i->element = i->tree->root;
	return rc;
}

static enum err open_external(struct form *f, struct instance *i)
{
	struct lists *l = f->opt->lists;

	if (!l)
		return ERR_NOTFOUND;
	if (is_document(i->src))
		return open_document(f, i);
	return l->open(l, i->id, i->src, &i->list, f->rep);
}

/* A list that is not there is empty when the caller can live with that. */
static enum err missing(struct form *f, struct instance *i)
{
	struct str place = instance_place(f, i);

	if (f->opt->allow_missing)
		def_warn(f, place,
			 _("berkas tidak ada, daftar dianggap "
			   "kosong: %.*s"),
			 STR_ARG(i->src));
	else
		def_error(f, place, _("berkas tidak ada: %.*s"),
			  STR_ARG(i->src));
	return ERR_NONE;
}

static enum err instance_open(struct form *f, struct instance *i,
			      struct node *n)
{
	size_t before = f->rep->errors;
	enum err rc;

	i->id = part_attr(n, "id", NO_URI);
	i->src = str_trim(part_attr(n, "src", NO_URI));
	if (!i->id.n) {
		def_error(f, f->name, _("instance kedua di baris %u tanpa id"),
			  (unsigned)n->line);
		return ERR_NONE;
	}
	if (!form_instance(f, i->id) && map_put(&f->instance_ids, i->id, i))
		return ERR_NOMEM;
	if (!i->src.n) {
		i->element = n;
		return ERR_NONE;
	}
	i->last_saved = str_starts(i->src, STR("jr://instance/last-saved"));
	if (i->last_saved)
		return ERR_NONE;
	rc = open_external(f, i);
	if (rc == ERR_NOTFOUND)
		return missing(f, i);
	if (rc && rc != ERR_NOMEM && f->rep->errors == before)
		def_error(f, instance_place(f, i), _("tidak dapat dibaca: %s"),
			  err_str(rc));
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

enum err instances_parse(struct form *f)
{
	struct node *n = part_next(f->primary, "instance");
	size_t count = 0;
	enum err rc = ERR_NONE;

	for (const struct node *k = n; k; k = part_next(k, "instance"))
		count++;
	f->instances = arena_array(&f->arena, count, sizeof(*f->instances));
	if (!f->instances)
		return ERR_NOMEM;
	for (; n && !rc; n = part_next(n, "instance"))
		rc = instance_open(f, &f->instances[f->n_instances++], n);
	return rc;
}

/* ---- choices that name a column the list does not have */

static void check_column(struct form *f, const struct item_def *i,
			 const struct instance *from, struct str column)
{
	if (list_column(from->list, column) != SIZE_MAX)
		return;
	def_error(f, def_place(f, i->pub.slot, "itemset"),
		  _("daftar %.*s tidak punya kolom %.*s"), STR_ARG(from->id),
		  STR_ARG(column));
}

/* A list without rows need not know its columns yet. */
static bool has_rows(struct form *f, struct list *l)
{
	const uint32_t *rows;
	size_t n = 0;

	return !l->ops->all(l, &f->scratch, &rows, &n) && n > 0;
}

void itemset_check(struct form *f, const struct item_def *i)
{
	struct instance *from = form_instance(f, i->pub.external);

	if (from && !from->select && i->pub.kind == ITEM_SELECT1)
		from->select = i;
	if (from)
		from->chosen = true;
	if (!from || !from->list || !i->itemset->rows ||
	    !has_rows(f, from->list))
		return;
	check_column(f, i, from, i->itemset->value.name);
	if (!str_eq(i->itemset->label.name, i->itemset->value.name))
		check_column(f, i, from, i->itemset->label.name);
}
