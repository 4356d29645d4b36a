/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#define ASK_ROW   4
#define ASK_COL   3
#define PASS_MAX  1024
#define MINUTE_MS 60000

/* Nothing of what is below is on the screen while this is on top. */
struct lock {
	struct screen screen;
	struct cases *cases;
	struct edit pass;
};

static bool guarded(const struct screen *s)
{
	return store_guarded(cases_store(((const struct lock *)s)->cases));
}

static void draw(struct screen *s, struct ui *u)
{
	struct lock *l = (struct lock *)s;
	int used;

	ui_title(u, STR("PILAR"), str_from(_("terkunci")));
	if (!guarded(s)) {
		ui_puts(u, ASK_ROW, ASK_COL, -1,
			_("Tekan Enter untuk melanjutkan. Isian tetap seperti "
			  "tadi."));
		ui_cursor(u, ASK_ROW, ASK_COL - 2);
		return;
	}
	ui_puts(u, ASK_ROW - 2, ASK_COL, -1,
		_("Layar terkunci. Isian tetap seperti tadi."));
	used = ui_puts(u, ASK_ROW, ASK_COL, -1, _("Kata sandi"));
	edit_draw(&l->pass, u, ASK_ROW, ASK_COL + used + 2,
		  ui_cols(u) - ASK_COL - used - 4);
}

/* No key but its own does anything: not even the way back. */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct lock *l = (struct lock *)s;

	(void)u;
	if (k.code == UI_ENTER && !k.pasted)
		return false;
	if (guarded(s))
		(void)edit_key(&l->pass, k);
	return true;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct lock *l = (struct lock *)s;
	enum err rc = ERR_NONE;

	(void)b;
	if (guarded(s)) {
		ui_message(u, "%s", _("Memeriksa kata sandi ..."));
		ui_refresh(u);
		rc = store_try(cases_store(l->cases), edit_text(&l->pass));
		ui_message(u, "%s", "");
	}
	seal_wipe(l->pass.text.p, l->pass.text.n);
	edit_set(&l->pass, STR(""));
	if (!rc)
		ui_pop(u);
	else
		ui_message(u, "%s", _("Kata sandi salah"));
}

static void release(struct screen *s)
{
	struct lock *l = (struct lock *)s;

	edit_release(&l->pass);
	free(l);
}

static const struct screen_ops ops = {
	.title = N_("Layar terkunci"),
	.draw = draw,
	.key = key,
	.free = release,
};

static void lock_now(struct ui *u, void *arg)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka"), N_("buka kunci"), act_open, NULL,
		  false, NULL },
		BINDING_END,
	};
	const struct screen *top = ui_top(u);
	struct lock *l;

	if (!top || top->ops == &ops)
		return;
	l = calloc(1, sizeof(*l));
	if (!l)
		return;
	l->screen.ops = &ops;
	l->screen.bindings = bindings;
	l->cases = arg;
	edit_init(&l->pass, PASS_MAX);
	l->pass.masked = true;
	ui_push(u, &l->screen);
}

void screen_lock(struct ui *u, struct cases *c)
{
	lock_now(u, c);
}

void screen_lock_arm(struct ui *u, struct cases *c)
{
	unsigned idle = cases_worker(c)->idle_min;

	ui_on_lock(u, lock_now, c,
		   (int)(idle ? idle : WORKER_IDLE) * MINUTE_MS);
}
