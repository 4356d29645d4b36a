/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/sync.h"
#include "pilar/utf8.h"
#include "pilar/vec.h"

#include "open.h"
#include "prelist.h"
#include "prompt.h"
#include "text.h"

#define PATH_BYTES 4096
/* Files of all folders that are offered. */
#define FILES_MAX 500

/* What is offered: a text a row, and what it stands for. */
struct offered {
	struct str text, value;
};
struct offer {
	struct prelist_screen *p;
	struct arena arena;
	VEC(struct offered) all;
	size_t *shown; /* as many as `all` */
	size_t n_shown;
	const char *more; /* a last row that is always there, or NULL */
	char typed[PATH_BYTES + 1];
	/* Of the last row it has no value, and what was typed as its text. */
	void (*take)(struct prelist_screen *p, struct ui *u,
		     const struct offered *c);
};

static size_t offer_narrow(void *self, struct str typed)
{
	struct offer *o = self;
	struct arena a = { 0 };
	struct str part = utf8_fold(&a, typed);

	o->n_shown = 0;
	snprintf(o->typed, sizeof(o->typed), "%.*s", STR_ARG(typed));
	for (size_t i = 0; i < o->all.n; i++)
		if (str_find(utf8_fold(&a, o->all.at[i].text), part, 0) !=
		    SIZE_MAX)
			o->shown[o->n_shown++] = i;
	arena_release(&a);
	return o->n_shown + (o->more != NULL);
}

static void offer_row(void *self, size_t i, struct buf *out)
{
	struct offer *o = self;

	if (i < o->n_shown)
		buf_addstr(out, o->all.at[o->shown[i]].text);
	else
		buf_adds(out, _(o->more));
}

static void offer_take(void *self, struct ui *u, size_t i)
{
	struct offer *o = self;
	const struct offered last = { .text = str_from(o->typed) };

	o->take(o->p, u, i < o->n_shown ? &o->all.at[o->shown[i]] : &last);
}

static void offer_close(void *self)
{
	struct offer *o = self;

	vec_release(&o->all);
	arena_release(&o->arena);
	free(o);
}

static struct offer *offer_new(struct screen *s)
{
	struct offer *o = calloc(1, sizeof(*o));

	if (o)
		o->p = (struct prelist_screen *)s;
	return o;
}

static void offer_add(struct offer *o, struct str text, struct str value)
{
	struct offered *c = vec_push(&o->all);

	if (c)
		*c = (struct offered){ arena_dup(&o->arena, text),
				       arena_dup(&o->arena, value) };
}

static void offer_open(struct offer *o, struct ui *u, const char *title)
{
	struct pick pick = { .source = { offer_narrow, offer_row, NULL,
					 offer_take, offer_close, o },
			     .title = str_from(title),
			     .box = { 3, 3, 14, 74 } };
	enum err rc;

	o->shown = arena_array(&o->arena, o->all.n + 1, sizeof(*o->shown));
	rc = o->shown ? ui_pick(u, &pick) : ERR_NOMEM;
	if (!o->shown)
		offer_close(o);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* ---- into which list */
static void take_dataset(struct prelist_screen *p, struct ui *u,
			 const struct offered *c)
{
	const struct dataset *d =
		datasets_find(cases_datasets(p->cases), c->value);
	struct str again =
		p->path ? arena_dup(ui_scratch(u), str_from(p->path)) : STR("");

	if (!d)
		return;
	p->dataset = d->name;
	if (again.n)
		prelist_read(p, u, again, STR(""));
	else
		prelist_pick_file(&p->screen, u, NULL);
}

void prelist_pick_dataset(struct screen *s, struct ui *u,
			  const struct binding *b)
{
	struct offer *o = offer_new(s);
	const struct datasets *all;

	(void)b;
	if (!o)
		return;
	all = cases_datasets(o->p->cases);
	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);
		const struct dataset_row *r = dataset_row(d, DATASET_TITLE, 0);

		if (r)
			offer_add(o, dataset_label(r), d->name);
	}
	o->take = take_dataset;
	offer_open(o, u, _("Masukkan ke daftar mana"));
}

/* ---- which file */
static void path_typed(struct screen *s, struct ui *u, struct str text)
{
	char *path = prompt_path(text, ui_scratch(u));

	if (text.n && path)
		prelist_read((struct prelist_screen *)s, u, str_from(path),
			     STR(""));
}

static void take_file(struct prelist_screen *p, struct ui *u,
		      const struct offered *c)
{
	const struct prompt ask = { .owner = &p->screen,
				    .label = _("Berkas"),
				    .start = prompt_place(c->text),
				    .max = PATH_BYTES,
				    .take = path_typed };

	if (c->value.n)
		prelist_read(p, u, c->value, STR(""));
	else
		prompt_open(u, &ask);
}

static bool is_list(struct str name)
{
	static const char *const ends[] = { ".csv", ".xlsx", ".xls", ".CSV",
					    ".XLSX" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(name, str_from(ends[i])) && name.p[0] != '.')
			return true;
	return false;
}

static void offer_folder(struct offer *o, const char *folder)
{
	struct str *names = NULL;
	size_t n = 0;

	if (!folder || dir_list(folder, &o->arena, &names, &n))
		return;
	for (size_t i = 0; i < n && o->all.n < FILES_MAX; i++) {
		char *path = path_join(&o->arena, folder, names[i].p);

		if (path && is_list(names[i]))
			offer_add(o,
				  arena_printf(&o->arena, "%s  %s", names[i].p,
					       folder),
				  str_from(path));
	}
}

/* Sticks that are plugged in, and where browsers and people put files. */
static void offer_files(struct offer *o)
{
	static const char *const at_home[] = { "~/Unduhan", "~/Downloads",
					       "~/Dokumen", "~/Documents",
					       "~/Desktop", "~/" };
	struct str *sticks = NULL;
	size_t n = 0;

	if (!sync_places(&o->arena, &sticks, &n))
		for (size_t i = 0; i < n; i++)
			offer_folder(o, sticks[i].p);
	for (size_t i = 0; i < ARRAY_LEN(at_home); i++)
		offer_folder(o, prompt_path(str_from(at_home[i]), &o->arena));
}

void prelist_pick_file(struct screen *s, struct ui *u, const struct binding *b)
{
	struct offer *o = offer_new(s);

	(void)b;
	if (!o)
		return;
	offer_files(o);
	o->more = N_("berkas lain: ketik letaknya");
	o->take = take_file;
	offer_open(o, u, _("Berkas dari kantor (.csv, .xlsx, .xls)"));
}

/* ---- which sheet */
static void take_sheet(struct prelist_screen *p, struct ui *u,
		       const struct offered *c)
{
	struct arena *a = ui_scratch(u);

	prelist_read(p, u, arena_dup(a, str_from(p->path)), c->value);
}

void prelist_pick_sheet(struct screen *s, struct ui *u, const struct binding *b)
{
	struct offer *o = offer_new(s);
	const struct str *names;
	size_t n, at;

	(void)b;
	if (!o)
		return;
	n = prelist_sheets(o->p->list, &names, &at);
	for (size_t i = 0; i < n; i++)
		offer_add(o, names[i], names[i]);
	o->take = take_sheet;
	offer_open(o, u, _("Lembar yang dibaca"));
}

/* ---- where a column goes */
static void take_property(struct prelist_screen *p, struct ui *u,
			  const struct offered *c)
{
	enum err rc = prelist_map(p->list, p->rows.at, c->value);

	p->ran = false;
	prelist_said(p, STR(""));
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

void prelist_pick_property(struct screen *s, struct ui *u,
			   const struct binding *b)
{
	struct offer *o = offer_new(s);
	struct prelist_property *all = NULL;
	size_t n = 0;
	enum err rc;

	(void)b;
	if (!o)
		return;
	rc = prelist_properties(o->p->list, &o->arena, &all, &n);
	offer_add(o, str_from(_("(dilewati)")), STR(""));
	for (size_t i = 0; i < n && !rc; i++)
		offer_add(o,
			  str_eq(all[i].label, all[i].name)
				  ? all[i].name
				  : arena_printf(&o->arena, "%.*s  %.*s",
						 STR_ARG(all[i].name),
						 STR_ARG(all[i].label)),
			  all[i].name);
	o->take = take_property;
	offer_open(o, u, _("Kolom ini masuk ke"));
}
