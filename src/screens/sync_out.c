/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "open.h"
#include "sync.h"
#include "text.h"

/* What is written where, and for whom. */
struct going {
	struct sync_screen *y;
	struct arena arena;
	struct str *places; /* folders of sticks, then the one here */
	size_t n;
	struct sync_office *device; /* for it alone; NULL: for the offices */
};

/* ---- what came of it */
static struct str who_opens(const struct going *g, struct arena *a)
{
	if (g->device)
		return arena_printf(a, _("Hanya dapat dibuka oleh %.*s"),
				    STR_ARG(g->device->name));
	if (g->y->n_offices)
		return arena_printf(a, _("Hanya dapat dibuka oleh %.*s"),
				    STR_ARG(sync_readers(g->y, a)));
	return str_from(_("Siapa pun yang memegang berkas ini bisa membaca "
			  "isinya: berkas belum disandi. Serahkan langsung "
			  "kepada petugas dinas."));
}

static struct str own_text(struct arena *a, const struct sync_result *r)
{
	return arena_printf(a, _("Berkas  %.*s\nIsi     %.*s isian, %.*s\n"),
			    STR_ARG(r->file), STR_ARG(text_count(a, r->events)),
			    STR_ARG(text_bytes(a, r->bytes)));
}

static struct str others_text(struct arena *a, const struct sync_forwarded *f)
{
	struct str left = STR("");

	if (f->left)
		left = arena_printf(a,
				    _("%.*s berkas lagi menyusul sesudah "
				      "yang ini diakui.\n"),
				    STR_ARG(text_count(a, f->left)));
	return arena_printf(a,
			    _("Titipan %.*s\nIsi     %.*s isian dari %.*s "
			      "berkas, %.*s\n%.*s"),
			    STR_ARG(f->file), STR_ARG(text_count(a, f->events)),
			    STR_ARG(text_count(a, f->files)),
			    STR_ARG(text_bytes(a, f->bytes)), STR_ARG(left));
}

static struct str written_text(const struct going *g, struct arena *a,
			       const struct sync_result *own,
			       const struct sync_forwarded *others)
{
	struct str first = STR(""), second = STR("");

	if (own->file.n)
		first = own_text(a, own);
	if (others->file.n)
		second = others_text(a, others);
	if (!first.n && !second.n)
		return str_from(_("Tidak ada yang baru."));
	return arena_printf(a, "%.*s%.*s%.*s", STR_ARG(first), STR_ARG(second),
			    STR_ARG(who_opens(g, a)));
}

/* ---- writing */
static enum err write_own(struct going *g, struct str folder, struct arena *a,
			  struct sync_result *out, struct report *rep)
{
	struct sync_screen *y = g->y;
	const struct sync_export how = { .folder = folder,
					 .to = y->offices,
					 .n_to = y->n_offices,
					 .progress = busy_progress,
					 .cancelled = busy_stopped,
					 .arg = &y->busy };

	*out = (struct sync_result){ .seq = 0 };
	return g->device ? ERR_NONE : sync_export(y->cases, &how, a, out, rep);
}

static enum err write_others(struct going *g, struct str folder,
			     struct arena *a, struct sync_forwarded *out,
			     struct report *rep)
{
	struct sync_screen *y = g->y;
	const struct sync_forward how = { .folder = folder,
					  .own_folder = sync_folder(y, a),
					  .to = g->device ? g->device
							  : y->offices,
					  .n_to = g->device ? 1 : y->n_offices,
					  .whole = g->device != NULL,
					  .progress = busy_progress,
					  .cancelled = busy_stopped,
					  .arg = &y->busy };
	enum err rc = dir_make(arena_cstr(a, how.own_folder));

	return rc ? rc : sync_forward(y->cases, &how, a, out, rep);
}

static void write_to(struct going *g, struct ui *u, struct str folder)
{
	struct sync_screen *y = g->y;
	struct sync_forwarded others = { .files = 0 };
	struct sync_result own;
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc;

	sync_busy(y, u, _("Mengekspor"));
	rc = folder.p ? dir_make(folder.p) : ERR_NOMEM;
	if (!rc)
		rc = write_own(g, folder, &a, &own, &rep);
	if (!rc)
		rc = write_others(g, folder, &a, &others, &rep);
	busy_end(&y->busy);
	if (rc) {
		screen_says(u, &rep, rc);
	} else {
		ui_message(u, "%s",
			   own.file.n || others.file.n ? _("Selesai diekspor")
						       : "");
		sync_said(y, u, written_text(g, &a, &own, &others));
	}
	report_release(&rep);
	arena_release(&a);
}

/* ---- where to */
static size_t places_narrow(void *self, struct str typed)
{
	(void)typed;
	return ((struct going *)self)->n;
}

static void places_row(void *self, size_t i, struct buf *out)
{
	buf_addstr(out, ((struct going *)self)->places[i]);
}

static void places_take(void *self, struct ui *u, size_t i)
{
	struct going *g = self;

	write_to(g, u, g->places[i]);
}

static void going_close(void *self)
{
	struct going *g = self;

	arena_release(&g->arena);
	free(g);
}

/* Takes `g` over; with no stick there is one place. */
static void ask_place(struct going *g, struct ui *u)
{
	const struct pick pick = {
		.source = { places_narrow, places_row, NULL, places_take,
			    going_close, g },
		.title = str_from(_("Tulis berkas ke")),
		.box = { 3, 5, 9, 70 },
	};
	enum err rc = sync_places(&g->arena, &g->places, &g->n);

	if (!rc)
		g->places[g->n++] = sync_folder(g->y, &g->arena);
	if (!rc && g->n == 1) {
		write_to(g, u, g->places[0]);
		going_close(g);
		return;
	}
	if (!rc)
		rc = ui_pick(u, &pick);
	else
		going_close(g);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

static struct going *going_new(struct sync_screen *y, struct ui *u)
{
	struct going *g = calloc(1, sizeof(*g));

	if (g)
		g->y = y;
	else
		ui_message(u, "%s", text_error(ERR_NOMEM));
	return g;
}

void sync_put(struct screen *s, struct ui *u, const struct binding *b)
{
	struct going *g = going_new((struct sync_screen *)s, u);

	(void)b;
	if (g)
		ask_place(g, u);
}

/* ---- for whom */
struct readers {
	struct sync_screen *y;
	const struct sync_device **shown;
	size_t n;
};

static struct str called(const struct sync_device *d)
{
	return d->name.n ? d->name : d->device;
}

static size_t readers_narrow(void *self, struct str typed)
{
	struct readers *r = self;

	r->n = 0;
	for (size_t i = 0; i < r->y->n_devices; i++) {
		const struct sync_device *d = &r->y->devices[i];

		if (!d->revoked && str_find(called(d), typed, 0) != SIZE_MAX)
			r->shown[r->n++] = d;
	}
	return r->n;
}

static void readers_row(void *self, size_t i, struct buf *out)
{
	buf_addstr(out, called(((struct readers *)self)->shown[i]));
}

static void readers_take(void *self, struct ui *u, size_t i)
{
	const struct readers *r = self;
	struct going *g = going_new(r->y, u);
	enum err rc;

	if (!g)
		return;
	g->device = arena_alloc(&g->arena, sizeof(*g->device));
	rc = g->device ? sync_device_office(r->y->cases, r->shown[i]->device,
					    &g->arena, g->device)
		       : ERR_NOMEM;
	if (!rc) {
		ask_place(g, u);
		return;
	}
	going_close(g);
	ui_message(u, "%s", text_error(rc));
}

static void readers_close(void *self)
{
	struct readers *r = self;

	free(r->shown);
	free(r);
}

void sync_share(struct screen *s, struct ui *u, const struct binding *b)
{
	struct readers *r = calloc(1, sizeof(*r));
	const struct pick pick = {
		.source = { readers_narrow, readers_row, NULL, readers_take,
			    readers_close, r },
		.title = str_from(_("Bagikan untuk perangkat")),
		.box = { 3, 5, 12, 60 },
	};
	enum err rc = ERR_NOMEM;

	(void)b;
	if (r) {
		r->y = (struct sync_screen *)s;
		r->shown = calloc(r->y->n_devices + 1, sizeof(*r->shown));
	}
	if (r && r->shown)
		rc = ui_pick(u, &pick);
	else if (r)
		readers_close(r);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}
