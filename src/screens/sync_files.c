/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "open.h"
#include "prompt.h"
#include "sync.h"
#include "text.h"

#define PATH_BYTES 4096
/* Of a device, in the names of files. */
#define DEVICE_FRONT 8
/* Files that were not taken in, of many, that are named. */
#define LEFT_SHOWN 5

/* What a file's name says of it; what is in it is looked at when it is taken.
 */
struct named {
	enum sync_kind kind;
	struct str device; /* eight digits of who made it, or whom it answers */
	struct str rest;   /* behind these, without the endings */
	uint64_t seq;
	bool done; /* one like it was taken in, or it was made here */
};

struct files {
	struct sync_screen *y;
	struct arena arena;
	struct sync_found *at;
	struct named *named;
	size_t *shown;
	size_t n, n_shown;
	size_t n_fresh; /* that were not taken in; these stand first */
	char typed[PATH_BYTES + 1];
};

/* ---- reading names */
static bool is_of(struct str device, struct str front)
{
	return front.n == DEVICE_FRONT && str_starts(device, front);
}

static bool known_here(const struct sync_screen *y, const struct named *f)
{
	const struct sync_status *s = &y->status;

	if (is_of(y->self.device, f->device))
		return true;
	for (size_t i = 0; i < s->n_peers; i++) {
		const struct sync_peer *p = &s->peers[i];
		bool gap = f->seq > p->last;

		if (!is_of(p->device, f->device))
			continue;
		for (size_t k = 0; k < p->n_gaps; k++)
			gap = gap || p->gaps[k] == f->seq;
		return !gap;
	}
	return false;
}

static struct str without(struct str name, const char *end)
{
	struct str e = str_from(end);

	return str_ends(name, e) ? str_sub(name, 0, name.n - e.n) : name;
}

/* All of ours up to that number is acknowledged already. */
static bool acked(const struct sync_screen *y, const struct named *f)
{
	uint64_t seq, missing = y->status.missing;

	return !missing ||
	       (str_to_u64(without(f->rest, ".ack"), &seq) && seq < missing);
}

static struct named read_name(const struct sync_screen *y, struct str name)
{
	struct str bare = without(name, ".age"), rest;
	struct named f = { .kind = SYNC_EVENTS_FILE };

	rest = str_sub(bare, strlen("pilar-"), bare.n);
	if (str_ends(bare, STR(".kit"))) {
		f.kind = SYNC_KIT;
		f.rest = without(rest, ".kit");
		return f;
	}
	f.device = str_sub(rest, 0, DEVICE_FRONT);
	f.rest = str_sub(rest, DEVICE_FRONT + 1, rest.n);
	if (str_ends(bare, STR(".ack"))) {
		f.kind = SYNC_ACK;
		f.done = !is_of(y->self.device, f.device) || acked(y, &f);
		return f;
	}
	f.rest = without(f.rest, ".tar.zst");
	if (!str_to_u64(f.rest, &f.seq)) {
		f.kind = SYNC_PARCEL;
		f.rest = str_sub(f.rest, strlen("titipan-"), f.rest.n);
		f.done = is_of(y->self.device, f.device);
		return f;
	}
	f.done = known_here(y, &f);
	return f;
}

/* What a person calls that device. */
static struct str who(const struct sync_screen *y, struct arena *a,
		      struct str device)
{
	if (is_of(y->self.device, device))
		return str_from(_("laptop ini"));
	for (size_t i = 0; i < y->n_devices; i++)
		if (is_of(y->devices[i].device, device) && y->devices[i].name.n)
			return y->devices[i].name;
	for (size_t i = 0; i < y->n_offices; i++)
		if (is_of(y->offices[i].device, device))
			return y->offices[i].name;
	return arena_printf(a, _("perangkat %.*s"), STR_ARG(device));
}

static struct str title(const struct files *f, struct arena *a,
			const struct named *n)
{
	struct str maker = who(f->y, a, n->device);

	switch (n->kind) {
	case SYNC_ACK:
		return arena_printf(a, _("tanda terima untuk %.*s"),
				    STR_ARG(maker));
	case SYNC_KIT:
		return arena_printf(a, _("paket kantor %.*s"),
				    STR_ARG(n->rest));
	case SYNC_PARCEL:
		return arena_printf(a, _("titipan dari %.*s untuk %.*s"),
				    STR_ARG(maker), STR_ARG(n->rest));
	case SYNC_EVENTS_FILE:
		break;
	}
	return arena_printf(a, _("berkas %llu dari %.*s%s"),
			    (unsigned long long)n->seq, STR_ARG(maker),
			    n->done ? _(", sudah ada di sini") : "");
}

/* ---- all at once */
struct taken {
	uint64_t files, fresh, acks, left;
	struct buf names; /* of those that were left */
};

static void leave(struct files *f, size_t i, struct taken *t)
{
	if (t->left++ < LEFT_SHOWN)
		buf_addf(&t->names, "\n   %.*s",
			 STR_ARG(title(f, &f->arena, &f->named[i])));
}

static enum err take_one(struct files *f, size_t i, struct taken *t)
{
	const struct sync_found *file = &f->at[i];
	struct sync_screen *y = f->y;
	const struct sync_import how = { .path = file->path.p,
					 .shown = file->name,
					 .progress = busy_progress,
					 .cancelled = busy_stopped,
					 .arg = &y->busy };
	struct sync_incoming in;
	struct report rep = { 0 };
	enum err rc = sync_import(y->cases, &how, &f->arena, &in, &rep);

	if (rc && rc != ERR_CANCELLED)
		leave(f, i, t);
	t->files += !rc;
	t->acks += rc ? 0 : in.acked;
	if (!rc && in.kind != SYNC_ACK) {
		t->fresh += in.fresh;
		sync_answer(y, &f->arena, file->path.p, &in);
	}
	report_release(&rep);
	return rc == ERR_CANCELLED ? rc : ERR_NONE;
}

static struct str said(struct files *f, const struct taken *t)
{
	struct arena *a = &f->arena;
	struct str text = STR("");

	if (t->files)
		text = arena_printf(
			a,
			_("Diterima: %.*s berkas, %.*s isian baru; %.*s berkas "
			  "kita diakui.\nTanda terima ditulis di sebelah tiap "
			  "berkas.\n"),
			STR_ARG(text_count(a, t->files)),
			STR_ARG(text_count(a, t->fresh)),
			STR_ARG(text_count(a, t->acks)));
	if (!t->left)
		return text;
	return arena_printf(a,
			    _("%.*s%.*s berkas tidak diterima; pilih satu per "
			      "satu:%.*s"),
			    STR_ARG(text), STR_ARG(text_count(a, t->left)),
			    STR_ARG(buf_str(&t->names)));
}

/* Each whole or not at all; what a person must be asked about stays. */
static void take_fresh(struct files *f, struct ui *u)
{
	struct taken t = { .names = BUF_INIT(4096) };
	enum err rc = ERR_NONE;

	sync_busy(f->y, u, _("Menerima"));
	for (size_t i = 0; !rc && i < f->n_fresh; i++)
		rc = take_one(f, i, &t);
	busy_end(&f->y->busy);
	sync_said(f->y, u, said(f, &t));
	buf_release(&t.names);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* ---- choosing a file */
static bool all_row(const struct files *f)
{
	return f->n_fresh > 1 && f->n_shown == f->n;
}

/* The first row takes all that is new, the last one asks for a path. */
static size_t files_narrow(void *self, struct str typed)
{
	struct files *f = self;
	struct arena a = { 0 };

	f->n_shown = 0;
	snprintf(f->typed, sizeof(f->typed), "%.*s", STR_ARG(typed));
	for (size_t i = 0; i < f->n; i++)
		if (str_find(f->at[i].path, typed, 0) != SIZE_MAX ||
		    str_find(title(f, &a, &f->named[i]), typed, 0) != SIZE_MAX)
			f->shown[f->n_shown++] = i;
	arena_release(&a);
	return f->n_shown + 1 + all_row(f);
}

static void files_row(void *self, size_t i, struct buf *out)
{
	struct files *f = self;
	const struct sync_found *one;
	struct arena a = { 0 };

	if (all_row(f) && i-- == 0) {
		buf_addf(out, _("semua yang belum diterima: %zu berkas"),
			 f->n_fresh);
		return;
	}
	if (i == f->n_shown) {
		buf_adds(out, _("berkas lain: ketik letaknya"));
		return;
	}
	one = &f->at[f->shown[i]];
	buf_addf(out, "%.*s, %.*s, %.*s, %.*s",
		 STR_ARG(title(f, &a, &f->named[f->shown[i]])),
		 STR_ARG(text_bytes(&a, one->bytes)),
		 STR_ARG(text_date(&a, cases_sys(f->y->cases), one->at)),
		 STR_ARG(one->folder));
	arena_release(&a);
}

static void path_typed(struct screen *owner, struct ui *u, struct str path)
{
	if (path.n)
		sync_look((struct sync_screen *)owner, u, path);
}

static void files_take(void *self, struct ui *u, size_t i)
{
	struct files *f = self;
	struct prompt p = { .owner = &f->y->screen,
			    .label = _("Berkas"),
			    .start = prompt_place(str_from(f->typed)),
			    .max = PATH_BYTES,
			    .take = path_typed };

	if (all_row(f) && i-- == 0)
		take_fresh(f, u);
	else if (i < f->n_shown)
		sync_look(f->y, u, f->at[f->shown[i]].path);
	else
		prompt_open(u, &p);
}

static void files_close(void *self)
{
	struct files *f = self;

	arena_release(&f->arena);
	free(f);
}

/* What is new stands first, then kits, then what is here already. */
enum { FIRST, KITS, LAST };

static int place_of(const struct named *f)
{
	if (f->done)
		return LAST;
	return f->kind == SYNC_KIT ? KITS : FIRST;
}

static enum err name_files(struct files *f)
{
	struct sync_found *old = f->at;
	size_t n = 0;

	f->shown = arena_array(&f->arena, f->n + 1, sizeof(*f->shown));
	f->named = arena_array(&f->arena, f->n + 1, sizeof(*f->named));
	f->at = arena_array(&f->arena, f->n + 1, sizeof(*f->at));
	if (!f->shown || !f->named || !f->at)
		return ERR_NOMEM;
	for (int place = 0; place <= LAST; place++) {
		for (size_t i = 0; i < f->n; i++) {
			struct named one = read_name(f->y, old[i].name);

			if (place_of(&one) != place)
				continue;
			f->at[n] = old[i];
			f->named[n++] = one;
		}
		f->n_fresh = place ? f->n_fresh : n;
	}
	return ERR_NONE;
}

static enum err find_files(struct files *f, struct ui *u)
{
	struct sync_search how = { .progress = busy_progress,
				   .cancelled = busy_stopped,
				   .arg = &f->y->busy };
	struct str *folders = NULL;
	enum err rc = sync_places(&f->arena, &folders, &how.n);

	if (!rc)
		folders[how.n++] = sync_folder(f->y, &f->arena);
	how.folders = folders;
	sync_busy(f->y, u, _("Mencari berkas"));
	if (!rc)
		rc = sync_find(&f->arena, &how, &f->at, &f->n);
	busy_end(&f->y->busy);
	return rc ? rc : name_files(f);
}

void sync_take(struct screen *s, struct ui *u, const struct binding *b)
{
	struct files *f = calloc(1, sizeof(*f));
	struct pick p = { .source = { files_narrow, files_row, NULL, files_take,
				      files_close, f },
			  .title = str_from(_("Terima berkas")),
			  .box = { 3, 3, 14, 74 } };
	enum err rc = f ? ERR_NONE : ERR_NOMEM;

	(void)b;
	if (!rc) {
		f->y = (struct sync_screen *)s;
		rc = find_files(f, u);
	}
	if (!rc)
		rc = ui_pick(u, &p);
	else if (f)
		files_close(f);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}
