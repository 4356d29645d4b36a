/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "fork.h"
#include "has.h"
#include "incoming.h"
#include "parcel.h"
#include "status.h"

/*
 * What others made travels on as they made it: each file once more with its
 * own manifest and signature, in one parcel that this device signs. Who gets
 * it believes the devices named there because the sender does.
 */
struct forwarding {
	struct cases *cases;
	const struct sync_forward *how;
	struct sync_forwarded *out;
	struct arena *arena;
	struct arena file_arena; /* of one file */
	struct dict dict;        /* of all */
	struct parcel parcel;
	struct json *devices; /* whose files are in it */
	struct str named;     /* the last one put there */
	uint64_t unpacked;    /* bytes of all files in it */
};

/* Is there one among the recipients who is not known to have it? */
static bool wanted(struct forwarding *f, const struct carried *what)
{
	const struct sync_forward *how = f->how;

	for (size_t i = 0; i < how->n_to; i++) {
		struct str reader = how->to[i].device;

		if (!str_eq(reader, what->device) &&
		    !has_it(f->cases, &f->file_arena, reader, what))
			return true;
	}
	return false;
}

/* ---- whose files they are */
static enum err name_device(struct forwarding *f, struct str device)
{
	struct buf key = BUF_INIT(128);
	struct sync_device d;
	enum err rc = sync_device(f->cases, device, f->arena, &d);

	minisign_key_text(&key, &d.key);
	if (!rc) {
		const struct json_member rows[] = {
			{ "device", json_str_new(device) },
			{ "name", json_str_new(d.name) },
			{ "key", json_str_new(buf_str(&key)) },
		};

		rc = json_push(f->devices,
			       json_object_of(rows, ARRAY_LEN(rows)));
	}
	buf_release(&key);
	return rc;
}

/* Devices come one after the other. */
static enum err vouch(struct forwarding *f, struct str device)
{
	if (str_eq(f->named, device) || str_eq(cases_device(f->cases), device))
		return ERR_NONE;
	f->named = device;
	return name_device(f, device);
}

/* ---- files */
/* A copy's are the device's, which signed them. */
static enum err vouch_for(struct forwarding *f, struct str number)
{
	struct fork *all = NULL;
	const struct fork *copy = NULL;
	size_t n = 0;
	enum err rc = forks(f->cases, STR(""), f->arena, &all, &n);

	if (!rc)
		copy = fork_find(all, n, number);
	return rc ? rc : vouch(f, copy ? copy->device : number);
}

static enum err put_file(struct forwarding *f, const struct carried *what,
			 const struct kept *kept)
{
	struct buf b = BUF_INIT(ENTRY_MAX);
	struct parcel *p = &f->parcel;
	struct kept_file file = { .events = 0 };
	enum err rc;

	if (p->entries.n >= PARCEL_ENTRIES || p->bytes >= PARCEL_BYTES ||
	    f->unpacked >= PARCEL_UNPACKED - SYNC_BYTES * 5 / 4) {
		f->out->left++;
		return ERR_NONE;
	}
	rc = export_kept(f->cases, kept, &f->file_arena, &b, &file);
	f->unpacked += file.unpacked;
	if (!rc)
		rc = vouch_for(f, what->device);
	if (!rc)
		rc = parcel_add(p,
				arena_printf(f->arena,
					     PARCEL_FILES "%.*s-%06llu.tar.zst",
					     STR_ARG(what->device),
					     (unsigned long long)what->seq),
				arena_dup(f->arena, buf_str(&b)));
	buf_release(&b);
	/* One of its events was never here: it travels another way. */
	if (rc == ERR_NOTFOUND)
		return ERR_NONE;
	f->out->files++;
	f->out->events += file.events;
	return rc;
}

static enum err add_others(struct forwarding *f)
{
	struct note *notes = NULL;
	size_t n = 0;
	enum err rc = cases_notes(f->cases, STR("in/"), f->arena, &notes, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		struct carried what = { .seq = 0 };
		struct str kept = { NULL, 0 };
		struct taken t;

		rc = taken_read(&notes[i], &t);
		what.device = t.device;
		what.seq = t.seq;
		if (rc || str_eq(t.device, cases_device(f->cases)) ||
		    !wanted(f, &what))
			continue;
		rc = cases_note(f->cases,
				file_name(&f->file_arena, t.device, t.seq),
				&f->file_arena, &kept);
		if (!rc)
			rc = put_file(f, &what,
				      &(struct kept){ .text = kept,
						      .number = what.device,
						      .dict = &f->dict });
		else if (rc == ERR_NOTFOUND)
			rc = ERR_NONE; /* taken in by an older pilar */
		arena_reset(&f->file_arena);
		if (!rc)
			rc = parcel_step(&f->parcel, i * 50 / n);
	}
	return rc;
}

/* Offices get our own files by themselves, sealed for them. */
static bool goes_by_itself(struct forwarding *f, struct str kept)
{
	const struct sync_forward *how = f->how;
	struct rd rd = RD_INIT(kept);
	struct sheet s = { .j = NULL };
	bool all = !how->whole;

	if (!all || sheet_read(&s, rd_text(&rd), &f->file_arena))
		return false;
	for (size_t i = 0; i < how->n_to && all; i++)
		all = sheet_for(&s, &how->to[i].recipient);
	sheet_release(&s);
	return all;
}

static enum err add_own(struct forwarding *f)
{
	struct batch *b = NULL;
	size_t n = 0;
	enum err rc = cases_batches(f->cases, f->arena, &b, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		const struct carried what = { .device = cases_device(f->cases),
					      .seq = b[i].seq };
		struct str kept = { NULL, 0 };

		if (!wanted(f, &what))
			continue;
		rc = cases_note(f->cases,
				note_name(&f->file_arena, "out/", b[i].seq),
				&f->file_arena, &kept);
		if (!rc && !goes_by_itself(f, kept))
			rc = put_file(f, &what,
				      &(struct kept){ .text = kept,
						      .dict = &f->dict });
		else if (rc == ERR_NOTFOUND)
			rc = ERR_NONE; /* acknowledged and pruned */
		arena_reset(&f->file_arena);
	}
	return rc;
}

static enum err add_list(void *arg, const struct carried_list *l)
{
	struct forwarding *f = arg;
	const struct carried what = { .device = l->device,
				      .seq = l->seq,
				      .list = true };

	if (!wanted(f, &what))
		return ERR_NONE;
	if (f->parcel.entries.n >= PARCEL_ENTRIES) {
		f->out->left++;
		return ERR_NONE;
	}
	return parcel_add_list(&f->parcel, l);
}

/* What waits here gets its number first: sealed for our offices as always. */
static enum err own_first(struct forwarding *f, struct report *rep)
{
	const struct sync_forward *how = f->how;
	struct sync_export own = { .folder = how->own_folder,
				   .to = how->to,
				   .n_to = how->n_to,
				   .cancelled = how->cancelled,
				   .arg = how->arg };
	struct sync_office *offices = NULL;
	struct sync_result r;
	size_t n = 0;
	enum err rc = sync_offices(f->cases, f->arena, &offices, &n);

	if (!rc && n) {
		own.to = offices;
		own.n_to = n;
	}
	do
		rc = rc ? rc : sync_export(f->cases, &own, f->arena, &r, rep);
	while (!rc && r.file.n);
	return rc;
}

static enum err gather(struct forwarding *f, struct report *rep)
{
	enum err rc = ERR_NONE;

	if (f->how->whole && f->how->dry)
		f->out->events = cases_waiting(f->cases);
	else if (f->how->whole)
		rc = own_first(f, rep);
	/* Lists make what the files change. */
	if (!rc)
		rc = cases_each_list(f->cases, add_list, f);
	if (!rc)
		rc = add_others(f);
	return rc ? rc : add_own(f);
}

/* ---- the file */
static struct str file_of(struct forwarding *f)
{
	struct buf b = BUF_INIT(SYNC_NAME_MAX + 1);
	struct str name = f->how->n_to ? f->how->to[0].name : STR("semua");
	struct str path;

	for (size_t i = 0; i < name.n && i < SYNC_NAME_MAX; i++) {
		char c = name.p[i];
		bool plain = ascii_letter(c) || ascii_digit(c);

		if (!plain)
			c = '_';
		buf_addc(&b, c);
	}
	path = arena_printf(f->arena, "%.*s/pilar-%.*s-titipan-%.*s.tar.zst%s",
			    STR_ARG(f->how->folder),
			    STR_ARG(str_sub(cases_device(f->cases), 0, 8)),
			    STR_ARG(buf_str(&b)), f->how->n_to ? ".age" : "");
	buf_release(&b);
	return path;
}

static enum err write_parcel(struct forwarding *f)
{
	struct str path = file_of(f);
	struct json *head = NULL;
	enum err rc = path.p ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = parcel_head(&f->parcel, PARCEL_FORMAT, STR(""), &head);
	if (!rc) {
		rc = json_set(head, "devices", f->devices);
		f->devices = NULL;
	}
	if (!rc)
		rc = parcel_write(&f->parcel, PARCEL_NAME, head, path.p,
				  &f->out->bytes);
	if (!rc)
		f->out->file = path;
	json_free(head);
	return rc;
}

enum err sync_forward(struct cases *c, const struct sync_forward *how,
		      struct arena *a, struct sync_forwarded *out,
		      struct report *rep)
{
	struct forwarding f = { .cases = c,
				.how = how,
				.out = out,
				.arena = a,
				.devices = json_array_new(),
				.parcel = { .cases = c,
					    .arena = a,
					    .to = how->to,
					    .n_to = how->n_to,
					    .progress = how->progress,
					    .arg = how->arg,
					    .cancelled = how->cancelled } };
	enum err rc = f.devices ? ERR_NONE : ERR_NOMEM;

	*out = (struct sync_forwarded){ .files = 0 };
	if (!rc)
		rc = gather(&f, rep);
	out->lists = f.parcel.lists;
	out->bytes = f.parcel.bytes;
	if (!rc && f.parcel.entries.n && !how->dry)
		rc = write_parcel(&f);
	if (rc && !rep->errors)
		report_add(rep, PROBLEM_ERROR, how->folder, "%s",
			   rc == ERR_NOSPACE ? _("disk penuh; titipan tidak "
						 "dibuat")
			   : rc == ERR_CANCELLED
				   ? _("dibatalkan; titipan tidak dibuat")
				   : _("titipan tidak dapat dibuat di sana"));
	json_free(f.devices);
	parcel_release(&f.parcel);
	arena_release(&f.file_arena);
	dict_release(&f.dict);
	return rc;
}
