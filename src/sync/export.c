/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/paradata.h"

#include "fork.h"
#include "keys.h"
#include "manifest.h"
#include "pack.h"
#include "parcel.h"

#define NOTE_MAX (MANIFEST_MAX + SIGNATURE_MAX + 64)

/* One run of the export. */
struct run {
	struct cases *cases;
	const struct sync_export *how;
	struct report *rep;
	struct arena *arena; /* the caller's */
	struct outbox_row *rows;
	size_t n;
	struct batch batch;
	struct str previous;
	const struct sync_office *to; /* sealed for these */
	size_t n_to;
	uint64_t raw; /* bytes of all entries in the tar */
	struct buf manifest, signature, hash, note;
	struct buf key; /* ours, for somebody who does not know it */
	char *path;
	struct buf *into;  /* instead of a file */
	struct str number; /* of a file of others: where it is kept */
	struct dict *dict; /* of many files; or NULL */
};

static struct str entry_path(struct arena *a, struct str instance_id)
{
	char uuid[UUID_LEN + 1];

	cases_file_uuid(instance_id, uuid);
	return arena_printf(a, "instances/%s/submission.xml", uuid);
}

/* Of the log beside it, when its XML names one. */
static struct str log_path(struct arena *a, const struct event *e)
{
	char uuid[UUID_LEN + 1];

	cases_file_uuid(e->instance_id, uuid);
	return arena_printf(a, "instances/%s/" PARADATA_NAME, uuid);
}

typedef enum err (*event_fn)(void *arg, const struct event *e, struct str path);

/* Each event in order, with its XML, one in memory at a time. */
static enum err each_event(struct run *r, event_fn fn, void *arg, size_t done)
{
	const struct sync_export *how = r->how;
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < r->n; i++) {
		struct event e = { 0 };

		arena_reset(&a);
		if (how->cancelled && how->cancelled(how->arg))
			rc = ERR_CANCELLED;
		if (!rc)
			rc = cases_event(r->cases, r->rows[i].instance_id, &a,
					 &e);
		if (!rc)
			rc = fn(arg, &e, entry_path(&a, e.instance_id));
		if (how->progress)
			how->progress(how->arg, done + i + 1, r->n * 2);
	}
	arena_release(&a);
	return rc;
}

/* ---- the manifest */
struct describing {
	struct run *run;
	struct manifest m;
	struct arena arena; /* of one path */
	uint64_t raw;       /* bytes in the tar */
};

static enum err describe(void *arg, const struct event *e, struct str path)
{
	struct describing *d = arg;
	enum err rc;

	/* What does not fit goes into the next file. */
	if (d->m.entries && d->m.bytes + e->xml.n + e->audit.n > SYNC_BYTES) {
		d->run->n = d->m.entries;
		return ERR_NONE;
	}
	d->raw += pack_entry(e->xml.n);
	rc = path.p ? manifest_entry(&d->m, e, path) : ERR_NOMEM;
	if (rc || !paradata_named(e->xml))
		return rc;
	d->raw += pack_entry(e->audit.n);
	manifest_log(&d->m, e, log_path(&d->arena, e));
	arena_reset(&d->arena);
	return ERR_NONE;
}

/*
 * Nobody can know the key of a device that nobody has answered. It stands in
 * front of the seal, or in the manifest where there is none.
 */
static enum err show_key(struct run *r)
{
	struct sync_self self;
	struct note *acks = NULL;
	size_t n = 0;
	enum err rc = cases_notes(r->cases, STR("ack/"), r->arena, &acks, &n);

	if (!rc && !n)
		rc = sync_self(r->cases, &self);
	if (!rc && !n)
		minisign_key_text(&r->key, &self.key);
	return rc ? rc : r->key.failed;
}

static enum err sign(struct run *r)
{
	struct seal_key *seed = NULL;
	enum err rc = keys_seed(r->cases, &seed);

	if (!rc)
		rc = minisign_sign(&r->signature, seed, buf_str(&r->manifest),
				   STR(""));
	seal_key_free(seed);
	return rc;
}

static enum err make_manifest(struct run *r)
{
	struct manifest_head head = { .previous = r->previous,
				      .to = r->to,
				      .n_to = r->n_to,
				      .seq = r->batch.seq,
				      .made = r->batch.at };
	struct describing d = { .run = r };
	enum err rc = ERR_NONE;

	head.device = cases_device(r->cases);
	if (r->n_to)
		head.hub = r->to[0].device;
	else
		head.key = buf_str(&r->key);
	if (!rc)
		rc = manifest_begin(&d.m, &head);
	if (!rc)
		rc = each_event(r, describe, &d, 0);
	if (!rc)
		rc = manifest_write(&d.m, &r->manifest);
	r->raw = d.raw;
	r->batch.last = r->rows[r->n - 1].seq;
	r->batch.events = r->n;
	manifest_release(&d.m);
	arena_release(&d.arena);
	return rc ? rc : sign(r);
}

/* What is kept of a file: with it the file can be made once more. */
static enum err keep_manifest(struct run *r)
{
	uint8_t hash[32];

	buf_text(&r->note, buf_str(&r->manifest));
	buf_text(&r->note, buf_str(&r->signature));
	sha256(hash, buf_str(&r->manifest));
	hex(&r->hash, hash, sizeof(hash));
	r->batch.manifest_hash = buf_str(&r->hash);
	return r->note.failed ? r->note.failed : r->hash.failed;
}

/* ---- the file */
static enum err add(void *arg, const struct event *e, struct str path)
{
	struct arena a = { 0 };
	enum err rc = pack_add(arg, path, e->xml);

	if (!rc && paradata_named(e->xml))
		rc = pack_add(arg, log_path(&a, e), e->audit);
	arena_release(&a);
	return rc;
}

static enum err into_buf(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

static enum err write_file(struct run *r)
{
	struct age_recipient to[AGE_RECIPIENTS_MAX];
	struct pack_how how = { .path = r->path,
				.best = r->how->best,
				.plain = r->how->plain,
				.size = r->raw + pack_entry(r->manifest.n) +
					pack_entry(r->signature.n) + PACK_END,
				.to = to,
				.n_to = r->n_to,
				.sink = r->into ? into_buf : NULL,
				.arg = r->into,
				.key = buf_str(&r->key),
				.dict = r->dict };
	struct pack *p = NULL;
	enum err rc;

	for (size_t i = 0; i < r->n_to; i++)
		to[i] = r->to[i].recipient;
	rc = pack_new(&p, &how);
	if (!rc)
		rc = pack_add(p, STR(MANIFEST_NAME), buf_str(&r->manifest));
	if (!rc)
		rc = pack_add(p, STR(MANIFEST_SIGNATURE),
			      buf_str(&r->signature));
	if (!rc)
		rc = each_event(r, add, p, r->n);
	if (!rc)
		rc = pack_commit(p, &r->batch.bytes);
	pack_free(p);
	return rc;
}

static enum err record(struct run *r)
{
	uint64_t *seqs = calloc(r->n, sizeof(*seqs));
	struct note note = { note_name(r->arena, "out/", r->batch.seq),
			     buf_str(&r->note) };
	enum err rc;

	if (!seqs)
		return ERR_NOMEM;
	for (size_t i = 0; i < r->n; i++)
		seqs[i] = r->rows[i].seq;
	rc = cases_batch_put(r->cases, &r->batch, seqs, r->n, &note);
	free(seqs);
	return rc;
}

static enum err say_failed(struct run *r, enum err rc)
{
	struct str place = str_from(r->path);

	if (rc == ERR_NOSPACE)
		report_add(r->rep, PROBLEM_ERROR, place,
			   _("disk penuh; tidak ada yang dianggap terkirim"));
	else if (rc == ERR_NOTFOUND || rc == ERR_REFUSED)
		report_add(r->rep, PROBLEM_ERROR, place,
			   _("folder tujuan tidak ada atau tidak boleh "
			     "ditulis"));
	else if (rc == ERR_CANCELLED)
		report_add(r->rep, PROBLEM_ERROR, place,
			   _("dibatalkan; tidak ada yang dianggap terkirim"));
	else if (rc)
		report_add(r->rep, PROBLEM_ERROR, place,
			   _("berkas tidak dapat ditulis; tidak ada yang "
			     "dianggap terkirim"));
	return rc;
}

/* What a killed export left half written goes. */
static void sweep_halves(struct run *r, struct str folder)
{
	struct str front =
		arena_printf(r->arena, "pilar-%.*s-",
			     STR_ARG(str_sub(cases_device(r->cases), 0, 8)));
	struct str *names = NULL;
	size_t n = 0;

	if (dir_list(folder.p, r->arena, &names, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		char *path = path_join(r->arena, folder.p, names[i].p);

		if (path && str_starts(names[i], front) &&
		    str_find(names[i], STR(".tmp-"), 0) != SIZE_MAX)
			unlink(path);
	}
}

/* The file appears first; only then it counts. */
static enum err write_and_record(struct run *r)
{
	struct str device = cases_device(r->cases), file;
	enum err rc;

	r->batch.file = arena_printf(r->arena, "pilar-%.*s-%06llu.tar.zst%s",
				     STR_ARG(str_sub(device, 0, 8)),
				     (unsigned long long)r->batch.seq,
				     r->n_to ? ".age" : "");
	file = arena_printf(r->arena, "%.*s/%.*s", STR_ARG(r->how->folder),
			    STR_ARG(r->batch.file));
	r->path = arena_cstr(r->arena, file);
	if (!r->path)
		return ERR_NOMEM;
	sweep_halves(r, arena_dup(r->arena, r->how->folder));
	rc = say_failed(r, write_file(r));
	return rc || r->how->again ? rc : record(r);
}

/* ---- what waits */

/* Number and predecessor of the file to be written. */
static enum err plan(struct run *r)
{
	struct batch *before = NULL;
	size_t n = 0;
	enum err rc = cases_batches(r->cases, r->arena, &before, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		if (before[i].seq < r->batch.seq)
			continue;
		r->batch.seq = before[i].seq;
		r->previous = before[i].manifest_hash;
	}
	r->batch.seq++;
	r->batch.at = sys_now(cases_sys(r->cases));
	r->batch.first = r->rows[0].seq;
	r->batch.events = r->n;
	return rc;
}

static enum err count_raw(void *arg, const struct event *e, struct str path)
{
	uint64_t *raw = arg;

	(void)path;
	*raw += pack_entry(e->xml.n);
	if (paradata_named(e->xml))
		*raw += pack_entry(e->audit.n);
	return ERR_NONE;
}

static enum err export_waiting(struct run *r)
{
	enum err rc = cases_outbox(r->cases, r->arena, &r->rows, &r->n);

	if (rc || !r->n)
		return rc;
	if (r->n > SYNC_EVENTS)
		r->n = SYNC_EVENTS;
	rc = plan(r);
	if (rc || r->how->dry)
		return rc ? rc : each_event(r, count_raw, &r->batch.bytes, 0);
	rc = make_manifest(r);
	if (!rc)
		rc = keep_manifest(r);
	return rc ? rc : write_and_record(r);
}

/* ---- once more */
static enum err no_such_file(struct run *r)
{
	report_add(r->rep, PROBLEM_ERROR, STR(""),
		   _("berkas nomor %llu belum pernah diekspor dari sini"),
		   (unsigned long long)r->how->again);
	return ERR_NOTFOUND;
}

static enum err find_batch(struct run *r)
{
	struct batch *all = NULL;
	size_t n = 0;
	enum err rc = cases_batches(r->cases, r->arena, &all, &n);

	for (size_t i = 0; !rc && i < n; i++)
		if (all[i].seq == r->how->again) {
			r->batch = all[i];
			return ERR_NONE;
		}
	return rc ? rc : no_such_file(r);
}

/* For whom it was sealed stands in it: it is sealed for the same again. */
static enum err same_recipients(struct run *r, const struct sheet *s)
{
	struct sync_office *to =
		arena_array(r->arena, r->n_to + 1, sizeof(*to));
	size_t wanted = sheet_recipients(s), n = 0;

	if (!to)
		return ERR_NOMEM;
	for (size_t i = 0; wanted && i < r->n_to; i++)
		if (sheet_for(s, &r->to[i].recipient))
			to[n++] = r->to[i];
	r->to = to;
	r->n_to = n;
	if (n == wanted)
		return ERR_NONE;
	report_add(r->rep, PROBLEM_ERROR, STR(""),
		   _("berkas nomor %llu disegel untuk kantor yang tidak ada "
		     "dalam daftar (pilar key list); sebut kuncinya dengan "
		     "--to"),
		   (unsigned long long)r->how->again);
	return ERR_NOTFOUND;
}

/* Made here they have the numbers they have; others' may have got one. */
static struct str spare_of(struct run *r, const struct sheet *s)
{
	struct buf b = BUF_INIT(128);
	uint8_t hash[32];
	struct str number;

	sha256(hash, buf_str(&r->manifest));
	hex(&b, hash, sizeof(hash));
	number = fork_number(r->arena, s->device, buf_str(&b));
	buf_release(&b);
	return number;
}

/* The events of the manifest, in its order. */
static enum err rows_of(struct run *r, const struct sheet *s)
{
	struct place at = { .device = r->number };
	enum err rc = ERR_NONE;

	r->n = s->entries;
	r->rows = arena_array(r->arena, r->n + 1, sizeof(*r->rows));
	if (!r->rows)
		return ERR_NOMEM;
	if (r->number.n)
		at.spare = spare_of(r, s);
	for (size_t i = 0; !rc && i < r->n; i++) {
		r->rows[i].seq = s->events[i].seq;
		rc = fork_event(r->cases, r->arena, &at, s->device,
				r->rows[i].seq, &r->rows[i].instance_id);
	}
	return rc;
}

/* What was kept of a file: its manifest as it was, and what it says. */
static enum err read_kept(struct run *r, struct str kept, struct sheet *s)
{
	struct rd rd = RD_INIT(kept);

	buf_addstr(&r->manifest, rd_text(&rd));
	buf_addstr(&r->signature, rd_text(&rd));
	if (rd.failed)
		return ERR_CORRUPT;
	return sheet_read(s, buf_str(&r->manifest), r->arena);
}

static enum err export_again(struct run *r)
{
	struct sheet s = { .j = NULL };
	struct str value;
	enum err rc = find_batch(r);

	if (!rc)
		rc = cases_note(r->cases,
				note_name(r->arena, "out/", r->how->again),
				r->arena, &value);
	if (rc == ERR_NOTFOUND && !r->rep->errors)
		return no_such_file(r);
	if (rc)
		return rc;
	rc = read_kept(r, value, &s);
	if (!rc)
		rc = same_recipients(r, &s);
	if (!rc)
		rc = rows_of(r, &s);
	sheet_release(&s);
	if (!rc)
		rc = each_event(r, count_raw, &r->raw, 0);
	return rc ? rc : write_and_record(r);
}

enum err sync_export(struct cases *c, const struct sync_export *how,
		     struct arena *a, struct sync_result *out,
		     struct report *rep)
{
	struct run r = { .cases = c,
			 .how = how,
			 .rep = rep,
			 .arena = a,
			 .to = how->to,
			 .n_to = how->n_to,
			 .manifest = BUF_INIT(MANIFEST_MAX),
			 .signature = BUF_INIT(SIGNATURE_MAX),
			 .note = BUF_INIT(NOTE_MAX),
			 .hash = BUF_INIT(128),
			 .key = BUF_INIT(128) };
	enum err rc = show_key(&r);

	if (!rc)
		rc = how->again ? export_again(&r) : export_waiting(&r);

	*out = (struct sync_result){ 0 };
	if (!rc && r.n) {
		out->seq = r.batch.seq;
		out->events = r.batch.events;
		out->bytes = r.batch.bytes;
		out->file = str_from(r.path);
	}
	buf_release(&r.manifest);
	buf_release(&r.signature);
	buf_release(&r.note);
	buf_release(&r.hash);
	buf_release(&r.key);
	return rc;
}

/* ---- to stand in a parcel */
enum err export_kept(struct cases *c, const struct kept *from, struct arena *a,
		     struct buf *out, struct kept_file *what)
{
	const struct sync_export how = { .n_to = 0 };
	struct run r = { .cases = c,
			 .how = &how,
			 .arena = a,
			 .manifest = BUF_INIT(MANIFEST_MAX),
			 .signature = BUF_INIT(SIGNATURE_MAX),
			 .into = out,
			 .number = from->number,
			 .dict = from->dict };
	struct sheet s = { .j = NULL };
	enum err rc = read_kept(&r, from->text, &s);

	if (!rc)
		rc = rows_of(&r, &s);
	sheet_release(&s);
	if (!rc)
		rc = each_event(&r, count_raw, &r.raw, 0);
	if (!rc)
		rc = write_file(&r);
	*what = (struct kept_file){ r.n, r.raw };
	buf_release(&r.manifest);
	buf_release(&r.signature);
	return rc;
}
