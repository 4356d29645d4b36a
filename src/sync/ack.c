/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/i18n.h"

#include "incoming.h"

#define ACK_FORMAT "pilar-ack-1"
#define ACK_MAX    ((size_t)1 << 20)
/* Files one acknowledgement names: the newest. */
#define ACK_FILES 1000

struct str sync_ack_name(struct arena *a, struct str device, uint64_t seq)
{
	return arena_printf(a, "pilar-%.*s-%06llu.ack.age",
			    STR_ARG(str_sub(device, 0, 8)),
			    (unsigned long long)seq);
}

/* ---- writing */
static enum err put_files(struct cases *c, struct str device, struct arena *a,
			  struct json *j)
{
	struct str front = arena_printf(a, "in/%.*s/", STR_ARG(device));
	struct json *files = json_object_new();
	struct note *notes = NULL;
	size_t n = 0;
	enum err rc = cases_notes(c, front, a, &notes, &n);

	for (size_t i = n > ACK_FILES ? n - ACK_FILES : 0; !rc && i < n; i++) {
		struct taken t;
		char *name;

		rc = taken_read(&notes[i], &t);
		name = arena_cstr(
			a, arena_printf(a, "%llu", (unsigned long long)t.seq));
		if (!rc)
			rc = name ? json_set(files, name, json_str_new(t.hash))
				  : ERR_NOMEM;
	}
	if (rc) {
		json_free(files);
		return rc;
	}
	return json_set(j, "files", files);
}

static enum err write_text(struct cases *c, const struct sync_device *d,
			   struct arena *a, struct buf *out)
{
	struct json *j = json_object_new();
	struct buf key = BUF_INIT(128);
	struct sync_self self;
	enum err rc = sync_self(c, &self);

	minisign_key_text(&key, &self.key);
	if (!rc)
		rc = json_set(j, "format", json_str_new(STR(ACK_FORMAT)));
	if (!rc)
		rc = json_set(j, "hub", json_str_new(self.device));
	if (!rc)
		rc = json_set(j, "key", json_str_new(buf_str(&key)));
	if (!rc)
		rc = json_set(j, "device", json_str_new(d->device));
	if (!rc)
		rc = json_set(j, "time", json_int_new(sys_now(cases_sys(c))));
	if (!rc)
		rc = json_set(j, "revoked", json_bool_new(d->revoked));
	if (!rc)
		rc = put_files(c, d->device, a, j);
	if (!rc)
		rc = json_write(out, j);
	json_free(j);
	buf_release(&key);
	return rc;
}

enum err sync_ack(struct cases *c, struct str device, byte_sink sink, void *arg)
{
	struct buf text = BUF_INIT(ACK_MAX), sig = BUF_INIT(SIGNATURE_MAX);
	struct age_recipient to;
	struct seal_key *seed = NULL;
	struct sync_device d;
	struct arena a = { 0 };
	enum err rc = sync_device(c, device, &a, &d);

	if (!rc)
		rc = minisign_recipient(&d.key, &to);
	if (!rc)
		rc = write_text(c, &d, &a, &text);
	if (!rc)
		rc = keys_seed(c, &seed);
	if (!rc)
		rc = minisign_sign(&sig, seed, buf_str(&text), STR(""));
	if (!rc) {
		const struct str paths[] = { STR(ACK_NAME),
					     STR(ACK_SIGNATURE) };
		const struct str contents[] = { buf_str(&text), buf_str(&sig) };

		rc = pack_small(sink, arg, &to, paths, contents, 2);
	}
	seal_key_free(seed);
	buf_release(&text);
	buf_release(&sig);
	arena_release(&a);
	return rc;
}

/* ---- reading */

/* The office that signed: known by its key, or by what it lets us seal for. */
static enum err find_office(struct incoming *in, const struct minisign_key *key,
			    struct sync_office *out)
{
	struct sync_office *all = NULL;
	struct age_recipient r;
	size_t n = 0;
	enum err rc = sync_offices(in->cases, in->arena, &all, &n);

	if (!rc)
		rc = minisign_recipient(key, &r);
	for (size_t i = 0; !rc && i < n; i++) {
		if (memcmp(all[i].recipient.key, r.key, sizeof(r.key)) != 0)
			continue;
		*out = all[i];
		return ERR_NONE;
	}
	return rc ? rc : ERR_NOTFOUND;
}

static enum err check_hub(struct incoming *in, const struct json *j)
{
	struct sync_office office = { .has_key = false };
	struct sync_incoming *out = in->out;
	struct minisign_key key;
	enum err rc = minisign_key_parse(json_get_str(j, "key"), &key);

	if (rc)
		return refuse(in, ERR_INVALID, NULL);
	minisign_number(&key);
	rc = find_office(in, &key, &office);
	if (rc)
		return refuse(in, ERR_REFUSED,
			      _("tanda terima ini dari kantor yang tidak ada "
				"dalam daftar (pilar key list)"));
	if (minisign_check(buf_str(&in->second), &key, buf_str(&in->first),
			   NULL))
		return refuse(in, ERR_CORRUPT,
			      _("tanda tangannya tidak cocok: berkas diubah "
				"atau dipalsukan"));
	out->device = arena_dup(in->arena, json_get_str(j, "hub"));
	out->name = office.name;
	out->key = key;
	out->known = true;
	minisign_spoken(&key, out->spoken);
	if (in->how->dry || (office.has_key && office.device.n))
		return ERR_NONE;
	office.has_key = true;
	office.key = key;
	office.device = out->device;
	return sync_office_put(in->cases, &office, in->rep);
}

/* Marks one of our files, if it is the very one. */
static enum err mark(struct incoming *in, const struct batch *b,
		     struct str hash)
{
	struct note n = { .name = note_name(in->arena, "ack/", b->seq) };
	struct buf value = BUF_INIT(256);
	struct str known;
	enum err rc = cases_note(in->cases, n.name, in->arena, &known);

	if (rc != ERR_NOTFOUND || !str_eq(b->manifest_hash, hash))
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	in->out->acked++;
	in->out->events += b->events;
	buf_u64(&value, (uint64_t)sys_now(cases_sys(in->cases)));
	buf_text(&value, in->out->device);
	n.value = buf_str(&value);
	rc = value.failed;
	if (!rc && !in->how->dry)
		rc = cases_notes_put(in->cases, &n, 1);
	buf_release(&value);
	return rc;
}

static enum err mark_all(struct incoming *in, const struct json *j)
{
	const struct json *files = json_get(j, "files");
	struct batch *b = NULL;
	size_t n = 0;
	enum err rc = cases_batches(in->cases, in->arena, &b, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		char name[24];
		struct str hash;

		snprintf(name, sizeof(name), "%llu",
			 (unsigned long long)b[i].seq);
		hash = json_get_str(files, name);
		if (hash.n)
			rc = mark(in, &b[i], hash);
		in->out->seq = hash.n ? b[i].seq : in->out->seq;
	}
	return rc;
}

enum err ack_take(struct incoming *in)
{
	struct json *j = NULL;
	enum err rc = nests_little(buf_str(&in->first), 10, 10)
			      ? json_parse(&j, buf_str(&in->first), NULL)
			      : ERR_TOOBIG;

	if (!rc && !str_is(json_get_str(j, "format"), ACK_FORMAT))
		rc = ERR_VERSION;
	if (!rc && !str_eq(json_get_str(j, "device"), cases_device(in->cases)))
		rc = refuse(in, ERR_REFUSED,
			    _("tanda terima ini untuk perangkat lain"));
	rc = refuse(in, rc, NULL);
	if (!rc)
		rc = check_hub(in, j);
	if (!rc)
		rc = mark_all(in, j);
	if (!rc)
		in->out->made = json_int(json_get(j, "time"));
	json_free(j);
	return rc;
}
