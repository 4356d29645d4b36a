/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "prompt.h"
#include "text.h"

/* Beside the store, never in it: what lies there is on its way out. */
#define EXPORT_SUFFIX "-ekspor"
#define VALUE_COL     28
#define HOST_MAX      255
/* Devices that are named; the rest is counted. */
#define PEERS_SHOWN 5

static void shown(struct screen *s, struct ui *u)
{
	struct sync_screen *y = (struct sync_screen *)s;
	struct conflict_at *conflicts = NULL;
	enum err rc;

	arena_reset(&y->arena);
	rc = sync_status(y->cases, &y->arena, &y->status);
	if (!rc && !store_read_only(cases_store(y->cases)))
		rc = sync_self(y->cases, &y->self);
	if (!rc)
		rc = sync_offices(y->cases, &y->arena, &y->offices,
				  &y->n_offices);
	if (!rc)
		rc = sync_devices(y->cases, &y->arena, &y->devices,
				  &y->n_devices);
	if (!rc)
		rc = cases_conflicts(y->cases, &y->arena, &conflicts,
				     &y->n_conflicts);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* ---- drawing */

/* What is told stands above what came of an act, and gives way to it. */
struct column {
	struct ui *u;
	int row, bottom; /* the first row that is not ours */
};

static void draw_text(struct column *c, int col, struct str text)
{
	if (c->row < c->bottom)
		ui_put(c->u, c->row++, col, -1, text);
}

static void draw_value(struct column *c, const char *label, struct str value)
{
	if (c->row >= c->bottom)
		return;
	ui_puts(c->u, c->row, 3, VALUE_COL - 4, label);
	draw_text(c, VALUE_COL, value);
}

static struct str last_file(const struct sync_screen *y, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(y->cases);

	if (!y->status.last_at)
		return str_from(_("belum ada"));
	return arena_printf(a, "%.*s, %.*s %.*s", STR_ARG(y->status.last_file),
			    STR_ARG(text_date(a, sys, y->status.last_at)),
			    STR_ARG(text_time(a, sys, y->status.last_at)));
}

static struct str in_files(struct arena *a, uint64_t events, uint64_t files)
{
	return arena_printf(a, _("%.*s dalam %.*s berkas"),
			    STR_ARG(text_count(a, events)),
			    STR_ARG(text_count(a, files)));
}

struct str sync_readers(const struct sync_screen *y, struct arena *a)
{
	struct buf b = BUF_INIT(2000);

	if (!y->n_offices)
		return str_from(_("siapa saja: belum ada kantor"));
	for (size_t i = 0; i < y->n_offices; i++) {
		buf_adds(&b, i ? ", " : "");
		buf_addstr(&b, y->offices[i].name);
	}
	return buf_give(&b, a);
}

static struct str peer_text(const struct sync_peer *p, struct arena *a)
{
	struct buf b = BUF_INIT(1000);

	buf_addf(&b, _("%llu isian, %llu berkas"),
		 (unsigned long long)p->events, (unsigned long long)p->files);
	for (size_t i = 0; i < p->n_gaps; i++)
		buf_addf(&b, i ? ", %llu" : _("; belum ada berkas %llu"),
			 (unsigned long long)p->gaps[i]);
	return buf_give(&b, a);
}

static void draw_peers(const struct sync_screen *y, struct column *c)
{
	struct arena *a = ui_scratch(c->u);
	const struct sync_status *s = &y->status;
	size_t n = s->n_peers < PEERS_SHOWN ? s->n_peers : PEERS_SHOWN;

	if (s->n_peers)
		draw_text(c, 3, str_from(_("Diterima dari perangkat lain:")));
	for (size_t i = 0; i < n && c->row < c->bottom; i++) {
		const struct sync_peer *p = &s->peers[i];

		ui_put(c->u, c->row, 5, VALUE_COL - 6,
		       p->name.n ? p->name : p->device);
		draw_text(c, VALUE_COL, peer_text(p, a));
	}
	if (n < s->n_peers)
		draw_text(c, 5,
			  arena_printf(a, _("dan %zu perangkat lagi"),
				       s->n_peers - n));
}

static void draw_status(const struct sync_screen *y, struct column *c)
{
	struct arena *a = ui_scratch(c->u);
	const struct sync_status *s = &y->status;

	draw_value(c, _("Belum diekspor"), text_count(a, s->waiting));
	draw_value(c, _("Sudah diekspor"), in_files(a, s->exported, s->files));
	draw_value(c, _("Diakui kantor"),
		   in_files(a, s->received, s->files_received));
	if (s->missing)
		draw_value(c, _("Belum diakui"), s->missing_file);
	if (s->to_forward)
		draw_value(c, _("Titipan untuk kantor"),
			   arena_printf(a, _("%.*s berkas"),
					STR_ARG(text_count(a, s->to_forward))));
	draw_value(c, _("Berkas terakhir"), last_file(y, c->u));
	draw_value(c, _("Ekspor dapat dibuka"), sync_readers(y, a));
	draw_value(c, _("Angka kunci laptop ini"), str_from(y->self.spoken));
	if (y->n_conflicts)
		draw_value(c, _("Bertentangan"),
			   arena_printf(a, _("%zu data perlu diputuskan"),
					y->n_conflicts));
	draw_peers(y, c);
}

static void draw(struct screen *s, struct ui *u)
{
	const struct sync_screen *y = (const struct sync_screen *)s;
	int width = ui_cols(u) - 6, end = ui_rows(u) - 2;
	int lines = y->busy.doing ? BUSY_ROWS : ui_wrap_count(y->said, width);
	struct str rest = y->said, line;
	struct column c = { u, 2, lines ? end - lines - 1 : end };

	ui_title(u, str_from(_("Sinkronisasi")), STR(""));
	if (c.bottom < 3)
		c.bottom = 3;
	draw_status(y, &c);
	c.row++;
	if (y->busy.doing)
		busy_draw(&y->busy, u, c.row);
	else
		while (c.row < end && ui_wrap(&rest, width, &line))
			ui_put(u, c.row++, 3, -1, line);
	ui_cursor(u, 2, 1);
}

void sync_busy(struct sync_screen *y, struct ui *u, const char *doing)
{
	arena_reset(&y->said_arena);
	y->said = STR("");
	busy_begin(&y->busy, u, doing);
}

void sync_said(struct sync_screen *y, struct ui *u, struct str text)
{
	arena_reset(&y->said_arena);
	y->said = arena_dup(&y->said_arena, text);
	shown(&y->screen, u);
}

struct str sync_folder(const struct sync_screen *y, struct arena *a)
{
	return arena_printf(a, "%s" EXPORT_SUFFIX,
			    store_dir(cases_store(y->cases)));
}

/* ---- sending */
static void send_to(struct screen *s, struct ui *u, struct str host)
{
	struct sync_screen *y = (struct sync_screen *)s;
	struct arena a = { 0 };
	struct report rep = { 0 };
	struct sync_send how = { .host = host,
				 .to = y->offices,
				 .n_to = y->n_offices,
				 .quiet = true,
				 .progress = busy_progress,
				 .cancelled = busy_stopped,
				 .arg = &y->busy };
	struct sync_sent sent;
	enum err rc;

	if (!host.n)
		return;
	how.folder = sync_folder(y, &a);
	sync_busy(y, u, _("Mengirim"));
	rc = sync_send(y->cases, &how, &a, &sent, &rep);
	busy_end(&y->busy);
	if (rc)
		screen_says(u, &rep, rc);
	else
		sync_said(y, u,
			  arena_printf(&a,
				       _("Terkirim %.*s isian dalam %.*s "
					 "berkas, %.*s; %.*s berkas diakui "
					 "kantor."),
				       STR_ARG(text_count(&a, sent.events)),
				       STR_ARG(text_count(
					       &a, sent.files + sent.others)),
				       STR_ARG(text_bytes(&a, sent.bytes)),
				       STR_ARG(text_count(&a, sent.received))));
	report_release(&rep);
	arena_release(&a);
}

static void act_send(struct screen *s, struct ui *u, const struct binding *b)
{
	struct sync_screen *y = (struct sync_screen *)s;
	struct prompt p = { .owner = s,
			    .label = _("Kirim lewat ssh ke"),
			    .start = STR("ssh://"),
			    .max = HOST_MAX,
			    .take = send_to };
	struct str host;

	(void)b;
	if (!sync_host(y->cases, ui_scratch(u), &host))
		p.start = host;
	prompt_open(u, &p);
}

static void act_conflicts(struct screen *s, struct ui *u,
			  const struct binding *b)
{
	(void)b;
	conflicts_open(u, ((struct sync_screen *)s)->cases);
}

static bool peers(const struct screen *s)
{
	return ((const struct sync_screen *)s)->n_devices > 0;
}

static void release(struct screen *s)
{
	struct sync_screen *y = (struct sync_screen *)s;

	arena_release(&y->arena);
	arena_release(&y->said_arena);
	arena_release(&y->file_arena);
	free(y);
}

void sync_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ 'e', 0, N_("ekspor"),
		  N_("tulis yang belum diekspor untuk kantor, juga titipan"),
		  sync_put, NULL, false, NULL },
		{ 'i', 0, N_("terima"),
		  N_("terima berkas dari petugas lain, atau tanda terima"),
		  sync_take, NULL, false, NULL },
		{ 'b', 0, N_("bagikan"),
		  N_("semua isian di sini untuk perangkat petugas lain"),
		  sync_share, peers, false, NULL },
		{ 's', 0, N_("kirim"),
		  N_("kirim lewat ssh yang belum diakui kantor"), act_send,
		  NULL, false, NULL },
		{ 'k', 0, N_("konflik"), N_("data yang diisi berbeda"),
		  act_conflicts, NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Sinkronisasi"),
		.draw = draw,
		.shown = shown,
		.free = release,
	};
	struct sync_screen *y = calloc(1, sizeof(*y));

	if (!y)
		return;
	y->screen.ops = &ops;
	y->screen.bindings = bindings;
	y->cases = c;
	ui_push(u, &y->screen);
}
