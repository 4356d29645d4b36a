/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "text.h"

/* The table shows the first questions of an instance. */
#define COLUMNS      4
#define FIRST_COLS   24
#define OTHER_COLS   16
#define NUMBER_COLS  5
#define TABLE_COL    3
#define MAX_SHOWN_AT 4 /* row of the first instance on the screen */

struct columns {
	const struct item *item[COLUMNS];
	size_t n;
};

size_t roster_count(struct entry *e, bool *fixed)
{
	const struct page *page = entry_page(e);

	*fixed = true;
	if (!page || !page->repeat)
		return 0;
	return session_count(e->session, page->repeat, page->near, fixed);
}

static bool worth_a_column(const struct item *i)
{
	if (i->kind == ITEM_SELECT1)
		return true;
	return i->kind == ITEM_INPUT && i->type != TYPE_GEOPOINT;
}

static void find_columns(struct columns *c, const struct item *i)
{
	for (; i && c->n < COLUMNS; i = i->next) {
		if (i->kind == ITEM_GROUP)
			find_columns(c, i->first);
		else if (worth_a_column(i))
			c->item[c->n++] = i;
	}
}

/* Notes say nothing in a table; a read-only text with a value does. */
static void drop_notes(struct columns *c, struct session *s, struct ref row)
{
	size_t kept = 0;

	for (size_t i = 0; row.node && i < c->n; i++) {
		struct ref r = session_near(s, c->item[i], row);

		if (r.node &&
		    (c->item[i]->kind != ITEM_INPUT ||
		     !session_readonly(s, r) || session_value(s, r).n))
			c->item[kept++] = c->item[i];
	}
	if (row.node)
		c->n = kept;
}

struct ref roster_row(struct entry *e, size_t n)
{
	const struct page *page = entry_page(e);

	return session_repeat(e->session, page->repeat, page->near, n);
}

static int column_width(size_t i)
{
	return i == 0 ? FIRST_COLS : OTHER_COLS;
}

static struct str cell(struct entry *e, const struct item *i, struct ref row,
		       struct arena *a)
{
	struct ref r = session_near(e->session, i, row);

	if (!r.node || !session_relevant(e->session, r))
		return STR("");
	if (e->keying.mode == KEYING_VERIFY &&
	    !keying_reached(&e->keying, session_path(e->session, r, a)))
		return STR("");
	return session_display(e->session, r, a);
}

struct str roster_name(struct entry *e, struct ref instance, struct arena *a)
{
	const struct item *i = session_item(e->session, instance);
	struct columns c = { .n = 0 };

	if (!i)
		return STR("");
	find_columns(&c, i->first);
	drop_notes(&c, e->session, instance);
	return c.n ? cell(e, c.item[0], instance, a) : STR("");
}

/* Is every question of the row keyed again? */
static bool row_verified(struct entry *e, struct ref row)
{
	const struct pages *p = &e->pages;
	size_t i = 0;
	unsigned depth;

	while (i < p->n_steps && !ref_eq(p->steps[i].ref, row))
		i++;
	if (i == p->n_steps)
		return true;
	depth = p->steps[i].depth;
	while (++i < p->n_steps && p->steps[i].depth > depth)
		if (entry_unverified(e, &p->steps[i]))
			return false;
	return true;
}

/* Has the first column that is asked an answer, or is none asked here? */
static bool begun(struct entry *e, struct ref row)
{
	const struct item *i = session_item(e->session, row);
	struct columns c = { .n = 0 };

	if (e->keying.mode == KEYING_VERIFY)
		return row_verified(e, row);
	if (i)
		find_columns(&c, i->first);
	for (size_t k = 0; k < c.n; k++) {
		struct ref r = session_near(e->session, c.item[k], row);

		if (!r.node || session_readonly(e->session, r) ||
		    !session_relevant(e->session, r))
			continue;
		return session_value(e->session, r).n > 0;
	}
	return true;
}

size_t roster_unnamed(struct entry *e)
{
	bool fixed;
	size_t n = roster_count(e, &fixed), i = 0;

	while (i < n && begun(e, roster_row(e, i + 1)))
		i++;
	return i;
}

/* The last column has what room is left. */
static int cell_cols(const struct ui *u, const struct columns *c, size_t i,
		     int col)
{
	int room = ui_cols(u) - col - 1;

	return i + 1 == c->n && room > column_width(i) ? room
						       : column_width(i) - 2;
}

static void draw_head(struct entry *e, struct ui *u, const struct columns *c,
		      struct ref near)
{
	int col = TABLE_COL + NUMBER_COLS;

	for (size_t i = 0; i < c->n; i++) {
		struct str label = text_plain(
			ui_scratch(u),
			session_item_label(
				e->session, c->item[i],
				session_near(e->session, c->item[i], near)));

		ui_put(u, MAX_SHOWN_AT - 1, col, cell_cols(u, c, i, col),
		       label);
		col += column_width(i);
	}
}

static void draw_instance(struct entry *e, struct ui *u,
			  const struct columns *c, size_t n, int row)
{
	struct ref r = roster_row(e, n);
	int col = TABLE_COL + NUMBER_COLS;
	char number[24];

	snprintf(number, sizeof(number), "%zu", n);
	ui_puts(u, row, TABLE_COL, NUMBER_COLS - 1, number);
	for (size_t i = 0; r.node && i < c->n; i++) {
		struct str text = cell(e, c->item[i], r, ui_scratch(u));

		if (i == 0 && !text.n)
			text = str_from(_("(belum diisi)"));
		ui_put(u, row, col, cell_cols(u, c, i, col), text);
		col += column_width(i);
	}
}

void roster_draw_last(struct ui *u, int row, size_t n, bool fixed)
{
	const char *text = fixed ? _("Enter di sini: lanjut")
			   : n   ? _("Enter di sini: lanjut   + tambah lagi")
				 : _("belum ada   + tambah   Enter lanjut");

	ui_puts(u, row, TABLE_COL, -1, text);
}

/* One that is asked in no row is no column. */
static void drop_unasked(struct columns *c, struct entry *e, size_t rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		bool asked = i == 0;

		for (size_t n = 1; n <= rows && !asked; n++) {
			struct ref r = session_near(e->session, c->item[i],
						    roster_row(e, n));

			asked = r.node && session_relevant(e->session, r);
		}
		if (asked)
			c->item[kept++] = c->item[i];
	}
	c->n = kept;
}

void roster_draw(struct entry *e, struct ui *u)
{
	struct columns c = { .n = 0 };
	bool fixed;
	size_t n = roster_count(e, &fixed), end;

	find_columns(&c, entry_page(e)->repeat->first);
	if (n) {
		drop_notes(&c, e->session, roster_row(e, 1));
		drop_unasked(&c, e, n);
		draw_head(e, u, &c, roster_row(e, 1));
	}
	rows_set(&e->roster, n + 1);
	end = rows_window(&e->roster, ui_rows(u) - MAX_SHOWN_AT - PAGE_BOTTOM);
	for (size_t i = e->roster.top; i < end; i++) {
		int row = MAX_SHOWN_AT + (int)(i - e->roster.top);

		if (i < n)
			draw_instance(e, u, &c, i + 1, row);
		else
			roster_draw_last(u, row, n, fixed);
	}
	rows_mark(&e->roster, u, MAX_SHOWN_AT);
}

static void log_row(struct entry *e, const char *event, size_t n)
{
	struct arena a = { 0 };

	entry_log(e, event, session_path(e->session, roster_row(e, n), &a));
	arena_release(&a);
}

static void enter_row(struct entry *e, struct ui *u, size_t row)
{
	if (grid_on(e))
		grid_enter(e, u, row, 0);
	else
		entry_enter_instance(e, u, row + 1);
}

/* Before the row `at`, or as the last one; then it is filled in. */
static void add_row(struct entry *e, struct ui *u, const struct page *page,
		    size_t at, size_t row)
{
	enum err rc = session_add(e->session, page->repeat, page->near, at,
				  &e->changes);

	if (rc) {
		ui_message(u, "%s",
			   rc == ERR_REFUSED ? _("Jumlahnya sudah ditentukan")
					     : text_error(rc));
		return;
	}
	log_row(e, "add repeat", row + 1);
	entry_acted(e, u);
	enter_row(e, u, row);
}

void roster_add(struct entry *e, struct ui *u)
{
	const struct page *page = entry_page(e);
	bool fixed;
	size_t n = roster_count(e, &fixed);

	if (!page || !page->repeat)
		return;
	if (roster_unnamed(e) < n) /* one waits to be filled in */
		enter_row(e, u, roster_unnamed(e));
	else if (fixed)
		ui_message(u, "%s", _("Jumlahnya sudah ditentukan"));
	else
		add_row(e, u, page, SIZE_MAX, n);
}

void roster_insert(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	const struct page *page = entry_page(e);

	(void)b;
	if (page && page->repeat)
		add_row(e, u, page, e->roster.at, e->roster.at);
}

/* ---- sorting */
struct sorted {
	struct str key;
	double number;
	bool is_number;
	size_t row; /* from 1 */
};

/* Empty ones last, numbers by value, texts by their letters. */
static int by_key(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order;

	if (!x->key.n != !y->key.n)
		return x->key.n ? -1 : 1;
	if (x->is_number && y->is_number && x->number != y->number)
		return x->number < y->number ? -1 : 1;
	order = x->is_number && y->is_number ? 0 : str_cmp(x->key, y->key);
	if (order)
		return order;
	return x->row < y->row ? -1 : x->row > y->row;
}

static struct sorted key_of(struct entry *e, const struct item *i, size_t row,
			    struct arena *a)
{
	struct ref r = session_near(e->session, i, roster_row(e, row));
	struct sorted k = { .row = row };
	char *text, *end = NULL;

	if (!r.node)
		return k;
	k.key = arena_dup(a, session_value(e->session, r));
	text = arena_cstr(a, k.key);
	k.number = text ? strtod(text, &end) : 0;
	k.is_number = k.key.n && end && !*end;
	if (!k.is_number && i->kind == ITEM_SELECT1)
		k.key = session_display(e->session, r, a);
	if (!k.is_number)
		k.key = search_fold(a, k.key, false);
	return k;
}

static enum err sort_by(struct entry *e, const struct item *column, size_t n)
{
	const struct page *page = entry_page(e);
	struct arena a = { 0 };
	struct sorted *keys = arena_array(&a, n, sizeof(*keys));
	size_t *order = arena_array(&a, n, sizeof(*order));
	enum err rc = keys && order ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < n; i++)
		keys[i] = key_of(e, column, i + 1, &a);
	if (!rc)
		qsort(keys, n, sizeof(*keys), by_key);
	for (size_t i = 0; !rc && i < n; i++)
		order[i] = keys[i].row;
	if (!rc)
		rc = session_reorder(e->session, page->repeat, page->near,
				     order, n, &e->changes);
	arena_release(&a);
	return rc;
}

void roster_sort(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	struct columns c = { .n = 0 };
	bool fixed;
	size_t n = roster_count(e, &fixed);
	const struct item *by;
	enum err rc;

	(void)b;
	if (n < 2 || fixed)
		return;
	find_columns(&c, entry_page(e)->repeat->first);
	drop_notes(&c, e->session, roster_row(e, 1));
	if (!c.n)
		return;
	by = entry_block(e) ? entry_block(e)->step->item
			    : c.item[e->sorted_by % c.n];
	rc = sort_by(e, by, n);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	e->sorted_by = e->sorted_by % c.n + 1;
	entry_acted(e, u);
	ui_message(
		u, _("Diurutkan menurut %.*s"),
		STR_ARG(text_plain(
			ui_scratch(u),
			session_item_label(e->session, by,
					   session_near(e->session, by,
							roster_row(e, 1))))));
}

static void remove_now(struct screen *owner, struct ui *u, void *arg)
{
	struct entry *e = (struct entry *)owner;
	struct ref r = roster_row(e, e->roster.at + 1);
	enum err rc;

	log_row(e, "delete repeat", e->roster.at + 1);
	rc = r.node ? session_remove(e->session, r, &e->changes) : ERR_NOTFOUND;

	(void)arg;
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		entry_acted(e, u);
}

void roster_remove(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	struct ask ask = { .owner = &e->screen, .yes = remove_now };
	bool fixed;
	size_t n = roster_count(e, &fixed);
	struct str name;

	(void)b;
	if (fixed || e->roster.at >= n)
		return;
	name = roster_name(e, roster_row(e, e->roster.at + 1), ui_scratch(u));
	if (name.n)
		ui_ask(u, &ask, _("Hapus %.*s dari daftar ini?"),
		       STR_ARG(name));
	else
		ui_ask(u, &ask, _("Hapus baris %zu?"), e->roster.at + 1);
}
