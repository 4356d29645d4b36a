/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/paradata.h"

#include "incoming.h"
#include "parcel.h"

/*
 * A file is read twice: first everything in it is checked and nothing written,
 * so that a bad one never holds the store; then it is read again, checked
 * again and applied in one transaction.
 */

#define UUID_PATH "instances/"
#define XML_NAME  "/submission.xml"
/* What tar adds to an entry and the log behind it, at most. */
#define TAR_EXTRA 3072

/* ---- who made it */

/* By whoever signed the parcel: himself, or a device he names. */
static struct str vouched_key(struct incoming *in)
{
	const struct json *list = in->voucher->devices;

	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *j = json_at(list, i);

		if (!str_eq(json_get_str(j, "device"), in->out->device))
			continue;
		in->called = arena_dup(in->arena, json_get_str(j, "name"));
		return json_get_str(j, "key");
	}
	return STR("");
}

/*
 * An office of ours is believed about others. Anybody else is when a person
 * accepts what he brings: one who was accepted once cannot make up others.
 */
static enum err may_vouch(struct incoming *in)
{
	const struct voucher *v = in->voucher;
	struct sync_office *offices = NULL;
	size_t n = 0;
	enum err rc = v->known
			      ? sync_offices(in->cases, in->arena, &offices, &n)
			      : ERR_NONE;

	if (rc || !v->known)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (memcmp(&offices[i].recipient, &v->recipient,
			   sizeof(v->recipient)) == 0)
			return ERR_NONE;
	report_add(in->rep, PROBLEM_ERROR, in->how->shown,
		   _("di dalamnya ada isian perangkat %.*s, yang belum dikenal "
		     "di sini; pembawanya bukan kantor Anda. Bila Anda percaya "
		     "padanya, terima dengan --accept"),
		   STR_ARG(in->out->device));
	return ERR_LOCKED;
}

static enum err stranger(struct incoming *in)
{
	struct sync_incoming *out = in->out;
	struct str key = in->sheet.key;
	enum err rc;

	if (in->voucher && str_eq(out->device, in->voucher->device)) {
		out->key = in->voucher->key;
		return ERR_NONE;
	}
	rc = in->voucher ? may_vouch(in) : ERR_NONE;
	if (rc)
		return rc;
	if (in->voucher)
		key = vouched_key(in);
	else if (!key.n)
		key = unpack_key(in->unpack);
	if (!key.n)
		return refuse(in, ERR_REFUSED,
			      _("dibuat oleh perangkat yang belum dikenal di "
				"sini, dan kuncinya tidak ada di dalamnya; "
				"tambahkan dengan pilar key add"));
	if (minisign_key_parse(key, &out->key))
		return refuse(in, ERR_INVALID, NULL);
	return ERR_NONE;
}

static enum err find_maker(struct incoming *in)
{
	struct sync_incoming *out = in->out;
	struct sync_device d = { .revoked = false };
	struct sync_self self;
	enum err rc = sync_self(in->cases, &self);

	if (rc)
		return rc;
	out->device = arena_dup(in->arena, in->sheet.device);
	out->mine = str_eq(out->device, self.device);
	if (out->mine) {
		out->key = self.key;
		return ERR_NONE;
	}
	rc = sync_device(in->cases, out->device, in->arena, &d);
	if (rc)
		return rc == ERR_NOTFOUND ? stranger(in) : rc;
	out->known = true;
	out->name = d.name;
	out->key = d.key;
	in->revoked = d.revoked;
	if (d.revoked && in->voucher)
		return ERR_REFUSED; /* the others in the parcel are taken */
	if (d.revoked)
		return refuse(in, ERR_REFUSED,
			      _("perangkat pembuatnya sudah dicabut "
				"(pilar key revoke)"));
	return ERR_NONE;
}

/* What was meant for the one who carries it may go on, and his own. */
static bool carried_for(const struct incoming *in)
{
	const struct voucher *v = in->voucher;

	return v && (str_eq(in->out->device, v->device) ||
		     sheet_for(&in->sheet, &v->recipient));
}

static enum err check_maker(struct incoming *in)
{
	struct sync_incoming *out = in->out;
	enum err rc = find_maker(in);

	if (rc)
		return rc;
	rc = minisign_check(buf_str(&in->second), &out->key,
			    buf_str(&in->first), NULL);
	if (rc == ERR_NOTFOUND)
		return refuse(in, ERR_CORRUPT,
			      _("ditandatangani dengan kunci lain daripada "
				"kunci perangkat itu yang dikenal di sini"));
	if (rc)
		return refuse(in, ERR_CORRUPT,
			      _("tanda tangannya tidak cocok: berkas diubah "
				"atau dipalsukan"));
	minisign_spoken(&out->key, out->spoken);
	if (!sheet_for(&in->sheet, &in->me) && !carried_for(in))
		return refuse(in, ERR_REFUSED,
			      _("berkas ini ditujukan ke kantor lain"));
	return ERR_NONE;
}

/* Asked only when everything else is good. */
static enum err check_accepted(struct incoming *in)
{
	const struct sync_incoming *out = in->out;

	if (out->known || out->mine || in->how->accept)
		return ERR_NONE;
	report_add(in->rep, PROBLEM_ERROR, in->how->shown,
		   _("perangkat %.*s belum dikenal di sini. Tanyakan angka "
		     "kuncinya kepada pemiliknya: %s. Bila sama, terima "
		     "dengan --accept"),
		   STR_ARG(out->device), out->spoken);
	return ERR_LOCKED;
}

/* ---- one of its numbers */
static struct str manifest_hash(struct incoming *in)
{
	struct buf b = BUF_INIT(128);
	uint8_t hash[32];

	sha256(hash, buf_str(&in->first));
	hex(&b, hash, sizeof(hash));
	return buf_give(&b, in->arena);
}

/* A second history of a device is taken in as well, and said. */
static enum err check_number(struct incoming *in)
{
	struct str hash = manifest_hash(in);
	enum err rc = hash.p ? fork_place(in->cases, in->arena, in->fresh,
					  &in->sheet, hash, &in->place)
			     : ERR_NOMEM;

	if (rc == ERR_TOOBIG)
		return refuse(in, rc,
			      _("laptop ini sudah disalin terlalu sering; "
				"buat penyimpanan baru di sana (pilar init)"));

	in->out->whole_again = in->place.again;
	in->out->copied = !str_eq(in->place.device, in->sheet.device);
	/* Lent from the sheet, which is read a second time. */
	in->place.device = arena_dup(in->arena, in->place.device);
	return rc;
}

/* Many files that are each within the limits are not all of them. */
static enum err use_up(struct incoming *in, uint64_t *left)
{
	if (in->sheet.bytes > *left)
		return refuse(in, ERR_TOOBIG, NULL);
	*left -= in->sheet.bytes;
	return ERR_NONE;
}

static enum err read_manifest(struct incoming *in, struct str name)
{
	enum err rc = ERR_SYNTAX;

	if (str_is(name, MANIFEST_NAME))
		rc = sheet_read(&in->sheet, buf_str(&in->first), in->arena);
	rc = refuse(in, rc, NULL);
	if (!rc)
		rc = check_maker(in);
	if (!rc)
		rc = check_number(in);
	if (!rc && in->voucher)
		rc = use_up(in, in->voucher->left);
	in->out->seq = in->sheet.seq;
	in->out->made = in->sheet.made;
	in->out->events = in->sheet.entries;
	return rc;
}

/* ---- entries */
static bool path_ok(struct str path, struct str *uuid)
{
	uint8_t id[16];

	if (path.n != strlen(UUID_PATH) + UUID_LEN + strlen(XML_NAME) ||
	    !str_starts(path, STR(UUID_PATH)) || !str_ends(path, STR(XML_NAME)))
		return false;
	*uuid = str_sub(path, strlen(UUID_PATH), strlen(UUID_PATH) + UUID_LEN);
	return uuid_from_text(*uuid, id) == ERR_NONE;
}

typedef enum err (*entry_fn)(void *arg, const struct event *e);

/* Behind a submission that names its audit log stands the log. */
static enum err log_entry(struct incoming *in, struct event *e,
			  struct sha256_ctx *content)
{
	struct str path, wanted;
	enum err rc = unpack_next(in->unpack, &path, &in->log);

	if (rc)
		return rc == ERR_NOTFOUND ? ERR_CORRUPT : rc;
	wanted = arena_printf(in->arena, UUID_PATH "%.*s/" PARADATA_NAME,
			      STR_ARG(e->instance_id));
	if (!str_eq(path, wanted))
		return ERR_INVALID;
	e->audit = buf_str(&in->log);
	content_add(content, path, e->audit);
	return ERR_NONE;
}

static enum err one_entry(struct incoming *in, size_t i,
			  struct sha256_ctx *content, entry_fn fn, void *arg)
{
	struct event *e = &in->sheet.events[i];
	struct str path;
	enum err rc = unpack_next(in->unpack, &path, &in->entry);

	if (rc)
		return rc == ERR_NOTFOUND ? ERR_CORRUPT : rc;
	if (!path_ok(path, &e->instance_id))
		return ERR_INVALID;
	/* The path goes when the next entry, a log, is read. */
	e->instance_id = arena_dup(in->arena, e->instance_id);
	if (!e->instance_id.p)
		return ERR_NOMEM;
	e->xml = buf_str(&in->entry);
	content_add(content, path, e->xml);
	e->audit = STR("");
	if (paradata_named(e->xml))
		rc = log_entry(in, e, content);
	return rc ? rc : fn(arg, e);
}

static enum err step(struct incoming *in)
{
	const struct sync_import *how = in->how;

	in->done++;
	if (how->progress)
		how->progress(how->arg, in->done, in->total);
	return how->cancelled && how->cancelled(how->arg) ? ERR_CANCELLED
							  : ERR_NONE;
}

static enum err nothing_more(struct incoming *in)
{
	struct str path;
	enum err rc = unpack_next(in->unpack, &path, &in->entry);

	if (rc == ERR_NOTFOUND)
		return ERR_NONE;
	return rc ? rc : ERR_CORRUPT;
}

/* All entries, and that they are what the manifest says. */
static enum err each_entry(struct incoming *in, entry_fn fn, void *arg)
{
	struct buf digest = BUF_INIT(128);
	struct sha256_ctx content;
	uint64_t bytes = 0;
	uint8_t hash[32];
	enum err rc = ERR_NONE;

	sha256_init(&content);
	for (size_t i = 0; i < in->sheet.entries && !rc; i++) {
		rc = one_entry(in, i, &content, fn, arg);
		bytes += in->entry.n + in->sheet.events[i].audit.n;
		if (!rc)
			rc = step(in);
	}
	if (!rc)
		rc = nothing_more(in);
	sha256_final(&content, hash);
	hex(&digest, hash, sizeof(hash));
	if (!rc && (bytes != in->sheet.bytes ||
		    !str_eq(buf_str(&digest), in->sheet.content)))
		rc = ERR_CORRUPT;
	buf_release(&digest);
	return refuse(in, rc, NULL);
}

/* From the start of the file to its end. */
static enum err read_all(struct incoming *in, entry_fn fn, void *arg)
{
	struct str name = { NULL, 0 };
	enum err rc = incoming_open(in, &name);

	if (!rc && str_is(name, ACK_NAME)) {
		in->out->kind = SYNC_ACK;
		rc = refuse(in, nothing_more(in), NULL);
		goto out;
	}
	if (!rc && !in->voucher &&
	    (str_is(name, KIT_NAME) || str_is(name, PARCEL_NAME))) {
		in->out->kind = str_is(name, KIT_NAME) ? SYNC_KIT : SYNC_PARCEL;
		goto out;
	}
	in->out->kind = SYNC_EVENTS_FILE;
	if (!rc)
		rc = read_manifest(in, name);
	if (rc)
		goto out;
	unpack_allow(in->unpack,
		     in->sheet.bytes + in->sheet.entries * TAR_EXTRA + 8192);
	rc = each_entry(in, fn, arg);
out:
	incoming_close(in);
	return rc;
}

/* ---- the two times */
static enum err only_look(void *arg, const struct event *e)
{
	(void)arg;
	(void)e;
	return ERR_NONE;
}

struct applying {
	struct incoming *in;
	struct arriving *arriving;
};

static enum err apply(void *arg, const struct event *e)
{
	struct applying *p = arg;
	struct sync_incoming *out = p->in->out;
	struct event placed = *e;
	bool again = false;
	enum err rc;

	placed.device = p->in->place.device;
	placed.spare = p->in->place.spare;
	placed.copy_of = out->device;
	rc = arrive_add(p->arriving, &placed, &again);

	if (!rc) {
		out->again += again;
		out->fresh += !again;
		return rc;
	}
	if (rc == ERR_NOTFOUND)
		return refuse(p->in, ERR_REFUSED,
			      _("memakai formulir yang belum ada di sini; "
				"tambahkan dulu (pilar form add)"));
	if (rc == ERR_EXISTS)
		return refuse(p->in, rc,
			      _("satu isian di dalamnya sudah ada di sini "
				"dengan isi lain; tidak ada yang diubah"));
	return refuse(p->in, rc, NULL);
}

/* What is kept of the file, and of a device met for the first time. */
static enum err keep_manifest(struct incoming *in, struct note *n)
{
	struct buf b = BUF_INIT(2 * MANIFEST_MAX);
	enum err rc;

	buf_text(&b, buf_str(&in->first));
	buf_text(&b, buf_str(&in->second));
	rc = b.failed;
	n->name = file_name(in->arena, in->place.device, in->out->seq);
	n->value = buf_give(&b, in->arena);
	return rc;
}

static enum err keep_number(struct incoming *in, int64_t now, struct note *n)
{
	const struct sync_incoming *out = in->out;
	struct buf b = BUF_INIT(4096);
	struct taken t = { .events = out->events,
			   .at = now,
			   .hash = manifest_hash(in) };
	struct str front;
	enum err rc;

	taken_write(&b, &t);
	rc = b.failed;
	front = arena_printf(in->arena, "in/%.*s/", STR_ARG(in->place.device));
	n->name = note_name(in->arena, front.p, out->seq);
	n->value = buf_give(&b, in->arena);
	return rc;
}

enum err import_notes(struct incoming *in, struct note notes[FILE_NOTES],
		      size_t *n)
{
	const struct sync_incoming *out = in->out;
	struct buf b = BUF_INIT(4096);
	struct sync_device device = { .device = out->device,
				      .name = in->how->accept_as,
				      .key = out->key };
	enum err rc;

	device.at = sys_now(cases_sys(in->cases));
	if (in->voucher)
		device.name = in->called;
	*n = 2;
	rc = keep_number(in, device.at, &notes[0]);
	if (!rc)
		rc = keep_manifest(in, &notes[1]);
	if (!rc && !out->known && !out->mine) {
		rc = device_note(&device, in->arena, &b, &notes[2]);
		notes[2].value = arena_dup(in->arena, buf_str(&b));
		++*n;
	}
	if (!rc && in->place.begins)
		rc = fork_note(in->arena, out->device, in->place.device,
			       out->seq, &notes[(*n)++]);
	buf_release(&b);
	for (size_t i = 0; !rc && i < *n; i++)
		if (!notes[i].name.p || !notes[i].value.p)
			rc = ERR_NOMEM;
	return rc;
}

enum err import_apply(struct incoming *in, struct arriving *to)
{
	struct applying p = { in, to };

	in->out->fresh = in->out->again = 0;
	return read_all(in, apply, &p);
}

static enum err apply_all(struct incoming *in)
{
	const struct sync_incoming *out = in->out;
	struct note notes[FILE_NOTES];
	struct arriving *to = NULL;
	struct str title;
	size_t n = 0;
	enum err rc = arrive_begin(&to, in->cases, in->rep);

	if (!rc)
		rc = import_apply(in, to);
	if (!rc && !in->how->dry)
		rc = import_notes(in, notes, &n);
	title = arena_printf(in->arena, "%.*s %llu", STR_ARG(out->device),
			     (unsigned long long)out->seq);
	if (!rc && !in->how->dry)
		rc = arrive_commit(&to, title, notes, n);
	arrive_abort(&to);
	return rc;
}

enum err import_look(struct incoming *in)
{
	return read_all(in, only_look, NULL);
}

static enum err take_file(struct incoming *in)
{
	enum err rc = import_look(in);

	if (rc)
		return rc;
	if (in->out->kind == SYNC_ACK)
		return ack_take(in);
	if (in->out->kind == SYNC_KIT || in->out->kind == SYNC_PARCEL)
		return kit_take(in);
	rc = check_accepted(in);
	in->total = in->sheet.entries * 2;
	sheet_release(&in->sheet);
	if (!rc && in->out->whole_again)
		in->out->again = in->out->events;
	else if (!rc)
		rc = apply_all(in);
	return rc;
}

/* Numbers of that device that are not here. */
static enum err note_gaps(struct incoming *in)
{
	struct sync_status s = { .waiting = 0 };
	enum err rc = status_peers(in->cases, in->arena, &s);

	for (size_t i = 0; !rc && i < s.n_peers; i++) {
		if (!str_eq(s.peers[i].device, in->place.device))
			continue;
		in->out->gaps = s.peers[i].gaps;
		in->out->n_gaps = s.peers[i].n_gaps;
	}
	return rc;
}

enum err sync_import(struct cases *c, const struct sync_import *how,
		     struct arena *a, struct sync_incoming *out,
		     struct report *rep)
{
	struct sync_import named = *how;
	struct incoming in = { .cases = c,
			       .how = &named,
			       .out = out,
			       .rep = rep,
			       .arena = a,
			       .fd = -1,
			       .entry = BUF_INIT(ENTRY_MAX),
			       .log = BUF_INIT(ENTRY_MAX),
			       .first = BUF_INIT(MANIFEST_MAX),
			       .second = BUF_INIT(MANIFEST_MAX) };
	enum err rc = sync_identity(c, &in.identity);

	*out = (struct sync_incoming){ .seq = 0 };
	if (!named.shown.n)
		named.shown = str_from(how->path);
	if (!rc) {
		age_identity_recipient(in.identity, &in.me);
		rc = take_file(&in);
	}
	if (!rc && out->kind == SYNC_EVENTS_FILE)
		rc = note_gaps(&in);
	if (rc)
		quarantine(&in, rc);
	seal_key_free(in.identity);
	incoming_release(&in);
	return rc;
}
