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

static enum err side_begin(struct prelist *p, struct side *side,
			   struct str dataset)
{
	struct report unheard = { 0 };
	struct str csv;
	enum err rc = cases_media(p->cases, STR(PRELIST_FILE), &p->arena, &csv);

	side->dataset = datasets_find(cases_datasets(p->cases), dataset);
	if (!rc) /* the rules that can be read are worth having */
		rc = rules_read(&side->rules, csv, dataset, &p->arena,
				&unheard);
	report_release(&unheard);
	if (rc == ERR_NOMEM)
		return rc;
	return side->dataset ? words_begin(p, side) : ERR_NONE;
}

static void side_end(struct side *side)
{
	vec_release(&side->rules.all);
	vec_release(&side->words);
}

/* What the rows are, and what they make together by a number. */
static enum err read_rules(struct prelist *p, struct str dataset)
{
	const struct dataset_row *r;
	enum err rc = side_begin(p, &p->own, dataset);

	p->make = rules_get(&p->own.rules, RULE_MAKE, STR(""), 0);
	for (size_t i = 0; !rc && p->make && !p->up.dataset; i++) {
		r = dataset_row(p->own.dataset, DATASET_PARENT, i);
		if (!r)
			break;
		if (str_eq(r->value, p->make->property))
			rc = side_begin(p, &p->up, r->name);
	}
	if (!p->up.dataset)
		p->make = NULL;
	return rc;
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
		rc = read_rules(p, p->own.dataset->name);
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
	p->own.dataset = d;
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
	groups_forget(p);
	vec_release(&p->groups);
	lookups_end(p);
	side_end(&p->own);
	side_end(&p->up);
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
	c->shown.property = property;
	c->shown.by = PRELIST_CHOSEN;
	column_rules(p, c);
	for (size_t i = 0; i < p->n_columns && property.n; i++) {
		struct column *other = &p->columns[i];

		if (i == column || !str_eq(other->shown.property, property) ||
		    columns_agree(c, other))
			continue;
		other->shown.property = STR("");
		other->shown.by = PRELIST_TAKEN;
		column_rules(p, other);
	}
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

/* As datasets.csv calls it, else as the heads of lists do. */
static struct str called(const struct side *side, struct str property)
{
	struct str label = dataset_property(side->dataset, property);
	const struct dataset_row *r;
	const struct rule *head;

	if (!str_eq(label, property))
		return label;
	for (size_t i = 0; (r = dataset_row(side->dataset, DATASET_PARENT, i));
	     i++)
		if (str_eq(r->value, property))
			return dataset_label(r);
	head = rules_get(&side->rules, RULE_HEAD, property, 0);
	return head && head->called.n ? head->called : label;
}

static void list_side(const struct side *side, struct prelist_property *all,
		      size_t *n)
{
	vec_each (w, &side->words)
		if (!listed(all, *n, w->property))
			all[(*n)++].name = w->property;
	vec_each (r, &side->rules.all)
		if (r->kind == RULE_HEAD && r->value.n &&
		    !listed(all, *n, r->property))
			all[(*n)++].name = r->property;
	for (size_t i = 0; i < *n; i++)
		all[i].label = called(side, all[i].name);
}

struct str prelist_label(const struct prelist *p, struct str property,
			 struct arena *a)
{
	size_t slash = str_find(property, STR("/"), 0);
	const struct dataset_row *r;

	if (slash == SIZE_MAX || !p->up.dataset)
		return called(&p->own, property);
	property = called(&p->up, str_sub(property, slash + 1, property.n));
	r = dataset_row(p->up.dataset, DATASET_TITLE, 0);
	return arena_printf(a, "%.*s: %.*s",
			    STR_ARG(r ? dataset_label(r) : p->up.dataset->name),
			    STR_ARG(property));
}

/* As `--map` names them. */
static void list_up(const struct prelist *p, struct arena *a,
		    struct prelist_property *all, size_t *n)
{
	list_side(&p->up, all, n);
	for (size_t i = 0; i < *n; i++) {
		all[i].name =
			arena_printf(a, "%.*s/%.*s", STR_ARG(p->make->property),
				     STR_ARG(all[i].name));
		all[i].label = prelist_label(p, all[i].name, a);
	}
}

enum err prelist_properties(const struct prelist *p, struct arena *a,
			    struct prelist_property **out, size_t *n)
{
	size_t most = p->own.rules.all.n + p->own.words.n + p->up.rules.all.n +
		      p->up.words.n + 1;
	struct prelist_property *all = arena_array(a, most, sizeof(*all));
	size_t more = 0;

	*n = 0;
	*out = all;
	if (!all)
		return ERR_NOMEM;
	list_side(&p->own, all, n);
	if (p->make)
		list_up(p, a, all + *n, &more);
	*n += more;
	return ERR_NONE;
}

const struct prelist_refusal *prelist_refusals(const struct prelist *p,
					       size_t *n)
{
	*n = p->refusals.n;
	return p->refusals.at;
}

/* ---- taking it in */

/* Two lists one after the other are one piece of work. */
struct running {
	const struct prelist_run *how;
	size_t before, total;
};

static void progress(void *arg, size_t so_far, size_t total)
{
	const struct running *r = arg;

	(void)total;
	if (r->how->progress)
		r->how->progress(r->how->arg, r->before + so_far, r->total);
}

static bool cancelled(void *arg)
{
	const struct prelist_run *how = ((const struct running *)arg)->how;

	return how->cancelled && how->cancelled(how->arg);
}

static enum err bring(struct prelist *p, struct running *run,
		      const struct side *side, struct list_in *in,
		      struct list_done *d, struct report *rep)
{
	const char *slash = strrchr(p->path.p, '/');
	enum err rc;

	in->dataset = side->dataset->name;
	in->source = str_from(slash ? slash + 1 : p->path.p);
	in->dry = run->how->dry;
	in->progress = progress;
	in->cancelled = cancelled;
	in->arg = run;
	rc = cases_import(p->cases, in, d, rep);
	run->before += in->n;
	return rc;
}

static void count_uncoded(const struct prelist *p, struct prelist_done *done)
{
	struct str of = STR(""), label;

	done->uncoded = lookups_lost(p, &of);
	label = called(&p->own, of);
	if (str_eq(label, of) && p->up.dataset)
		label = called(&p->up, of);
	done->uncoded_of = label;
}

enum err prelist_run(struct prelist *p, const struct prelist_run *how,
		     struct prelist_done *done, struct report *rep)
{
	struct list_done up = { 0 }, d = { 0 };
	struct list_in made = { .n = 0 }, rows = { .n = 0 };
	struct running run = { .how = how };
	struct list_row *groups = NULL;
	enum err rc, remembered;

	*done = (struct prelist_done){ 0 };
	rc = rows_take(p, rep);
	if (!rc)
		rc = group_rows(p, &groups, &made.n);
	if (rc)
		return rc;
	made.rows = groups;
	rows.rows = p->rows.at;
	rows.n = p->rows.n;
	run.total = made.n + rows.n;
	if (made.n)
		rc = bring(p, &run, &p->up, &made, &up, rep);
	if (!rc)
		rc = bring(p, &run, &p->own, &rows, &d, rep);
	*done = (struct prelist_done){ .rows = p->seen,
				       .created = d.created,
				       .changed = d.changed,
				       .same = d.same,
				       .refused = p->refusals.n,
				       .twice = p->twice,
				       .made = up.created,
				       .made_changed = up.changed,
				       .stopped_at = d.rows };
	count_uncoded(p, done);
	if (how->dry || (rc && rc != ERR_CANCELLED))
		return rc;
	remembered = memory_keep(p);
	return rc ? rc : remembered;
}

struct str prelist_made(const struct prelist *p)
{
	const struct dataset_row *r =
		p->make ? dataset_row(p->up.dataset, DATASET_TITLE, 0) : NULL;

	return r ? dataset_label(r) : STR("");
}
