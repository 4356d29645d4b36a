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

/* Where the columns of a pair stand. One alone has the whole width. */
struct columns {
	int left, right, wide;
	int spare; /* rows that are left for what goes on below itself */
};

static struct columns columns_of(const struct pair *p, const struct ui *u,
				 int row)
{
	int left = LABEL_COL + LABEL_COLS, room = ui_cols(u) - left - 1;
	int wide = p->right ? room / 2 : room;

	return (struct columns){ .left = left,
				 .right = left + wide,
				 .wide = p->right ? wide - 3 : wide,
				 .spare = ui_rows(u) - 2 - row - (int)p->n };
}

/* The next row of a text; on the last one its rest, cut. */
static void put_part(struct ui *u, int row, int col, int wide, struct str *rest,
		     bool last)
{
	struct str part = *rest;

	if (!last && !ui_wrap(rest, wide, &part))
		part = STR("");
	ui_put(u, row, col, wide, part);
}

/* Answers the next row. */
static int draw_line(const struct pair *p, struct ui *u, struct columns *c,
		     const struct pair_line *l, int row)
{
	struct str left = l->left, right = p->right ? l->right : STR("");
	int rows = ui_wrap_count(left, c->wide);
	int other = ui_wrap_count(right, c->wide);

	rows = rows > other ? rows : other;
	rows = rows > 1 + c->spare ? 1 + c->spare : rows;
	c->spare -= rows - 1;
	ui_put(u, row, LABEL_COL, LABEL_COLS - 1, l->label);
	if (p->right)
		ui_puts(u, row, c->right - 2, 1,
			str_eq(left, right) ? "=" : "|");
	for (; rows > 0; rows--, row++) {
		put_part(u, row, c->left, c->wide, &left, rows == 1);
		put_part(u, row, c->right, c->wide, &right, rows == 1);
	}
	return row;
}

void pair_draw(const struct pair *p, struct ui *u, int row)
{
	struct columns c = columns_of(p, u, row + 1);

	c.spare = c.spare > 0 ? c.spare : 0;
	ui_attr(u, UI_BOLD);
	ui_puts(u, row, c.left, c.wide,
		p->right ? _("tetap:") : _("tercatat:"));
	if (p->right)
		ui_put(u, row, c.right, -1,
		       arena_printf(ui_scratch(u), _("digabung: %.*s"),
				    STR_ARG(p->why)));
	ui_attr(u, UI_PLAIN);
	row++;
	for (size_t i = 0; i < p->n && row < ui_rows(u) - 2; i++)
		row = draw_line(p, u, &c, &p->lines[i], row);
}
