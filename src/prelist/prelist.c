/* SPDX-License-Identifier: MIT */
#include "pilar/prelist.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "prelist.h"

enum err prelist_say(struct prelist *p, struct report *rep, struct str place,
		     const char *text)
{
	report_add(rep, PROBLEM_ERROR,
		   arena_printf(&p->arena, place.n ? "%.*s, %.*s" : "%.*s%.*s",
				STR_ARG(p->path), STR_ARG(place)),
		   "%s", _(text));
	return ERR_INVALID;
}

/* Problems said since `from` name the file. */
static void name_file(struct prelist *p, struct report *rep, size_t from)
{
	for (size_t i = from; i < rep->problems.n; i++) {
		struct problem *q = &rep->problems.at[i];

		q->place = arena_printf(&rep->arena,
					q->place.n ? "%.*s, %.*s" : "%.*s%.*s",
					STR_ARG(p->path), STR_ARG(q->place));
	}
}

static enum err read_rules(struct prelist *p)
{
	struct report unheard = { 0 };
	struct str csv;
	enum err rc = cases_media(p->cases, STR(PRELIST_FILE), &p->arena, &csv);

	if (!rc) /* the rules that can be read are worth having */
		rc = rules_read(&p->rules, csv, p->dataset->name, &p->arena,
				&unheard);
	report_release(&unheard);
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

/* Of several sheets one was read. */
static void say_sheets(struct prelist *p, struct report *rep, bool chosen)
{
	const struct source *t = &p->source;

	if (t->n_names > 1 && !chosen)
		report_add(rep, PROBLEM_WARNING, p->path,
			   _("ada %zu lembar; yang dibaca: %.*s"), t->n_names,
			   STR_ARG(t->names[t->name]));
}

static enum err read_all(struct prelist *p, const struct prelist_file *file,
			 struct report *rep)
{
	size_t said = rep->problems.n;
	enum err rc = source_read(&p->source, file, &p->arena, rep);

	name_file(p, rep, said);
	if (!rc)
		rc = read_rules(p);
	if (!rc)
		rc = words_begin(p);
	if (!rc)
		rc = heads_read(p, rep);
	if (!rc)
		say_sheets(p, rep, file->sheet.n > 0);
	return rc;
}

enum err prelist_open(struct prelist **out, struct cases *c, struct str dataset,
		      const struct prelist_file *file, struct report *rep)
{
	const struct dataset *d = datasets_find(cases_datasets(c), dataset);
	struct prelist *p;
	enum err rc;

	*out = NULL;
	if (!d) {
		report_add(rep, PROBLEM_ERROR, dataset,
			   _("daftar itu tidak ada"));
		return ERR_NOTFOUND;
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		return ERR_NOMEM;
	p->cases = c;
	p->dataset = d;
	p->key = p->label = SIZE_MAX;
	p->path = arena_dup(&p->arena, str_from(file->path));
	rc = read_all(p, file, rep);
	if (rc)
		prelist_free(p);
	else
		*out = p;
	return rc;
}

void prelist_free(struct prelist *p)
{
	if (!p)
		return;
	csv_release(&p->csv);
	source_release(&p->source);
	map_release(&p->ids);
	vec_release(&p->rules.all);
	vec_release(&p->words);
	vec_release(&p->rows);
	vec_release(&p->refusals);
	vec_release(&p->places);
	arena_release(&p->kept);
	arena_release(&p->memory);
	arena_release(&p->arena);
	free(p);
}

/* ---- which column goes where */
size_t prelist_columns(const struct prelist *p)
{
	return p->n_columns;
}

const struct prelist_column *prelist_column(const struct prelist *p, size_t i)
{
	return &p->columns[i].shown;
}

size_t prelist_find(const struct prelist *p, struct str head)
{
	for (size_t i = 0; i < p->n_columns; i++)
		if (str_eq(p->columns[i].shown.head, head))
			return i;
	return SIZE_MAX;
}

size_t prelist_key(const struct prelist *p)
{
	return p->key;
}

void prelist_set_key(struct prelist *p, size_t column)
{
	p->key = column;
	p->key_chosen = p->key_own = column != SIZE_MAX;
}

enum err prelist_map(struct prelist *p, size_t column, struct str property)
{
	struct column *c = &p->columns[column];

	if (property.n && !property_known(p, property))
		return ERR_NOTFOUND;
	property = arena_dup(&p->arena, property);
	for (size_t i = 0; i < p->n_columns && property.n; i++) {
		struct column *other = &p->columns[i];

		if (i == column || !str_eq(other->shown.property, property))
			continue;
		other->shown.property = STR("");
		other->shown.by = PRELIST_TAKEN;
		column_rules(p, other);
	}
	c->shown.property = property;
	c->shown.by = PRELIST_CHOSEN;
	column_rules(p, c);
	return ERR_NONE;
}

size_t prelist_sheets(const struct prelist *p, const struct str **names,
		      size_t *at)
{
	*names = p->source.names;
	*at = p->source.name;
	return p->source.n_names;
}

static bool listed(const struct prelist_property *all, size_t n,
		   struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].name, name))
			return true;
	return false;
}

enum err prelist_properties(const struct prelist *p, struct arena *a,
			    struct prelist_property **out, size_t *n)
{
	size_t most = p->rules.all.n + p->words.n + 1;
	struct prelist_property *all = arena_array(a, most, sizeof(*all));

	*n = 0;
	*out = all;
	if (!all)
		return ERR_NOMEM;
	vec_each (w, &p->words)
		if (!listed(all, *n, w->property))
			all[(*n)++].name = w->property;
	vec_each (r, &p->rules.all)
		if (r->kind == RULE_HEAD && r->value.n &&
		    !listed(all, *n, r->property))
			all[(*n)++].name = r->property;
	for (size_t i = 0; i < *n; i++)
		all[i].label = dataset_property(p->dataset, all[i].name);
	return ERR_NONE;
}

const struct prelist_refusal *prelist_refusals(const struct prelist *p,
					       size_t *n)
{
	*n = p->refusals.n;
	return p->refusals.at;
}

/* ---- taking it in */
enum err prelist_run(struct prelist *p, const struct prelist_run *how,
		     struct prelist_done *done, struct report *rep)
{
	const char *slash = strrchr(p->path.p, '/');
	struct list_done d = { 0 };
	struct list_in in = { .dataset = p->dataset->name,
			      .source = str_from(slash ? slash + 1 : p->path.p),
			      .dry = how->dry,
			      .progress = how->progress,
			      .cancelled = how->cancelled,
			      .arg = how->arg };
	enum err rc, remembered;

	*done = (struct prelist_done){ 0 };
	rc = rows_take(p, rep);
	if (rc)
		return rc;
	in.rows = p->rows.at;
	in.n = p->rows.n;
	rc = cases_import(p->cases, &in, &d, rep);
	*done = (struct prelist_done){ .rows = p->seen,
				       .created = d.created,
				       .changed = d.changed,
				       .same = d.same,
				       .refused = p->refusals.n,
				       .twice = p->twice,
				       .stopped_at = d.rows };
	if (how->dry || (rc && rc != ERR_CANCELLED))
		return rc;
	remembered = memory_keep(p);
	return rc ? rc : remembered;
}
