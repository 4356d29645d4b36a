/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <string.h>

#include "pilar/i18n.h"

#define NOTE_SELF STR("self")
#define NOTE_MAX  4096
/* Digits of a device that say which, as in names of files. */
#define DEVICE_FRONT 8

struct str note_name(struct arena *a, const char *front, uint64_t seq)
{
	return arena_printf(a, "%s%0*llu", front, NOTE_SEQ_DIGITS,
			    (unsigned long long)seq);
}

struct str file_name(struct arena *a, struct str device, uint64_t seq)
{
	struct str front = arena_printf(a, "file/%.*s/", STR_ARG(device));

	return note_name(a, front.p, seq);
}

static void key_write(struct buf *b, const struct minisign_key *k)
{
	buf_add(b, k->id, sizeof(k->id));
	buf_add(b, k->key, sizeof(k->key));
}

static struct minisign_key key_read(struct rd *r)
{
	struct minisign_key k = { .id = { 0 } };
	struct str id = rd_bytes(r, sizeof(k.id));
	struct str key = rd_bytes(r, sizeof(k.key));

	if (!r->failed) {
		memcpy(k.id, id.p, sizeof(k.id));
		memcpy(k.key, key.p, sizeof(k.key));
	}
	return k;
}

/* ---- ourselves */
static enum err make_seed(struct cases *c, struct seal_key **out)
{
	struct note n = { .name = NOTE_SELF };
	enum err rc = seal_key_new(out, NULL);

	if (rc)
		return rc;
	n.value = str_of((const char *)seal_key_raw(*out), SEAL_KEY_LEN);
	rc = cases_notes_put(c, &n, 1);
	if (rc) {
		seal_key_free(*out);
		*out = NULL;
	}
	return rc;
}

enum err keys_seed(struct cases *c, struct seal_key **out)
{
	struct arena a = { 0 };
	struct str raw;
	enum err rc = cases_note(c, NOTE_SELF, &a, &raw);

	if (rc == ERR_NOTFOUND) {
		rc = make_seed(c, out);
		goto out;
	}
	if (!rc && raw.n != SEAL_KEY_LEN)
		rc = ERR_CORRUPT;
	if (!rc)
		rc = seal_key_new(out, (const uint8_t *)raw.p);
	if (!rc)
		seal_wipe((void *)(uintptr_t)raw.p, raw.n);
out:
	arena_release(&a);
	return rc;
}

enum err sync_identity(struct cases *c, struct seal_key **out)
{
	struct seal_key *seed = NULL;
	enum err rc = keys_seed(c, &seed);

	if (!rc)
		rc = minisign_identity(out, seed);
	seal_key_free(seed);
	return rc;
}

enum err sync_self(struct cases *c, struct sync_self *out)
{
	struct seal_key *seed = NULL;
	enum err rc = keys_seed(c, &seed);

	*out = (struct sync_self){ .device = cases_device(c) };
	if (!rc) {
		minisign_public(seed, &out->key);
		minisign_spoken(&out->key, out->spoken);
		rc = minisign_recipient(&out->key, &out->recipient);
	}
	seal_key_free(seed);
	return rc;
}

/* ---- offices */
static bool name_ok(struct str name)
{
	if (!name.n || name.n > SYNC_NAME_MAX || name.p[0] == ' ')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(ascii_letter(c) || ascii_digit(c) ||
		      (c && strchr(" ._-", c))))
			return false;
	}
	return true;
}

static enum err office_read(const struct note *n, struct sync_office *o)
{
	struct rd r = RD_INIT(n->value);
	struct str recipient = rd_bytes(&r, sizeof(o->recipient.key));

	o->name = str_sub(n->name, strlen("to/"), n->name.n);
	o->has_key = rd_u8(&r) != 0;
	o->key = key_read(&r);
	o->device = rd_text(&r);
	if (!rd_done(&r))
		return ERR_CORRUPT;
	memcpy(o->recipient.key, recipient.p, recipient.n);
	return ERR_NONE;
}

enum err sync_offices(struct cases *c, struct arena *a,
		      struct sync_office **out, size_t *n)
{
	struct note *notes = NULL;
	enum err rc = cases_notes(c, STR("to/"), a, &notes, n);

	*out = arena_array(a, *n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < *n; i++)
		rc = office_read(&notes[i], &(*out)[i]);
	return rc;
}

enum err sync_office_put(struct cases *c, const struct sync_office *o,
			 struct report *rep)
{
	struct buf b = BUF_INIT(NOTE_MAX);
	struct arena a = { 0 };
	struct note n;
	enum err rc;

	if (!name_ok(o->name)) {
		report_add(rep, PROBLEM_ERROR, o->name,
			   _("nama kantor: 1 sampai %d huruf, angka, spasi, "
			     "titik, - atau _"),
			   SYNC_NAME_MAX);
		return ERR_INVALID;
	}
	buf_add(&b, o->recipient.key, sizeof(o->recipient.key));
	buf_u8(&b, o->has_key);
	key_write(&b, &o->key);
	buf_text(&b, o->device);
	n.name = arena_printf(&a, "to/%.*s", STR_ARG(o->name));
	n.value = buf_str(&b);
	rc = b.failed ? b.failed : cases_notes_put(c, &n, 1);
	arena_release(&a);
	buf_release(&b);
	return rc;
}

static enum err remove_note(struct cases *c, const char *front, struct str name)
{
	struct arena a = { 0 };
	struct note n = { .name = arena_printf(&a, "%s%.*s", front,
					       STR_ARG(name)) };
	struct str value;
	enum err rc = cases_note(c, n.name, &a, &value);

	if (!rc)
		rc = cases_notes_put(c, &n, 1);
	arena_release(&a);
	return rc;
}

enum err sync_office_remove(struct cases *c, struct str name)
{
	return remove_note(c, "to/", name);
}

enum err sync_office_parse(struct str text, struct sync_office *out)
{
	text = str_trim(text);
	out->has_key = false;
	out->key = (struct minisign_key){ .id = { 0 } };
	if (!age_recipient_parse(text, &out->recipient))
		return ERR_NONE;
	if (minisign_key_parse(text, &out->key))
		return ERR_SYNTAX;
	out->has_key = true;
	return minisign_recipient(&out->key, &out->recipient) ? ERR_SYNTAX
							      : ERR_NONE;
}

/* ---- devices */
static enum err device_read(const struct note *n, struct sync_device *d)
{
	struct rd r = RD_INIT(n->value);

	d->device = str_sub(n->name, strlen("dev/"), n->name.n);
	d->key = key_read(&r);
	d->revoked = rd_u8(&r) != 0;
	d->at = (int64_t)rd_u64(&r);
	d->name = rd_text(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

enum err sync_devices(struct cases *c, struct arena *a,
		      struct sync_device **out, size_t *n)
{
	struct note *notes = NULL;
	enum err rc = cases_notes(c, STR("dev/"), a, &notes, n);

	*out = arena_array(a, *n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < *n; i++)
		rc = device_read(&notes[i], &(*out)[i]);
	return rc;
}

enum err sync_device(struct cases *c, struct str device, struct arena *a,
		     struct sync_device *out)
{
	struct note n = { .name = arena_printf(a, "dev/%.*s",
					       STR_ARG(device)) };
	enum err rc = n.name.p ? cases_note(c, n.name, a, &n.value) : ERR_NOMEM;

	return rc ? rc : device_read(&n, out);
}

enum err sync_device_office(struct cases *c, struct str which, struct arena *a,
			    struct sync_office *out)
{
	struct sync_device *all = NULL;
	size_t n = 0;
	enum err rc = sync_devices(c, a, &all, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		const struct sync_device *d = &all[i];

		if (d->revoked ||
		    !(str_eq(d->name, which) || (which.n >= DEVICE_FRONT &&
						 str_starts(d->device, which))))
			continue;
		*out = (struct sync_office){ .name = d->name,
					     .has_key = true,
					     .key = d->key,
					     .device = d->device };
		if (!out->name.n)
			out->name = str_sub(d->device, 0, DEVICE_FRONT);
		return minisign_recipient(&d->key, &out->recipient);
	}
	return rc ? rc : ERR_NOTFOUND;
}

enum err device_note(const struct sync_device *d, struct arena *a,
		     struct buf *b, struct note *out)
{
	key_write(b, &d->key);
	buf_u8(b, d->revoked);
	buf_u64(b, (uint64_t)d->at);
	buf_text(b, str_sub(d->name, 0, SYNC_NAME_MAX));
	out->name = arena_printf(a, "dev/%.*s", STR_ARG(d->device));
	out->value = buf_str(b);
	return out->name.p ? b->failed : ERR_NOMEM;
}

enum err sync_device_put(struct cases *c, const struct sync_device *d)
{
	struct buf b = BUF_INIT(NOTE_MAX);
	struct arena a = { 0 };
	struct note n;
	enum err rc = device_note(d, &a, &b, &n);

	if (!rc)
		rc = cases_notes_put(c, &n, 1);
	arena_release(&a);
	buf_release(&b);
	return rc;
}

enum err sync_device_remove(struct cases *c, struct str device)
{
	return remove_note(c, "dev/", device);
}
