/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "open.h"
#include "prompt.h"
#include "sync.h"
#include "text.h"

#define ACK_MAX ((size_t)4 << 20)

/* ---- taking in one file, which was looked at before */
static enum err into_buf(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

struct str sync_answer(struct sync_screen *y, struct arena *a, const char *file,
		       const struct sync_incoming *in)
{
	const char *slash = strrchr(file, '/');
	struct str folder =
		slash ? str_of(file, (size_t)(slash - file)) : STR(".");
	struct str path =
		arena_printf(a, "%.*s/%.*s", STR_ARG(folder),
			     STR_ARG(sync_ack_name(a, in->device, in->seq)));
	struct buf b = BUF_INIT(ACK_MAX);
	enum err rc = sync_ack(y->cases, in->device, into_buf, &b);

	if (!rc)
		rc = path.p ? file_write(path.p, buf_str(&b)) : ERR_NOMEM;
	buf_release(&b);
	return rc ? str_from(_("tidak dapat ditulis di sana")) : path;
}

static struct str maker(const struct sync_incoming *in)
{
	return in->name.n ? in->name : in->device;
}

static struct str events_text(struct sync_screen *y, struct arena *a,
			      const struct sync_incoming *in)
{
	struct str ack = in->mine ? STR("-") : sync_answer(y, a, y->file, in);

	return arena_printf(a,
			    _("Diterima: %.*s isian baru, %.*s sudah ada.\n"
			      "Tanda terima untuk dibawa kembali: %.*s"),
			    STR_ARG(text_count(a, in->fresh)),
			    STR_ARG(text_count(a, in->again)), STR_ARG(ack));
}

static struct str taken_text(struct sync_screen *y, struct arena *a,
			     const struct sync_incoming *in)
{
	struct str files = text_count(a, in->acked);
	struct str events = text_count(a, in->events);
	struct str fresh = text_count(a, in->fresh);
	struct str again = text_count(a, in->again);

	if (in->kind == SYNC_ACK)
		return arena_printf(a,
				    _("Tanda terima dari %.*s: %.*s berkas "
				      "dengan %.*s isian kini diakui; titipan "
				      "yang sampai: %.*s berkas."),
				    STR_ARG(maker(in)), STR_ARG(files),
				    STR_ARG(events),
				    STR_ARG(text_count(a, in->files)));
	if (in->kind == SYNC_KIT)
		return arena_printf(a,
				    _("Paket dari %.*s diterima: %.*s baris "
				      "daftar baru, %.*s sudah ada."),
				    STR_ARG(in->name), STR_ARG(fresh),
				    STR_ARG(again));
	return events_text(y, a, in);
}

static struct str said_text(struct sync_screen *y, struct arena *a,
			    const struct sync_incoming *in)
{
	struct str text = taken_text(y, a, in);

	if (in->revoked)
		text = arena_printf(a,
				    _("%.*s\n%.*s berkas dari perangkat yang "
				      "sudah dicabut tidak diterima."),
				    STR_ARG(text),
				    STR_ARG(text_count(a, in->revoked)));
	if (!in->copied)
		return text;
	return arena_printf(a, "%.*s\n\n%s", STR_ARG(text), sync_copied(in));
}

static enum err import(struct sync_screen *y, struct ui *u,
		       struct sync_import how, struct sync_incoming *in,
		       struct arena *a, struct report *rep)
{
	enum err rc;

	how.path = y->file;
	how.progress = busy_progress;
	how.cancelled = busy_stopped;
	how.arg = &y->busy;
	sync_busy(y, u, how.dry ? _("Memeriksa") : _("Menerima"));
	rc = sync_import(y->cases, &how, a, in, rep);
	busy_end(&y->busy);
	return rc;
}

static void take_now(struct sync_screen *y, struct ui *u, bool accept,
		     struct str name)
{
	const struct sync_import how = { .accept = accept, .accept_as = name };
	struct sync_incoming in;
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = import(y, u, how, &in, &a, &rep);

	if (rc)
		screen_says(u, &rep, rc);
	else
		sync_said(y, u, said_text(y, &a, &in));
	report_release(&rep);
	arena_release(&a);
}

static void yes_known(struct screen *owner, struct ui *u, void *arg)
{
	(void)arg;
	take_now((struct sync_screen *)owner, u, false, STR(""));
}

static void named(struct screen *owner, struct ui *u, struct str name)
{
	take_now((struct sync_screen *)owner, u, true, name);
}

static void yes_unknown(struct screen *owner, struct ui *u, void *arg)
{
	struct prompt p = { .owner = owner,
			    .label = _("Nama perangkat itu"),
			    .max = SYNC_NAME_MAX,
			    .take = named };

	(void)arg;
	prompt_open(u, &p);
}

/* ---- looking at it first */
static void ask_known(struct sync_screen *y, struct ui *u,
		      const struct sync_incoming *in)
{
	const struct ask ask = { &y->screen, yes_known, NULL, NULL };
	struct arena *a = ui_scratch(u);

	if (in->kind == SYNC_ACK) {
		take_now(y, u, false, STR(""));
		return;
	}
	if (in->kind == SYNC_KIT) {
		ui_ask(u, &ask, _("Terima paket dari %.*s?"),
		       STR_ARG(maker(in)));
		return;
	}
	if (in->kind == SYNC_PARCEL) {
		ui_ask(u, &ask,
		       _("Terima titipan %.*s: %.*s berkas, %.*s isian?"),
		       STR_ARG(maker(in)), STR_ARG(text_count(a, in->files)),
		       STR_ARG(text_count(a, in->events)));
		return;
	}
	if (in->whole_again) {
		ui_message(u, _("Berkas ini sudah pernah diterima"));
		return;
	}
	ui_ask(u, &ask, _("Terima %.*s isian (%.*s baru) dari %.*s?"),
	       STR_ARG(text_count(a, in->events)),
	       STR_ARG(text_count(a, in->fresh)), STR_ARG(maker(in)));
}

static void yes_kit(struct screen *owner, struct ui *u, void *arg)
{
	(void)arg;
	take_now((struct sync_screen *)owner, u, true, STR(""));
}

static void ask_unknown(struct sync_screen *y, struct ui *u,
			const struct sync_incoming *in,
			const struct report *rep)
{
	const struct ask ask = { &y->screen,
				 in->kind == SYNC_KIT ? yes_kit : yes_unknown,
				 NULL, NULL };
	struct arena *a = ui_scratch(u);

	if (in->known) {
		sync_said(y, u, report_first(rep, a));
		ui_ask(u, &ask, _("Anda percaya pembawanya: terima?"));
		return;
	}
	sync_said(
		y, u,
		arena_printf(a,
			     _("Perangkat %.*s belum dikenal di sini. "
			       "Tanyakan kepada pemiliknya angka kuncinya "
			       "(layar Sinkronisasi) dan bandingkan:\n\n   %s"),
			     STR_ARG(in->device), in->spoken));
	ui_ask(u, &ask, _("Angkanya sama: terima perangkat ini?"));
}

void sync_look(struct sync_screen *y, struct ui *u, struct str path)
{
	const struct sync_import dry = { .dry = true };
	struct sync_incoming in;
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc;

	arena_reset(&y->file_arena);
	y->file = arena_cstr(&y->file_arena, path);
	if (!y->file)
		return;
	rc = import(y, u, dry, &in, &a, &rep);
	if (rc == ERR_LOCKED && in.spoken[0])
		ask_unknown(y, u, &in, &rep);
	else if (rc)
		screen_says(u, &rep, rc);
	else
		ask_known(y, u, &in);
	report_release(&rep);
	arena_release(&a);
}
