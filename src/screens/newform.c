/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "text.h"

struct newform {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct form_row *forms;
	size_t n;
	size_t typed; /* the number so far; 0: none */
	struct rows rows;
};

/* Only the newest version of each form is begun. */
static void shown(struct screen *s, struct ui *u)
{
	struct newform *f = (struct newform *)s;
	size_t all = 0;
	enum err rc;

	arena_reset(&f->arena);
	f->n = 0;
	rc = cases_forms(f->cases, &f->arena, &f->forms, &all);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	for (size_t i = 0; !rc && i < all; i++) {
		if (f->forms[i].current)
			f->forms[f->n++] = f->forms[i];
	}
	rows_set(&f->rows, f->n);
}

static void draw(struct screen *s, struct ui *u)
{
	struct newform *f = (struct newform *)s;
	size_t end = rows_window(&f->rows, ui_rows(u) - 4);

	ui_title(u, str_from(_("Formulir baru")), STR(""));
	if (!f->n)
		ui_puts(u, 2, 3, -1, _("Belum ada formulir."));
	for (size_t i = f->rows.top; i < end; i++) {
		int row = 2 + (int)(i - f->rows.top);

		ui_put(u, row, 3, 4, arena_printf(ui_scratch(u), "%zu", i + 1));
		ui_put(u, row, 7, 40, f->forms[i].title);
		ui_put(u, row, 48, -1, f->forms[i].version);
	}
	rows_mark(&f->rows, u, 2);
}

/* The dataset that this form puts new cases into, as its screen offers. */
static struct str registers(struct cases *c, struct str form)
{
	const struct datasets *all = cases_datasets(c);

	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);
		const struct dataset_row *r;

		for (size_t k = 0; (r = dataset_action(d, "new", k)); k++)
			if (str_eq(r->name, form))
				return d->name;
	}
	return STR("");
}

static void begin(struct newform *f, struct ui *u, size_t i)
{
	struct cases_start how = { 0 };
	struct cases *c = f->cases;
	struct str dataset;

	if (i >= f->n)
		return;
	how.form = f->forms[i].id;
	dataset = registers(c, how.form);
	if (dataset.n && cases_count(c, dataset)) {
		ui_pop(u);
		list_open(u, c, dataset);
		ui_message(u, "%s",
			   _("cari dulu namanya; bila belum ada, Enter lalu "
			     "daftar"));
		return;
	}
	ui_pop(u);
	entry_start(u, c, &how, STR(""));
}

/* A number that begins a longer one waits for its digit, the marker on it. */
static bool take_digit(struct newform *f, struct ui *u, size_t digit)
{
	size_t n = 10 * f->typed + digit;

	if (n > f->n)
		n = digit;
	if (!n || n > f->n)
		return false;
	f->rows.at = n - 1;
	f->typed = n;
	if (10 * n > f->n)
		begin(f, u, n - 1);
	return true;
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct newform *f = (struct newform *)s;

	if (!k.pasted && ascii_digit(k.code) && take_digit(f, u, k.code - '0'))
		return true;
	f->typed = 0;
	return rows_key(&f->rows, k);
}

static void act_begin(struct screen *s, struct ui *u, const struct binding *b)
{
	struct newform *f = (struct newform *)s;

	(void)b;
	begin(f, u, f->rows.at);
}

static void release(struct screen *s)
{
	struct newform *f = (struct newform *)s;

	arena_release(&f->arena);
	free(f);
}

void newform_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("isi"), N_("isi formulir ini; atau angkanya"),
		  act_begin, NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Formulir baru"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct newform *f = calloc(1, sizeof(*f));

	if (!f)
		return;
	f->screen.ops = &ops;
	f->screen.bindings = bindings;
	f->cases = c;
	ui_push(u, &f->screen);
}
