/* SPDX-License-Identifier: MIT */
#include "import.h"

#include "pilar/arrive.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

enum err import_say(struct import *m, struct str place, const char *text)
{
	report_add(&m->app->report, PROBLEM_ERROR,
		   arena_printf(&m->app->arena, place.n ? "%s, %.*s" : "%s%.*s",
				m->file, STR_ARG(place)),
		   "%s", _(text));
	return ERR_INVALID;
}

/* ---- columns */

static bool property_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') ||
					    c == '-' || c == '.')))
			return false;
	}
	return s.n > 0 && s.n <= 64 && !str_starts(s, STR("__")) &&
	       !str_is(s, "name");
}

/* The property that a row of datasets.csv shows as it is. */
static struct str plain(const struct dataset_row *r)
{
	struct str s = r->kind == DATASET_UNIQUE ? r->name : r->value;

	return property_name(s) ? s : (struct str){ NULL, 0 };
}

static struct str by_label(const struct import *m, struct str head)
{
	for (size_t i = 0; i < m->dataset->n; i++) {
		const struct dataset_row *r = &m->dataset->rows[i];

		if (r->kind > DATASET_UNIQUE || !plain(r).n)
			continue;
		if (str_eq(head, r->label_id) || str_eq(head, r->label_en))
			return plain(r);
	}
	return (struct str){ NULL, 0 };
}

static bool known(const struct import *m, struct str property)
{
	if (str_is(property, LABEL))
		return true;
	for (size_t i = 0; i < m->dataset->n; i++)
		if (str_eq(plain(&m->dataset->rows[i]), property))
			return true;
	return cases_saves(m->app->cases, m->dataset->name, property);
}

static const struct dataset *parent_of(const struct import *m,
				       struct str property)
{
	const struct datasets *all = cases_datasets(m->app->cases);
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(m->dataset, DATASET_PARENT, i));
	     i++)
		if (str_eq(r->value, property))
			return datasets_find(all, r->name);
	return NULL;
}

static size_t column_of(const struct import *m, struct str head)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (str_eq(m->columns[i].head, head))
			return i;
	return SIZE_MAX;
}

static enum err take_map(struct import *m, const char *word)
{
	struct str to = str_from(word), head;
	size_t i;

	if (!str_split(&to, '=', &head) || !to.n)
		return import_say(m, str_from(word),
				  N_("--map harus KOLOM=ISIAN"));
	i = column_of(m, head);
	if (i == SIZE_MAX)
		return import_say(m, head, N_("kolom itu tidak ada"));
	if (!property_name(to) || !known(m, to))
		return import_say(m, to,
				  N_("isian itu tidak ada di daftar ini"));
	m->columns[i].property = to;
	m->columns[i].mapped = true;
	return ERR_NONE;
}

/* ---- the columns of the last list, for those of the next one */
static struct str note_name(struct import *m)
{
	return arena_printf(&m->app->arena, "import/%.*s",
			    STR_ARG(m->dataset->name));
}

static enum err take_remembered(struct import *m)
{
	struct str all, line;
	enum err rc =
		cases_note(m->app->cases, note_name(m), &m->app->arena, &all);

	while (!rc && str_split(&all, '\n', &line)) {
		struct str to = line, head;
		size_t i;

		if (!str_split(&to, '=', &head) || !to.n)
			continue;
		i = column_of(m, head);
		if (i == SIZE_MAX || !known(m, to))
			continue;
		m->columns[i].property = to;
		m->columns[i].mapped = true;
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err import_remember(struct import *m)
{
	struct buf b = BUF_INIT((size_t)1 << 16);
	struct note note = { .name = note_name(m) };
	enum err rc;

	vec_each (word, &m->maps)
		buf_addf(&b, "%s\n", *word);
	note.value = buf_str(&b);
	rc = b.failed ? b.failed : cases_notes_put(m->app->cases, &note, 1);
	buf_release(&b);
	return rc;
}

static enum err no_twins(struct import *m)
{
	for (size_t i = 0; i < m->n_columns; i++)
		for (size_t k = 0; k < i; k++) {
			struct str p = m->columns[i].property;

			if (p.n && str_eq(p, m->columns[k].property))
				return import_say(
					m, p, N_("dua kolom untuk isian ini"));
		}
	return ERR_NONE;
}

static void guess(struct import *m, struct column *c)
{
	if (!c->mapped) {
		if (property_name(c->head) && known(m, c->head))
			c->property = c->head;
		else
			c->property = by_label(m, c->head);
	}
	if (c->property.n) {
		c->parent = parent_of(m, c->property);
		c->unique =
			dataset_named(m->dataset, DATASET_UNIQUE, c->property);
	}
	if (!c->property.n && (!m->id_column || !str_is(c->head, m->id_column)))
		report_add(&m->app->report, PROBLEM_WARNING, str_from(m->file),
			   _("kolom %.*s dilewati: tidak dikenal"),
			   STR_ARG(c->head));
}

/* What an entity without a label of its own is called by. */
static size_t title_column(const struct import *m)
{
	const struct dataset_row *r = dataset_row(m->dataset, DATASET_TITLE, 0);
	struct str title = r ? plain(r) : STR("");

	for (size_t i = 0; i < m->n_columns; i++)
		if (str_is(m->columns[i].property, LABEL))
			return i;
	for (size_t i = 0; i < m->n_columns; i++)
		if (title.n && str_eq(m->columns[i].property, title))
			return i;
	return SIZE_MAX;
}

enum err import_head(struct import *m)
{
	enum err rc;

	m->n_columns = m->csv.cells.n;
	for (size_t i = 0; i < m->n_columns; i++) {
		struct str cell = str_trim(m->csv.cells.at[i]);

		if (!utf8_valid(cell))
			return import_say(m, STR(""),
					  N_("judul kolom bukan UTF-8"));
		m->columns[i].head = arena_dup(&m->app->arena, cell);
	}
	vec_each (word, &m->maps) {
		rc = take_map(m, *word);
		if (rc)
			return rc;
	}
	rc = m->maps.n ? ERR_NONE : take_remembered(m);
	if (rc)
		return rc;
	for (size_t i = 0; i < m->n_columns; i++)
		guess(m, &m->columns[i]);
	m->id = m->id_column ? column_of(m, str_from(m->id_column)) : SIZE_MAX;
	if (m->id_column && m->id == SIZE_MAX)
		return import_say(m, str_from(m->id_column),
				  N_("kolom itu tidak ada"));
	m->label = title_column(m);
	if (m->label == SIZE_MAX)
		return import_say(m, STR(""),
				  N_("tidak ada kolom untuk nama; isi --map "
				     "KOLOM=label"));
	return no_twins(m);
}
