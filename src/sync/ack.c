/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/vec.h"

#include "has.h"
#include "incoming.h"
#include "parcel.h"

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
static enum err each_taken(struct cases *c, struct str number, struct arena *a,
			   enum err (*fn)(struct json *to, char *seq,
					  const struct taken *t),
			   struct json *to)
{
	struct str front = arena_printf(a, "in/%.*s/", STR_ARG(number));
	struct note *notes = NULL;
	size_t n = 0;
	enum err rc = cases_notes(c, front, a, &notes, &n);

	for (size_t i = n > ACK_FILES ? n - ACK_FILES : 0; !rc && i < n; i++) {
		struct taken t;
		char *seq;

		rc = taken_read(&notes[i], &t);
		seq = arena_cstr(
			a, arena_printf(a, "%llu", (unsigned long long)t.seq));
		if (!rc)
			rc = seq ? fn(to, seq, &t) : ERR_NOMEM;
	}
	return rc;
}

static enum err by_seq(struct json *to, char *seq, const struct taken *t)
{
	return json_set(to, seq, json_str_new(t->hash));
}

/* The numbers of a copy's files are others' as well. */
static enum err by_hash(struct json *to, char *seq, const struct taken *t)
{
	struct arena a = { 0 };
	char *hash = arena_cstr(&a, t->hash);
	enum err rc = hash ? json_set(to, hash, json_int_new((int64_t)t->seq))
			   : ERR_NOMEM;

	(void)seq;
	arena_release(&a);
	return rc;
}

static enum err put_files(struct cases *c, struct str device, struct arena *a,
			  struct json *j)
{
	struct json *files = json_object_new(), *copies = json_object_new();
	struct fork *all = NULL;
	size_t n = 0;
	enum err rc = each_taken(c, device, a, by_seq, files);

	if (!rc)
		rc = forks(c, device, a, &all, &n);
	for (size_t i = 0; !rc && i < n; i++)
		rc = each_taken(c, all[i].number, a, by_hash, copies);
	if (rc) {
		json_free(files);
		json_free(copies);
		return rc;
	}
	rc = json_set(j, "files", files);
	if (rc || !n) {
		json_free(copies);
		return rc;
	}
	return json_set(j, "copies", copies);
}

/* What the last parcel of that device brought is here. */
static enum err put_brought(struct cases *c, struct str device, struct arena *a,
			    struct json *j)
{
	struct json *list = json_array_new();
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = has_brought(c, a, device, &names, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = json_push(list, json_str_new(names[i]));
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "brought", list);
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
		rc = put_brought(c, d->device, a, j);
	if (!rc)
		rc = json_write(out, j);
	json_free(j);
	buf_release(&key);
	return rc;
}

/* A device whose files we take, or an office that sent us something. */
static enum err find_device(struct cases *c, struct str device, struct arena *a,
			    struct sync_device *out)
{
	struct sync_office *all = NULL;
	size_t n = 0;
	enum err rc = sync_device(c, device, a, out);

	if (rc != ERR_NOTFOUND)
		return rc;
	rc = sync_offices(c, a, &all, &n);
	for (size_t i = 0; !rc && i < n; i++)
		if (all[i].has_key && str_eq(all[i].device, device)) {
			*out = (struct sync_device){ .device = device,
						     .key = all[i].key };
			return ERR_NONE;
		}
	return rc ? rc : ERR_NOTFOUND;
}

enum err sync_ack(struct cases *c, struct str device, byte_sink sink, void *arg)
{
	struct buf text = BUF_INIT(ACK_MAX), sig = BUF_INIT(SIGNATURE_MAX);
	struct age_recipient to;
	struct seal_key *seed = NULL;
	struct sync_device d;
	struct arena a = { 0 };
	enum err rc = find_device(c, device, &a, &d);

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

/* Or a device to which we sent what others made. */
static enum err find_peer(struct incoming *in, const struct json *j,
			  const struct minisign_key *key, struct sync_device *d)
{
	enum err rc =
		sync_device(in->cases, json_get_str(j, "hub"), in->arena, d);

	if (!rc &&
	    (d->revoked || memcmp(d->key.key, key->key, sizeof(key->key)) != 0))
		rc = ERR_NOTFOUND;
	return rc;
}

/* Its key and device are known from now on. */
static enum err keep_office(struct incoming *in, struct sync_office *office)
{
	if (in->how->dry || (office->has_key && office->device.n))
		return ERR_NONE;
	office->has_key = true;
	office->key = in->out->key;
	office->device = in->out->device;
	return sync_office_put(in->cases, office, in->rep);
}

static enum err check_hub(struct incoming *in, const struct json *j,
			  bool *is_office)
{
	struct sync_office office = { .has_key = false };
	struct sync_device peer = { .revoked = false };
	struct sync_incoming *out = in->out;
	struct minisign_key key;
	enum err rc = minisign_key_parse(json_get_str(j, "key"), &key);

	if (rc)
		return refuse(in, ERR_INVALID, NULL);
	minisign_number(&key);
	rc = find_office(in, &key, &office);
	*is_office = !rc;
	if (rc)
		rc = find_peer(in, j, &key, &peer);
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
	out->name = *is_office ? office.name : peer.name;
	out->key = key;
	out->known = true;
	minisign_spoken(&key, out->spoken);
	return *is_office ? keep_office(in, &office) : ERR_NONE;
}

/* What it says, noted in one transaction at the end. */
struct acking {
	struct incoming *in;
	bool office;
	VEC(struct note) notes;
};

static enum err note_it(struct acking *k, const struct note *n)
{
	struct note *slot = vec_push(&k->notes);

	if (!slot || !n->name.p || !n->value.p)
		return ERR_NOMEM;
	*slot = *n;
	return ERR_NONE;
}

/* Marks one of our files, the very one. */
static enum err mark(struct acking *k, const struct batch *b)
{
	struct incoming *in = k->in;
	struct note n = { .name = note_name(in->arena, "ack/", b->seq) };
	struct buf value = BUF_INIT(256);
	struct str known;
	enum err rc = cases_note(in->cases, n.name, in->arena, &known);

	if (rc != ERR_NOTFOUND)
		return rc;
	in->out->acked++;
	in->out->events += b->events;
	buf_u64(&value, (uint64_t)sys_now(cases_sys(in->cases)));
	buf_text(&value, in->out->device);
	n.value = arena_dup(in->arena, buf_str(&value));
	rc = value.failed ? value.failed : note_it(k, &n);
	buf_release(&value);
	return rc;
}

static enum err mark_has(struct acking *k, const struct carried *what)
{
	struct incoming *in = k->in;
	struct note n;
	enum err rc = ERR_NONE;

	if (has_it(in->cases, in->arena, in->out->device, what))
		return ERR_NONE;
	rc = has_note(in->arena, in->out->device, what, 0, &n);
	return rc ? rc : note_it(k, &n);
}

static bool names_it(const struct json *j, const struct batch *b,
		     struct arena *a)
{
	const char *hash = arena_cstr(a, b->manifest_hash);
	char name[24];

	snprintf(name, sizeof(name), "%llu", (unsigned long long)b->seq);
	if (!hash || !*hash)
		return false;
	return str_eq(json_get_str(json_get(j, "files"), name),
		      b->manifest_hash) ||
	       json_get(json_get(j, "copies"), hash);
}

static enum err mark_batch(struct acking *k, const struct json *j,
			   const struct batch *b)
{
	struct incoming *in = k->in;
	const struct carried what = { .device = cases_device(in->cases),
				      .seq = b->seq };
	enum err rc = ERR_NONE;

	if (!names_it(j, b, in->arena))
		return ERR_NONE;
	in->out->seq = b->seq;
	if (k->office)
		rc = mark(k, b);
	return rc ? rc : mark_has(k, &what);
}

static enum err mark_all(struct acking *k, const struct json *j)
{
	struct incoming *in = k->in;
	struct batch *b = NULL;
	size_t n = 0;
	enum err rc = cases_batches(in->cases, in->arena, &b, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = mark_batch(k, j, &b[i]);
	return rc;
}

/* What we carried there that others made. */
static enum err mark_brought(struct acking *k, const struct json *j)
{
	const struct json *list = json_get(j, "brought");
	size_t n = json_len(list);
	enum err rc = n > PARCEL_ENTRIES ? ERR_TOOBIG : ERR_NONE;

	for (size_t i = 0; !rc && i < n; i++) {
		struct carried what;

		rc = carried_parse(json_str(json_at(list, i)), &what)
			     ? mark_has(k, &what)
			     : ERR_INVALID;
		k->in->out->files += !rc && !what.list;
	}
	return refuse(k->in, rc, NULL);
}

enum err ack_take(struct incoming *in)
{
	struct json *j = NULL;
	struct acking k = { .in = in };
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
		rc = check_hub(in, j, &k.office);
	if (!rc)
		rc = mark_all(&k, j);
	if (!rc)
		rc = mark_brought(&k, j);
	if (!rc)
		in->out->made = json_int(json_get(j, "time"));
	in->out->copied = json_get(j, "copies") != NULL;
	if (!rc && k.notes.n && !in->how->dry)
		rc = cases_notes_put(in->cases, k.notes.at, k.notes.n);
	vec_release(&k.notes);
	json_free(j);
	return rc;
}
