/* SPDX-License-Identifier: MIT */
#include "alike.h"

#include <stdlib.h>

#include "pilar/arrive.h"
#include "pilar/i18n.h"
#include "pilar/search.h"

#include "open.h"
#include "prompt.h"
#include "table.h"
#include "text.h"

#define HEAD_ROW 2
#define ROWS_ROW 3
#define WHY_COL  3
#define WHY_COLS 24
#define HITS_MAX 20
/* Bytes of the reason why it is another one all the same. */
#define REASON_MAX 200

/* Those in the store that may be who is about to be registered. */
struct alike_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct str dataset, typed;
	struct action action;
	struct alike *list;
	size_t n;
	struct rows rows;
};

static bool listed(const struct alike_screen *s, struct str id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->list[i].id, id))
			return true;
	return false;
}

/* Nearly the same names, then what the typed words find. */
static enum err look(struct alike_screen *s)
{
	struct search_query q = { .text = s->typed,
				  .dataset = s->dataset,
				  .limit = HITS_MAX };
	struct search_result found = { 0 };
	struct alike *near = NULL;
	size_t n = 0;
	enum err rc = cases_alike_name(s->cases, s->dataset, s->typed,
				       &s->arena, &near, &n);

	if (!rc)
		rc = cases_search(s->cases, &q, &s->arena, &found);
	s->list = arena_array(&s->arena, n + found.n + 1, sizeof(*s->list));
	if (!s->list)
		return ERR_NOMEM;
	for (size_t i = 0; i < n && !rc; i++)
		s->list[s->n++] = near[i];
	for (size_t i = 0; i < found.n && !rc; i++)
		if (!listed(s, found.hits[i].id))
			s->list[s->n++] = (struct alike){
				.id = found.hits[i].id,
				.why = str_from(found.hits[i].how == HIT_CHILD
							? _("anggotanya cocok")
							: _("kata cocok"))
			};
	return rc;
}

static void draw(struct screen *screen, struct ui *u)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	const struct dataset *d =
		datasets_find(cases_datasets(s->cases), s->dataset);
	struct table_view t;
	size_t end = rows_window(&s->rows, ui_rows(u) - ROWS_ROW - 2);

	ui_title(u, str_from(_("Mungkin sudah ada")),
		 text_count(ui_scratch(u), s->n));
	ui_put(u, 1, 1, -1,
	       arena_printf(ui_scratch(u), _("Akan didaftarkan: %.*s"),
			    STR_ARG(s->typed)));
	table_begin(&t, d, ui_cols(u) - WHY_COL - WHY_COLS - 1);
	table_head(&t, u, HEAD_ROW, WHY_COL + WHY_COLS);
	ui_puts(u, HEAD_ROW, WHY_COL, WHY_COLS - 1, _("Mengapa"));
	for (size_t i = s->rows.top; i < end; i++) {
		int row = ROWS_ROW + (int)(i - s->rows.top);
		struct entity e = { 0 };

		ui_put(u, row, WHY_COL, WHY_COLS - 1, s->list[i].why);
		if (!cases_entity(s->cases, s->dataset, s->list[i].id,
				  ui_scratch(u), &e))
			table_entity(
				&t, u, s->cases, &e, true,
				(struct ui_box){ .row = row,
						 .col = WHY_COL + WHY_COLS });
	}
	rows_mark(&s->rows, u, ROWS_ROW, 1, true);
}

static bool key(struct screen *screen, struct ui *u, struct key k)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	(void)u;
	return rows_key(&s->rows, k);
}

static void act_open(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	(void)b;
	if (s->rows.at < s->n)
		case_open(u, s->cases, s->dataset, s->list[s->rows.at].id);
}

/* Why it is another one stands in the store beside the records. */
static void keep_reason(struct alike_screen *s, struct ui *u, struct str reason)
{
	struct note note = { .value = reason };
	enum err rc;

	note.name =
		arena_printf(&s->arena, "alike/%.*s/%lld", STR_ARG(s->dataset),
			     (long long)sys_now(cases_sys(s->cases)));
	rc = cases_notes_put(s->cases, &note, 1);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

static void take_reason(struct screen *screen, struct ui *u, struct str reason)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	struct cases *c = s->cases;
	struct action a = s->action;
	struct arena kept = { 0 };

	reason = str_trim(reason);
	if (!reason.n) {
		ui_message(u, "%s", _("tulis alasannya dulu"));
		return;
	}
	keep_reason(s, u, reason);
	a.form = arena_dup(&kept, a.form);
	ui_pop(u);
	action_start(u, c, &a);
	arena_release(&kept);
}

static void act_new(struct screen *screen, struct ui *u,
		    const struct binding *b)
{
	const struct prompt p = { .owner = screen,
				  .label = _("Mengapa bukan salah satu dari "
					     "ini?"),
				  .max = REASON_MAX,
				  .take = take_reason };

	(void)b;
	prompt_open(u, &p);
}

static void release(struct screen *screen)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	arena_release(&s->arena);
	free(s);
}

void alike_open(struct ui *u, struct cases *c, const struct action *a,
		struct str typed)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka"),
		  N_("buka kasus itu; di sana juga gabung"), act_open, NULL,
		  false, NULL },
		{ 'l', 0, N_("lanjut daftar"),
		  N_("daftarkan sebagai yang baru, dengan alasan"), act_new,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Mungkin sudah ada"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct alike_screen *s = calloc(1, sizeof(*s));
	enum err rc;

	if (!s)
		return;
	s->screen.ops = &ops;
	s->screen.bindings = bindings;
	s->cases = c;
	s->dataset = arena_dup(&s->arena, a->dataset);
	s->typed = arena_dup(&s->arena, str_trim(typed));
	s->action = *a;
	s->action.form = arena_dup(&s->arena, a->form);
	rc = look(s);
	if (!rc && s->n) {
		rows_set(&s->rows, s->n);
		ui_push(u, &s->screen);
		return;
	}
	release(&s->screen);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		action_start(u, c, a);
}
