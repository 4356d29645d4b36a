/* SPDX-License-Identifier: MIT */
#include "pilar/sync.h"

#include <stdlib.h>

#include <zstd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/tar.h"

#include "manifest.h"

/*
 * zstd's level by the bytes that go in: the smallest file that a person waits
 * at most a second or two for (PERF D6).
 */
static const struct {
	uint64_t bytes;
	int level;
} levels[] = {
	{ (uint64_t)512 << 10, 19 },
	{ (uint64_t)4 << 20, 15 },
	{ UINT64_MAX, 9 },
};

/* A manifest of the largest batch: some 120 bytes an event. */
#define MANIFEST_MAX     ((size_t)256 << 20)
#define EVENTS_PER_BATCH 1000000

/* tar in front, the file behind. */
struct packer {
	ZSTD_CCtx *z;
	struct file_out file;
	uint64_t bytes;
	char *block;
	size_t block_size;
};

static enum err pump(struct packer *p, const void *data, size_t n,
		     ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = { data, n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { p->block, p->block_size, 0 };
		enum err rc;

		left = ZSTD_compressStream2(p->z, &out, &in, mode);
		if (ZSTD_isError(left))
			return ERR_IO;
		rc = file_out_add(&p->file, p->block, out.pos);
		if (rc)
			return rc;
		p->bytes += out.pos;
	} while (mode == ZSTD_e_end ? left > 0 : in.pos < in.size);
	return ERR_NONE;
}

static enum err into_zstd(void *arg, const void *data, size_t n)
{
	return pump(arg, data, n, ZSTD_e_continue);
}

static void packer_release(struct packer *p)
{
	file_out_abort(&p->file);
	ZSTD_freeCCtx(p->z);
	free(p->block);
	*p = (struct packer){ 0 };
}

static enum err packer_open(struct packer *p, const char *path, int level)
{
	p->z = ZSTD_createCCtx();
	p->block_size = ZSTD_CStreamOutSize();
	p->block = malloc(p->block_size);
	if (!p->z || !p->block)
		return ERR_NOMEM;
	if (ZSTD_isError(ZSTD_CCtx_setParameter(p->z, ZSTD_c_compressionLevel,
						level)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(p->z, ZSTD_c_checksumFlag, 1)))
		return ERR_INVALID;
	return file_out_open(&p->file, path);
}

/* One run of the export. */
struct run {
	struct cases *cases;
	const struct sync_export *how;
	struct report *rep;
	struct outbox_row *rows;
	size_t n;
	struct batch batch;
	uint64_t raw;              /* bytes of all entries */
	struct buf manifest, hash; /* hash: of the manifest, hex */
};

/* "instances/<uuid>/submission.xml"; the instanceID without "uuid:". */
static struct str entry_path(struct arena *a, struct str instance_id)
{
	if (str_starts(instance_id, STR("uuid:")))
		instance_id = str_sub(instance_id, 5, instance_id.n);
	return arena_printf(a, "instances/%.*s/submission.xml",
			    STR_ARG(instance_id));
}

typedef enum err (*event_fn)(void *arg, const struct event *e, struct str path);

/* Each waiting event in order, with its XML, one in memory at a time. */
static enum err each_event(struct run *r, event_fn fn, void *arg, size_t done)
{
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < r->n; i++) {
		struct event e = { 0 };

		arena_reset(&a);
		rc = cases_event(r->cases, r->rows[i].instance_id, &a, &e);
		if (!rc)
			rc = fn(arg, &e, entry_path(&a, e.instance_id));
		if (r->how->progress)
			r->how->progress(r->how->arg, done + i + 1, r->n * 2);
	}
	arena_release(&a);
	return rc;
}

static enum err describe(void *arg, const struct event *e, struct str path)
{
	struct manifest *m = arg;
	enum err rc = path.p ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = manifest_envelope(m, e);
	if (!rc)
		rc = manifest_entry(m, path, e->xml);
	return rc;
}

static enum err make_manifest(struct run *r, struct str previous)
{
	struct manifest m;
	uint8_t hash[32];
	enum err rc;

	rc = manifest_begin(&m, r->cases, &r->batch, previous);
	if (!rc)
		rc = each_event(r, describe, &m, 0);
	if (!rc)
		rc = manifest_write(&m, &r->manifest);
	r->raw = m.bytes;
	manifest_release(&m);
	if (!rc) {
		sha256(hash, buf_str(&r->manifest));
		hex(&r->hash, hash, sizeof(hash));
		r->batch.manifest_hash = buf_str(&r->hash);
	}
	return rc;
}

static enum err pack(void *arg, const struct event *e, struct str path)
{
	return tar_out_add(arg, path, e->xml);
}

static int level_of(const struct run *r)
{
	size_t i = 0;

	if (r->how->level)
		return r->how->level;
	while (levels[i].bytes < r->raw)
		i++;
	return levels[i].level;
}

static enum err write_file(struct run *r, const char *path)
{
	struct packer p = { 0 };
	struct tar_out *tar = NULL;
	enum err rc;

	rc = packer_open(&p, path, level_of(r));
	if (!rc)
		rc = tar_out_new(&tar, into_zstd, &p);
	if (!rc)
		rc = tar_out_add(tar, STR("manifest.json"),
				 buf_str(&r->manifest));
	if (!rc)
		rc = each_event(r, pack, tar, r->n);
	if (!rc)
		rc = tar_out_end(tar);
	if (!rc)
		rc = pump(&p, NULL, 0, ZSTD_e_end);
	if (!rc)
		rc = file_out_commit(&p.file);
	r->batch.bytes = p.bytes;
	tar_out_free(tar);
	packer_release(&p);
	return rc;
}

static enum err record(struct run *r)
{
	uint64_t *seqs = calloc(r->n, sizeof(*seqs));
	enum err rc;

	if (!seqs)
		return ERR_NOMEM;
	for (size_t i = 0; i < r->n; i++)
		seqs[i] = r->rows[i].seq;
	rc = cases_batch_put(r->cases, &r->batch, seqs, r->n);
	free(seqs);
	return rc;
}

static enum err say_failed(struct run *r, const char *path, enum err rc)
{
	if (rc == ERR_NOSPACE)
		report_add(r->rep, PROBLEM_ERROR, str_from(path),
			   _("disk penuh; tidak ada yang dianggap terkirim"));
	else if (rc == ERR_NOTFOUND || rc == ERR_REFUSED)
		report_add(r->rep, PROBLEM_ERROR, str_from(path),
			   _("folder tujuan tidak ada atau tidak boleh "
			     "ditulis"));
	else if (rc)
		report_add(r->rep, PROBLEM_ERROR, str_from(path),
			   _("berkas tidak dapat ditulis; tidak ada yang "
			     "dianggap terkirim"));
	return rc;
}

/* Number and predecessor of the file to be written. */
static enum err plan(struct run *r, struct arena *a, struct str *previous)
{
	struct batch *before = NULL;
	size_t n = 0;
	enum err rc = cases_batches(r->cases, a, &before, &n);

	if (rc)
		return rc;
	*previous = STR("");
	for (size_t i = 0; i < n; i++) {
		if (before[i].seq < r->batch.seq)
			continue;
		r->batch.seq = before[i].seq;
		*previous = before[i].manifest_hash;
	}
	r->batch.seq++;
	r->batch.at = sys_now(cases_sys(r->cases));
	r->batch.first = r->rows[0].seq;
	r->batch.last = r->rows[r->n - 1].seq;
	r->batch.events = r->n;
	return ERR_NONE;
}

static enum err export_rows(struct run *r, struct arena *a, struct str *file)
{
	struct str previous, device = cases_device(r->cases);
	enum err rc = plan(r, a, &previous);
	char *path;

	if (rc)
		return rc;
	r->batch.file = arena_printf(a, "pilar-%.*s-%06llu.tar.zst",
				     STR_ARG(str_sub(device, 0, 8)),
				     (unsigned long long)r->batch.seq);
	*file = arena_printf(a, "%.*s/%.*s", STR_ARG(r->how->folder),
			     STR_ARG(r->batch.file));
	path = arena_cstr(a, *file);
	if (!path)
		return ERR_NOMEM;
	rc = make_manifest(r, previous);
	if (!rc)
		rc = say_failed(r, path, write_file(r, path));
	if (!rc)
		rc = record(r);
	return rc;
}

enum err sync_export(struct cases *c, const struct sync_export *how,
		     struct arena *a, struct sync_result *out,
		     struct report *rep)
{
	struct run r = { .cases = c,
			 .how = how,
			 .rep = rep,
			 .manifest = BUF_INIT(MANIFEST_MAX),
			 .hash = BUF_INIT(128) };
	struct str file = STR("");
	enum err rc = cases_outbox(c, a, &r.rows, &r.n);

	*out = (struct sync_result){ 0 };
	if (!rc && r.n > EVENTS_PER_BATCH)
		r.n = EVENTS_PER_BATCH;
	if (!rc && r.n) {
		rc = export_rows(&r, a, &file);
		if (!rc)
			*out = (struct sync_result){ file, r.batch.events,
						     r.batch.bytes };
	}
	buf_release(&r.manifest);
	buf_release(&r.hash);
	return rc;
}

enum err sync_status(struct cases *c, struct arena *a, struct sync_status *out)
{
	struct outbox_row *rows = NULL;
	struct batch *b = NULL;
	size_t n = 0, batches = 0;
	enum err rc = cases_outbox(c, a, &rows, &n);

	if (!rc)
		rc = cases_batches(c, a, &b, &batches);
	if (rc)
		return rc;
	*out = (struct sync_status){ .waiting = n, .files = batches };
	for (size_t i = 0; i < batches; i++) {
		out->exported += b[i].events;
		out->bytes += b[i].bytes;
		if (b[i].at < out->last_at)
			continue;
		out->last_at = b[i].at;
		out->last_file = b[i].file;
	}
	return ERR_NONE;
}
