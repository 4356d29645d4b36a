/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "text.h"

#define HEAD_ROW   1
#define ROWS_ROW   3
#define SIDE_ROWS  2 /* the values; who gave them, and when */
#define BELOW_ROWS 7 /* for the field under the marker, and the last two */
#define LABEL_COLS 18
#define MARK_COLS  4

/*
 * One case of which two people said different things: field by field, side by
 * side. What is marked here begins the form that decides.
 */
struct conflict_screen {
	struct screen screen;
	struct cases *cases;
	struct arena names, arena;
	struct str dataset, id;
	struct entity entity;
	struct conflict_side *sides;
	struct str *chosen; /* value by side; only the first of a property's */
	size_t n;
	struct rows rows;
};

/* The first side of the same property holds what was chosen for it. */
static size_t owner(const struct conflict_screen *v, size_t i)
{
	size_t k = 0;

	while (!str_eq(v->sides[k].property, v->sides[i].property))
		k++;
	return k;
}

static bool is_mine(const struct conflict_screen *v,
		    const struct conflict_who *w)
{
	return str_eq(w->worker, cases_worker(v->cases)->code);
}

static void shown(struct screen *s, struct ui *u)
{
	struct conflict_screen *v = (struct conflict_screen *)s;
	enum err rc;

	arena_reset(&v->arena);
	v->n = 0;
	rc = cases_entity(v->cases, v->dataset, v->id, &v->arena, &v->entity);
	if (!rc && v->entity.conflict)
		rc = cases_conflict(v->cases, &v->entity, &v->arena, &v->sides,
				    &v->n);
	if (!rc) {
		v->chosen =
			arena_array(&v->arena, v->n + 1, sizeof(*v->chosen));
		if (!v->chosen)
			v->n = 0;
	}
	for (size_t i = 0; i < v->n; i++)
		v->chosen[i] = entity_prop_of(&v->entity, v->sides[i].property);
	rows_set(&v->rows, v->n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* ---- drawing */
static int side_cols(const struct ui *u)
{
	return (ui_cols(u) - 3 - LABEL_COLS) / 2;
}

static struct str said_by(const struct conflict_screen *v, struct ui *u,
			  const struct conflict_who *w)
{
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(v->cases);

	return arena_printf(
		a, "%.*s, %.*s %.*s",
		STR_ARG(is_mine(v, w) ? str_from(_("saya")) : w->worker),
		STR_ARG(str_trim(text_date(a, sys, w->at))),
		STR_ARG(text_time(a, sys, w->at)));
}

static void draw_side(const struct conflict_screen *v, struct ui *u, size_t i,
		      int row)
{
	const struct conflict_side *s = &v->sides[i];
	struct str chosen = v->chosen[owner(v, i)];
	int wide = side_cols(u), col = 3 + LABEL_COLS;

	ui_put(u, row, 3, LABEL_COLS - 1, s->label);
	for (int k = 0; k < 2; k++, col += wide) {
		struct str value = k ? s->second : s->first;
		struct str text = k ? s->second_text : s->first_text;

		ui_puts(u, row, col, MARK_COLS - 1,
			str_eq(value, chosen) ? "[x]" : "[ ]");
		ui_put(u, row, col + MARK_COLS, wide - MARK_COLS - 1,
		       text.n ? text : str_from(_("(kosong)")));
		ui_put(u, row + 1, col + MARK_COLS, wide - MARK_COLS - 1,
		       said_by(v, u, k ? &s->second_by : &s->first_by));
	}
}

static int draw_whole(struct ui *u, int row, const char *label, struct str text)
{
	ui_puts(u, row, 3, LABEL_COLS - 1, label);
	ui_put(u, row, 3 + LABEL_COLS, -1, text);
	return row + 1;
}

/* The field under the marker, uncut, and where its values come from. */
static void draw_below(const struct conflict_screen *v, struct ui *u)
{
	const struct conflict_side *s = &v->sides[v->rows.at];
	struct arena *a = ui_scratch(u);
	struct str before = s->before_text;
	int row = ui_rows(u) - BELOW_ROWS;

	row = draw_whole(u, row, _("Semula"),
			 before.n ? before : str_from(_("(kosong)")));
	row = draw_whole(u, row, _("Kiri"),
			 arena_printf(a, "%.*s (%.*s)", STR_ARG(s->first_text),
				      STR_ARG(s->first_by.title)));
	row = draw_whole(u, row, _("Kanan"),
			 arena_printf(a, "%.*s (%.*s)", STR_ARG(s->second_text),
				      STR_ARG(s->second_by.title)));
	if (!s->asked)
		ui_puts(u, row, 3, -1,
			_("Isian ini tetap seperti sekarang; ubah lewat "
			  "kasusnya."));
}

static void draw(struct screen *s, struct ui *u)
{
	struct conflict_screen *v = (struct conflict_screen *)s;
	int col = 3 + LABEL_COLS + MARK_COLS, room;
	size_t end;

	room = (ui_rows(u) - ROWS_ROW - BELOW_ROWS) / SIDE_ROWS;
	ui_title(u, cases_title(v->cases, &v->entity),
		 str_from(_("Isi berbeda")));
	if (!v->n) {
		ui_puts(u, ROWS_ROW, 3, -1,
			v->entity.conflict
				? _("Semua perubahan berlaku, tidak ada isian "
				    "yang bertentangan.")
				: _("Tidak ada konflik pada kasus ini."));
		return;
	}
	end = rows_window(&v->rows, room);
	ui_puts(u, HEAD_ROW, col, side_cols(u) - MARK_COLS, _("1 Lebih dulu"));
	ui_puts(u, HEAD_ROW, col + side_cols(u), -1, _("2 Kemudian (berlaku)"));
	for (size_t i = v->rows.top; i < end; i++)
		draw_side(v, u, i,
			  ROWS_ROW + SIDE_ROWS * (int)(i - v->rows.top));
	draw_below(v, u);
	ui_puts(u, ROWS_ROW + SIDE_ROWS * (int)(v->rows.at - v->rows.top), 1, 1,
		">");
	ui_cursor(u, ROWS_ROW + SIDE_ROWS * (int)(v->rows.at - v->rows.top), 2);
}

static void help(struct screen *s, struct ui *u, struct buf *out)
{
	(void)s;
	(void)u;
	buf_adds(out,
		 _("Pilih isian mana yang benar, satu demi satu atau semuanya, "
		   "lalu Enter: formulir putusan terbuka dengan pilihan itu. "
		   "Putusan tersimpan seperti isian lain dan ikut diekspor; "
		   "kedua isian tetap ada di riwayat."));
}

/* ---- keys */
static void choose(struct conflict_screen *v, size_t i, bool second)
{
	const struct conflict_side *s = &v->sides[i];

	if (s->asked)
		v->chosen[owner(v, i)] = second ? s->second : s->first;
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct conflict_screen *v = (struct conflict_screen *)s;

	(void)u;
	if (!v->n || k.pasted)
		return false;
	if (k.code == UI_LEFT || k.code == UI_RIGHT)
		choose(v, v->rows.at, k.code == UI_RIGHT);
	else
		return rows_key(&v->rows, k);
	return true;
}

static bool any(const struct screen *s)
{
	return ((const struct conflict_screen *)s)->n > 0;
}

static bool any_mine(const struct screen *s)
{
	const struct conflict_screen *v = (const struct conflict_screen *)s;

	for (size_t i = 0; i < v->n; i++)
		if (is_mine(v, &v->sides[i].first_by) ||
		    is_mine(v, &v->sides[i].second_by))
			return true;
	return false;
}

static void act_other(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflict_screen *v = (struct conflict_screen *)s;
	size_t i = v->rows.at;

	(void)u;
	(void)b;
	choose(v, i, !str_eq(v->chosen[owner(v, i)], v->sides[i].second));
}

static void act_left(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflict_screen *v = (struct conflict_screen *)s;

	(void)u;
	(void)b;
	for (size_t i = v->n; i-- > 0;)
		choose(v, i, false);
}

static void act_right(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflict_screen *v = (struct conflict_screen *)s;

	(void)u;
	(void)b;
	for (size_t i = 0; i < v->n; i++)
		choose(v, i, true);
}

/* Every field in which one side is the worker's own. */
static void choose_own(struct conflict_screen *v, bool own)
{
	for (size_t i = 0; i < v->n; i++) {
		bool first = is_mine(v, &v->sides[i].first_by);
		bool second = is_mine(v, &v->sides[i].second_by);

		if (first != second)
			choose(v, i, second == own);
	}
}

static void act_mine(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)u;
	(void)b;
	choose_own((struct conflict_screen *)s, true);
}

static void act_theirs(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)u;
	(void)b;
	choose_own((struct conflict_screen *)s, false);
}

static void act_case(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflict_screen *v = (struct conflict_screen *)s;

	(void)b;
	case_open(u, v->cases, v->dataset, v->id);
}

static void decide(struct conflict_screen *v, struct ui *u,
		   const struct entity_prop *values, size_t n)
{
	struct cases_start how = { 0 };
	enum err rc = cases_decide(v->cases, &v->entity, values, n,
				   ui_scratch(u), &how);

	if (rc == ERR_NOTFOUND)
		ui_message(u, "%s",
			   _("Daftar ini belum punya formulir putusan"));
	else if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		entry_start(u, v->cases, &how,
			    cases_title(v->cases, &v->entity));
}

static void act_decide(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflict_screen *v = (struct conflict_screen *)s;
	struct entity_prop *values =
		arena_array(ui_scratch(u), v->n + 1, sizeof(*values));
	size_t n = 0;

	(void)b;
	for (size_t i = 0; values && i < v->n; i++)
		if (owner(v, i) == i)
			values[n++] =
				(struct entity_prop){ v->sides[i].property,
						      v->chosen[i] };
	if (values)
		decide(v, u, values, n);
	else
		ui_message(u, "%s", text_error(ERR_NOMEM));
}

/* Both changes stand; what the form has for any other data says so. */
static void act_seen(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct entity_prop other = { STR(""), STR("") };

	(void)b;
	decide((struct conflict_screen *)s, u, &other, 1);
}

static bool only_seen(const struct screen *s)
{
	const struct conflict_screen *v = (const struct conflict_screen *)s;

	return !v->n && v->entity.conflict;
}

static void release(struct screen *s)
{
	struct conflict_screen *v = (struct conflict_screen *)s;

	arena_release(&v->names);
	arena_release(&v->arena);
	free(v);
}

void conflict_open(struct ui *u, struct cases *c, struct str dataset,
		   struct str id)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 'f', N_("putuskan"),
		  N_("formulir putusan dengan isian yang dipilih"), act_decide,
		  any, false, NULL },
		{ UI_ENTER, 'f', N_("sudah dilihat"),
		  N_("semua tetap seperti sekarang: keluar dari daftar "
		     "konflik"),
		  act_seen, only_seen, false, NULL },
		{ ' ', 0, N_("ganti pilihan"),
		  N_("pilih kiri atau kanan untuk baris ini; juga panah"),
		  act_other, any, false, NULL },
		{ 'm', 0, N_("punya saya"), N_("semua isian saya sendiri"),
		  act_mine, any_mine, false, NULL },
		{ 't', 0, N_("punya dia"), N_("semua isian petugas lain"),
		  act_theirs, any_mine, false, NULL },
		{ '1', 0, N_("semua kiri"), NULL, act_left, any, false, NULL },
		{ '2', 0, N_("semua kanan"), NULL, act_right, any, false,
		  NULL },
		{ 'k', 0, N_("buka kasus"), NULL, act_case, NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Isi berbeda"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.help = help,
		.free = release,
	};
	struct conflict_screen *v = calloc(1, sizeof(*v));
	enum err rc;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	v->dataset = arena_dup(&v->names, dataset);
	v->id = arena_dup(&v->names, id);
	rc = cases_audit(c, AUDIT_OPEN, dataset, id);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		release(&v->screen);
		return;
	}
	ui_push(u, &v->screen);
}
