/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "kit.h"
#include "nested.h"

/* What tar adds to an entry, at most; entries of a kit. */
#define TAR_EXTRA   1536
#define ENTRIES_MAX 100000
#define BYTES_MAX   ((uint64_t)256 << 20)
/* Workers and offices; bytes and rows of one list (cases/import.c: 500). */
#define PEOPLE_MAX 10000
#define LIST_MAX   ((size_t)4 << 20)
#define LIST_NESTS 20000

/* ---- who made it */
static bool is_office(struct taking *t, const struct minisign_key *key)
{
	struct incoming *in = t->in;
	struct sync_office *all = NULL;
	struct age_recipient r;
	size_t n = 0;

	if (minisign_recipient(key, &r) ||
	    sync_offices(in->cases, in->arena, &all, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (memcmp(all[i].recipient.key, r.key, sizeof(r.key)) == 0) {
			in->out->name = all[i].name;
			return true;
		}
	return false;
}

/* An office of ours; for a parcel also a device that was accepted. */
static enum err know_maker(struct taking *t)
{
	struct incoming *in = t->in;
	struct sync_incoming *out = in->out;
	struct sync_device d;
	enum err rc;

	out->known = is_office(t, &out->key);
	if (out->known || out->kind != SYNC_PARCEL)
		return ERR_NONE;
	rc = sync_device(in->cases, out->device, in->arena, &d);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	if (d.revoked)
		return refuse(in, ERR_REFUSED,
			      _("perangkat pembuatnya sudah dicabut "
				"(pilar key revoke)"));
	if (memcmp(d.key.key, out->key.key, sizeof(d.key.key)) != 0)
		return refuse(in, ERR_CORRUPT,
			      _("ditandatangani dengan kunci lain daripada "
				"kunci perangkat itu yang dikenal di sini"));
	out->known = true;
	out->name = d.name;
	return ERR_NONE;
}

static enum err check_maker(struct taking *t)
{
	struct incoming *in = t->in;
	struct sync_incoming *out = in->out;
	int64_t entries = json_int(json_get(t->j, "entries"));
	int64_t bytes = json_int(json_get(t->j, "bytes"));

	if (minisign_key_parse(json_get_str(t->j, "key"), &out->key) ||
	    entries < 0 || entries > ENTRIES_MAX || bytes < 0 ||
	    (uint64_t)bytes > BYTES_MAX)
		return refuse(in, ERR_INVALID, NULL);
	minisign_number(&out->key);
	if (minisign_check(buf_str(&in->second), &out->key, buf_str(&in->first),
			   NULL))
		return refuse(in, ERR_CORRUPT,
			      _("tanda tangannya tidak cocok: berkas diubah "
				"atau dipalsukan"));
	minisign_spoken(&out->key, out->spoken);
	out->device = arena_dup(in->arena, json_get_str(t->j, "device"));
	if (!out->name.n)
		out->name = arena_dup(in->arena, json_get_str(t->j, "name"));
	out->made = json_int(json_get(t->j, "made"));
	out->mine = str_eq(out->device, cases_device(in->cases));
	t->left = PARCEL_UNPACKED;
	t->entries = (uint64_t)entries;
	t->bytes = (uint64_t)bytes;
	if (!str_is_hex(out->device, 16))
		return refuse(in, ERR_INVALID, NULL);
	if (!recipients_have(json_get(t->j, "recipients"), &in->me))
		return refuse(in, ERR_REFUSED,
			      _("berkas ini ditujukan ke kantor lain"));
	return know_maker(t);
}

static enum err check_accepted(const struct incoming *in)
{
	const struct sync_incoming *out = in->out;

	if (out->known || out->mine || in->how->accept)
		return ERR_NONE;
	report_add(in->rep, PROBLEM_ERROR, in->how->shown,
		   _("dari perangkat yang belum dikenal di sini. Tanyakan "
		     "angka kuncinya kepada pemiliknya: %s. Bila sama, "
		     "terima dengan --accept"),
		   out->spoken);
	return ERR_LOCKED;
}

/* ---- entries */
typedef enum err (*entry_fn)(struct taking *t, struct str path,
			     struct str bytes);

static enum err read_list(struct taking *t, struct str bytes, struct json **j,
			  struct carried_list *l)
{
	enum err rc = bytes.n <= LIST_MAX && nests_little(bytes, LIST_NESTS,
							  LIST_NESTS)
			      ? json_parse(j, bytes, NULL)
			      : ERR_TOOBIG;

	return rc ? rc : list_from_json(*j, &t->arena, l);
}

static enum err look_list(struct taking *t, struct str path, struct str bytes)
{
	struct json *j = NULL;
	struct carried_list l;
	enum err rc = read_list(t, bytes, &j, &l);

	(void)path;
	json_free(j);
	arena_reset(&t->arena);
	return refuse(t->in, rc, NULL);
}

static enum err look_form(struct taking *t, struct str path, struct str bytes)
{
	struct report said = { 0 };
	char *name = arena_cstr(&t->arena, path);
	enum err rc = name ? cases_form_check(t->in->cases, bytes, name, &said)
			   : ERR_NOMEM;

	if (rc)
		report_add(t->in->rep, PROBLEM_ERROR, path, "%.*s",
			   STR_ARG(report_first(&said, t->in->arena)));
	report_release(&said);
	arena_reset(&t->arena);
	return refuse(t->in, rc, NULL);
}

static enum err look_media(struct taking *t, struct str path, struct str bytes)
{
	(void)t;
	(void)path;
	(void)bytes;
	return ERR_NONE;
}

/* What stands where, and how it is looked at before anything changes. */
static const struct {
	const char *folder;
	enum sync_kind kind; /* 0: both */
	entry_fn look;
} folders[] = {
	{ PARCEL_MEDIA, SYNC_KIT, look_media },
	{ PARCEL_FORMS, SYNC_KIT, look_form },
	{ PARCEL_LISTS, 0, look_list },
	{ PARCEL_FILES, SYNC_PARCEL, nested_look },
};

static enum err look_only(struct taking *t, struct str path, struct str bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (str_starts(path, str_from(folders[i].folder)) &&
		    (!folders[i].kind || folders[i].kind == t->in->out->kind))
			return folders[i].look(t, path, bytes);
	return refuse(t->in, ERR_INVALID, NULL);
}

/* A version that is here already with other content stays as it is. */
static enum err put_form(struct taking *t, struct str path, struct str bytes)
{
	struct report said = { 0 };
	struct incoming *in = t->in;
	char *name = arena_cstr(in->arena, path);
	enum err rc = name ? cases_form_add(in->cases, bytes, name, &said)
			   : ERR_NOMEM;

	if (rc)
		report_add(in->rep,
			   rc == ERR_EXISTS ? PROBLEM_WARNING : PROBLEM_ERROR,
			   path, "%.*s",
			   STR_ARG(report_first(&said, in->arena)));
	report_release(&said);
	return rc == ERR_EXISTS ? ERR_NONE : rc;
}

static enum err put_kit(struct taking *t, struct str path, struct str bytes)
{
	struct incoming *in = t->in;

	if (str_starts(path, STR(PARCEL_FORMS)))
		return put_form(t, path, bytes);
	if (str_starts(path, STR(PARCEL_MEDIA)))
		return cases_media_put(
			in->cases, str_sub(path, strlen(PARCEL_MEDIA), path.n),
			bytes, in->rep);
	return ERR_NONE;
}

static enum err put_list(struct taking *t, struct str bytes)
{
	struct incoming *in = t->in;
	struct json *j = NULL;
	struct carried_list l;
	bool again = false;
	enum err rc = read_list(t, bytes, &j, &l);

	if (!rc)
		rc = arrive_list(t->arriving, &l, &again);
	if (!rc && again)
		in->out->again += l.n;
	else if (!rc)
		in->out->fresh += l.n;
	if (!rc)
		rc = nested_brought(t, &(struct carried){ .device = l.device,
							  .seq = l.seq,
							  .list = true });
	json_free(j);
	arena_reset(&t->arena);
	return refuse(in, rc, NULL);
}

static enum err put_arriving(struct taking *t, struct str path,
			     struct str bytes)
{
	if (str_starts(path, STR(PARCEL_LISTS)))
		return put_list(t, bytes);
	if (str_starts(path, STR(PARCEL_FILES)))
		return nested_put(t, path, bytes);
	return ERR_NONE;
}

/* A kit is several things, one after the other: begun, it is taken to its end;
 * all that could be wrong with it was looked for. */
static enum err step(const struct taking *t)
{
	struct incoming *in = t->in;
	const struct sync_import *how = in->how;

	in->done++;
	if (how->progress)
		how->progress(how->arg, in->done, t->entries * 3);
	if (t->begun && in->out->kind == SYNC_KIT)
		return ERR_NONE;
	return how->cancelled && how->cancelled(how->arg) ? ERR_CANCELLED
							  : ERR_NONE;
}

static bool as_said(const struct taking *t, uint64_t entries, uint64_t bytes,
		    struct sha256_ctx *content)
{
	struct buf digest = BUF_INIT(128);
	uint8_t hash[32];
	bool same;

	sha256_final(content, hash);
	hex(&digest, hash, sizeof(hash));
	same = entries == t->entries && bytes == t->bytes &&
	       str_eq(buf_str(&digest), json_get_str(t->j, "content"));
	buf_release(&digest);
	return same;
}

static enum err each(struct taking *t, entry_fn fn)
{
	struct incoming *in = t->in;
	struct sha256_ctx content;
	uint64_t n = 0, bytes = 0;
	bool ended = false;
	struct str path;
	enum err rc = ERR_NONE;

	sha256_init(&content);
	while (!rc && !ended) {
		rc = unpack_next(in->unpack, &path, &in->entry);
		ended = rc == ERR_NOTFOUND;
		if (rc)
			break;
		content_add(&content, path, buf_str(&in->entry));
		bytes += in->entry.n;
		n++;
		rc = n > t->entries ? ERR_CORRUPT
				    : fn(t, path, buf_str(&in->entry));
		if (!rc)
			rc = step(t);
	}
	if (ended)
		rc = as_said(t, n, bytes, &content) ? ERR_NONE : ERR_CORRUPT;
	return refuse(in, rc, NULL);
}

/* The file from its start, with what it says of itself checked again. */
static enum err pass(struct taking *t, entry_fn fn)
{
	struct incoming *in = t->in;
	struct str name = { NULL, 0 };
	enum err rc = incoming_open(in, &name);

	json_free(t->j);
	t->j = NULL;
	if (!rc && !nests_little(buf_str(&in->first), PEOPLE_MAX, 10))
		rc = refuse(in, ERR_TOOBIG, NULL);
	if (!rc)
		rc = refuse(in, json_parse(&t->j, buf_str(&in->first), NULL),
			    NULL);
	if (!rc &&
	    !str_is(json_get_str(t->j, "format"),
		    in->out->kind == SYNC_KIT ? KIT_FORMAT : PARCEL_FORMAT))
		rc = refuse(in, ERR_VERSION, NULL);
	if (!rc)
		rc = check_maker(t);
	if (!rc) {
		unpack_allow(in->unpack,
			     t->bytes + t->entries * TAR_EXTRA + 8192);
		rc = each(t, fn);
	}
	incoming_close(in);
	return rc;
}

/* ---- people and offices */
static bool worker_there(const struct worker *w, size_t n, struct str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(w[i].code, code))
			return true;
	return false;
}

static enum err put_workers(struct taking *t)
{
	struct incoming *in = t->in;
	const struct json *list = json_get(t->j, "workers");
	struct worker *here = NULL;
	size_t n = 0;
	enum err rc = cases_workers(in->cases, in->arena, &here, &n);

	for (size_t i = 0; !rc && i < json_len(list); i++) {
		const struct json *j = json_at(list, i);
		const struct worker w = { .code = json_get_str(j, "code"),
					  .name = json_get_str(j, "name"),
					  .role = json_get_str(j, "role"),
					  .village = json_get_str(j, "village"),
					  .language =
						  json_get_str(j, "language") };

		if (!worker_there(here, n, w.code))
			rc = cases_worker_put(in->cases, &w);
	}
	return rc;
}

static enum err put_offices(struct taking *t)
{
	struct incoming *in = t->in;
	const struct json *list = json_get(t->j, "offices");
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < json_len(list); i++) {
		const struct json *j = json_at(list, i);
		struct sync_office o = { .name = json_get_str(j, "name"),
					 .device = json_get_str(j, "device") };

		rc = refuse(in,
			    sync_office_parse(json_get_str(j, "key"), &o)
				    ? ERR_INVALID
				    : ERR_NONE,
			    NULL);
		if (!rc)
			rc = sync_office_put(in->cases, &o, in->rep);
	}
	return rc;
}

static enum err put_events(struct taking *t)
{
	struct incoming *in = t->in;
	enum err rc = arrive_begin(&t->arriving, in->cases, in->rep);

	in->out->fresh = in->out->again = 0;
	if (!rc)
		rc = pass(t, put_arriving);
	if (!rc)
		rc = nested_maker(t);
	if (!rc)
		rc = arrive_commit(&t->arriving, in->out->device, t->notes.at,
				   t->notes.n);
	arrive_abort(&t->arriving);
	return rc;
}

static enum err put_all(struct taking *t)
{
	struct incoming *in = t->in;
	bool kit = in->out->kind == SYNC_KIT && !in->out->mine;
	enum err rc = ERR_NONE;

	t->begun = true;
	if (in->out->kind == SYNC_KIT)
		rc = pass(t, put_kit);
	if (!rc)
		rc = put_events(t);
	if (!rc && kit)
		rc = put_workers(t);
	if (!rc && kit)
		rc = put_offices(t);
	return rc;
}

enum err kit_take(struct incoming *in)
{
	struct taking t = { .in = in };
	enum err rc = pass(&t, look_only);

	if (!rc)
		rc = check_accepted(in);
	if (!rc && !in->how->dry)
		rc = put_all(&t);
	if (in->out->kind == SYNC_KIT)
		in->out->events = t.entries;
	json_free(t.j);
	vec_release(&t.notes);
	vec_release(&t.fresh.forks);
	map_release(&t.fresh.notes);
	dict_release(&t.dict);
	arena_release(&t.arena);
	return rc;
}
