/* SPDX-License-Identifier: MIT */
#include "nested.h"

#include <string.h>

#include "pilar/i18n.h"

/* Everything that reads one file inside a parcel. */
struct nested {
	struct voucher voucher;
	struct sync_import how;
	struct sync_incoming out;
	struct incoming in;
};

static enum err open_nested(struct nested *n, struct taking *t,
			    struct str bytes)
{
	const struct incoming *in = t->in;

	n->voucher = (struct voucher){
		.device = in->out->device,
		.key = in->out->key,
		.devices = json_get(t->j, "devices"),
		.known = in->out->known && !in->how->accept,
		.left = &t->left,
	};
	n->how = (struct sync_import){ .shown = in->how->shown,
				       .cancelled = in->how->cancelled,
				       .arg = in->how->arg };
	n->out = (struct sync_incoming){ .seq = 0 };
	n->in = (struct incoming){ .cases = in->cases,
				   .how = &n->how,
				   .out = &n->out,
				   .rep = in->rep,
				   .arena = &t->arena,
				   .identity = in->identity,
				   .me = in->me,
				   .fd = -1,
				   .bytes = bytes,
				   .voucher = &n->voucher,
				   .fresh = &t->fresh,
				   .dict = &t->dict,
				   .entry = BUF_INIT(ENTRY_MAX),
				   .log = BUF_INIT(ENTRY_MAX),
				   .first = BUF_INIT(MANIFEST_MAX),
				   .second = BUF_INIT(MANIFEST_MAX) };
	return minisign_recipient(&n->voucher.key, &n->voucher.recipient);
}

static void close_nested(struct nested *n, struct taking *t)
{
	incoming_release(&n->in);
	arena_reset(&t->arena);
}

/* Only what a device made: no parcel, kit or acknowledgement in a parcel. */
static enum err of_events(struct taking *t, const struct nested *n)
{
	return n->out.kind == SYNC_EVENTS_FILE
		       ? ERR_NONE
		       : refuse(t->in, ERR_INVALID, NULL);
}

/* Left out, and said once; not acknowledged, so it comes again. */
static enum err leave_out(struct taking *t, const struct nested *n,
			  struct str path)
{
	report_add(t->in->rep, PROBLEM_WARNING, path,
		   _("tidak diterima: perangkat %.*s sudah dicabut (pilar key "
		     "revoke)"),
		   STR_ARG(n->out.name.n ? n->out.name : n->out.device));
	t->in->out->revoked++;
	return ERR_NONE;
}

enum err nested_look(struct taking *t, struct str path, struct str bytes)
{
	struct sync_incoming *out = t->in->out;
	struct nested n;
	enum err rc = open_nested(&n, t, bytes);

	if (!rc)
		rc = import_look(&n.in);
	if (n.in.revoked) {
		rc = leave_out(t, &n, path);
		goto out;
	}
	if (!rc)
		rc = of_events(t, &n);
	out->files++;
	out->events += n.out.events;
	out->copied = out->copied || n.out.copied;
	out->again += n.out.whole_again ? n.out.events : 0;
	out->fresh += n.out.whole_again ? 0 : n.out.events;
out:
	close_nested(&n, t);
	return rc;
}

static enum err keep(struct taking *t, const struct note *from)
{
	struct arena *a = t->in->arena;
	struct note *n = vec_push(&t->notes);

	if (!n)
		return ERR_NOMEM;
	n->name = arena_dup(a, from->name);
	n->value = arena_dup(a, from->value);
	return n->name.p && n->value.p ? ERR_NONE : ERR_NOMEM;
}

enum err nested_brought(struct taking *t, const struct carried *what)
{
	const struct sync_incoming *out = t->in->out;
	struct note n;
	enum err rc;

	if (out->mine || out->kind != SYNC_PARCEL)
		return ERR_NONE;
	rc = has_note(&t->arena, out->device, what, out->made, &n);
	return rc ? rc : keep(t, &n);
}

/* The next file of the same device must see it. */
static enum err look_up_here(struct taking *t, const struct incoming *in,
			     const struct note *notes, size_t n)
{
	struct arena *a = t->in->arena;
	struct note *kept = arena_copy(a, notes, n, sizeof(*notes));
	enum err rc = kept ? ERR_NONE : ERR_NOMEM;
	struct fork *f;

	for (size_t i = 0; !rc && i < n; i++)
		rc = map_put(&t->fresh.notes, kept[i].name, &kept[i]);
	if (rc || !in->place.begins)
		return rc;
	f = vec_push(&t->fresh.forks);
	if (!f)
		return ERR_NOMEM;
	*f = (struct fork){ .device = arena_dup(a, in->out->device),
			    .number = arena_dup(a, in->place.device),
			    .seq = in->out->seq };
	return f->device.p && f->number.p ? ERR_NONE : ERR_NOMEM;
}

static enum err apply(struct taking *t, struct nested *n)
{
	struct sync_incoming *out = t->in->out;
	struct note notes[FILE_NOTES];
	size_t count = 0;
	enum err rc = import_apply(&n->in, t->arriving);

	out->fresh += n->out.fresh;
	out->again += n->out.again;
	if (!rc && !n->out.whole_again)
		rc = import_notes(&n->in, notes, &count);
	for (size_t i = 0; !rc && i < count; i++)
		rc = keep(t, &notes[i]);
	if (rc || !count)
		return rc;
	out->copied = out->copied || n->out.copied;
	return look_up_here(t, &n->in, &t->notes.at[t->notes.n - count], count);
}

/* The number it has where it came from, as the name of the entry says. */
static struct str number_there(struct str path)
{
	struct str name = str_sub(path, strlen(PARCEL_FILES), path.n);
	struct str number = str_sub(name, 0, DEVICE_CHARS);

	return str_is_hex(number, DEVICE_CHARS) ? number : STR("");
}

enum err nested_put(struct taking *t, struct str path, struct str bytes)
{
	struct nested n;
	enum err rc = open_nested(&n, t, bytes);

	if (!rc)
		rc = apply(t, &n);
	if (!rc)
		rc = nested_brought(
			t, &(struct carried){ .device = n.in.place.device,
					      .seq = n.out.seq,
					      .there = number_there(path) });
	if (n.in.revoked)
		rc = ERR_NONE; /* nested_look() has said so */
	close_nested(&n, t);
	return rc;
}

enum err nested_maker(struct taking *t)
{
	const struct incoming *in = t->in;
	const struct sync_incoming *out = in->out;
	struct sync_device d = { .device = out->device,
				 .name = in->how->accept_as,
				 .key = out->key,
				 .at = sys_now(cases_sys(in->cases)) };
	struct buf b = BUF_INIT(4096);
	struct note n;
	enum err rc;

	if (out->known || out->mine || out->kind != SYNC_PARCEL)
		return ERR_NONE;
	rc = device_note(&d, in->arena, &b, &n);
	if (!rc)
		rc = keep(t, &n);
	buf_release(&b);
	return rc;
}
