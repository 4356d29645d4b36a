/* SPDX-License-Identifier: MIT */
#include "pair.h"

#include "pilar/i18n.h"

#define LABEL_COL  3
#define LABEL_COLS 14

static struct str text_of(const struct pair *p, const struct entity *e,
			  const struct dataset_row *r, struct arena *a)
{
	struct str text = STR("");

	if (!e || cases_shown(p->cases, e, r, false, a, &text))
		return STR("");
	return str_trim(text);
}

static void add(struct pair *p, struct str label, struct str left,
		struct str right)
{
	if ((left.n || right.n) && p->n < PAIR_LINES)
		p->lines[p->n++] = (struct pair_line){ label, left, right };
}

/* A detail says whole what the column of its name says in short. */
static bool said_whole(const struct dataset *d, const struct dataset_row *r)
{
	return r->kind == DATASET_COLUMN &&
	       dataset_named(d, DATASET_DETAIL, r->name);
}

static void add_rows(struct pair *p, const struct dataset *d,
		     enum dataset_kind kind, struct arena *a)
{
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, kind, i)) != NULL; i++)
		if (!said_whole(d, r))
			add(p, dataset_label(r), text_of(p, p->left, r, a),
			    text_of(p, p->right, r, a));
}

/* "Siti, Budi, Wati" */
static struct str names_of(const struct pair *p, const struct dataset *d,
			   const struct entity *of, struct arena *a)
{
	struct entity *list = NULL;
	struct str out = STR("");
	size_t n = 0;

	if (!of || cases_children(p->cases, d->name, of->id, a, &list, &n))
		return out;
	for (size_t i = 0; i < n; i++)
		out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), i ? ", " : "",
				   STR_ARG(cases_title(p->cases, &list[i])));
	return out;
}

static bool belongs(const struct dataset *child, struct str parent)
{
	return dataset_named(child, DATASET_PARENT, parent) != NULL;
}

static void add_members(struct pair *p, struct arena *a)
{
	const struct datasets *all = cases_datasets(p->cases);

	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);
		const struct dataset_row *kind =
			dataset_row(d, DATASET_TITLE, 0);

		if (belongs(d, p->left->dataset))
			add(p, kind ? dataset_label(kind) : d->name,
			    names_of(p, d, p->left, a),
			    names_of(p, d, p->right, a));
	}
}

void pair_load(struct pair *p, struct arena *a)
{
	const struct dataset *d =
		datasets_find(cases_datasets(p->cases), p->left->dataset);

	p->n = 0;
	if (!p->left->id.n || !d)
		return;
	add_rows(p, d, DATASET_COLUMN, a);
	add_rows(p, d, DATASET_DETAIL, a);
	if (!p->unsaved)
		add_members(p, a);
}

void pair_draw(const struct pair *p, struct ui *u, int row)
{
	int wide = (ui_cols(u) - LABEL_COL - LABEL_COLS - 1) / 2;
	int left = LABEL_COL + LABEL_COLS, right = left + wide;

	ui_attr(u, UI_BOLD);
	ui_puts(u, row, left, wide - 3,
		p->right ? _("tetap:") : _("tercatat:"));
	if (p->right)
		ui_put(u, row, right, -1,
		       arena_printf(ui_scratch(u), _("digabung: %.*s"),
				    STR_ARG(p->why)));
	ui_attr(u, UI_PLAIN);
	for (size_t i = 0; i < p->n && row + 1 < ui_rows(u) - 2; i++) {
		const struct pair_line *l = &p->lines[i];

		row++;
		ui_put(u, row, LABEL_COL, LABEL_COLS - 1, l->label);
		ui_put(u, row, left, wide - 3, l->left);
		if (!p->right)
			continue;
		ui_puts(u, row, right - 2, 1,
			str_eq(l->left, l->right) ? "=" : "|");
		ui_put(u, row, right, -1, l->right);
	}
}
