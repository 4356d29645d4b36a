/* SPDX-License-Identifier: MIT */
#include "parcel.h"

#include "pilar/age.h"
#include "pilar/seal.h"

#include "kit.h"
#include "manifest.h"

/* Of the bar: gathering, then writing. */
#define GATHERED 50

enum err parcel_step(const struct parcel *p, size_t percent)
{
	if (p->progress)
		p->progress(p->arg, percent, 100);
	return p->cancelled && p->cancelled(p->arg) ? ERR_CANCELLED : ERR_NONE;
}

enum err parcel_add(struct parcel *p, struct str path, struct str bytes)
{
	struct parcel_entry *e;

	if (p->cancelled && p->cancelled(p->arg))
		return ERR_CANCELLED;
	e = vec_push(&p->entries);
	if (!e || !path.p || !bytes.p)
		return ERR_NOMEM;
	*e = (struct parcel_entry){ path, bytes };
	p->bytes += bytes.n;
	return ERR_NONE;
}

enum err parcel_add_list(struct parcel *p, const struct carried_list *l)
{
	struct buf b = BUF_INIT(ENTRY_MAX);
	enum err rc = list_to_json(l, &b);

	p->lists++;
	p->rows += l->n;
	if (!rc)
		rc = parcel_add(p,
				arena_printf(p->arena,
					     PARCEL_LISTS "%06llu.json",
					     (unsigned long long)p->lists),
				arena_dup(p->arena, buf_str(&b)));
	buf_release(&b);
	return rc;
}

/* ---- the head */
static struct json *sum_new(const struct parcel *p)
{
	struct buf digest = BUF_INIT(128);
	struct sha256_ctx content;
	struct json *j;
	uint8_t hash[32];

	sha256_init(&content);
	vec_each (e, &p->entries)
		content_add(&content, e->path, e->bytes);
	sha256_final(&content, hash);
	hex(&digest, hash, sizeof(hash));
	j = json_str_new(buf_str(&digest));
	buf_release(&digest);
	return j;
}

enum err parcel_head(struct parcel *p, const char *format, struct str name,
		     struct json **out)
{
	struct buf key = BUF_INIT(128);
	struct sync_self self;
	enum err rc = sync_self(p->cases, &self);

	minisign_key_text(&key, &self.key);
	if (!rc) {
		const struct json_member rows[] = {
			{ "format", json_str_new(str_from(format)) },
			{ "device", json_str_new(self.device) },
			{ "key", json_str_new(buf_str(&key)) },
			{ "name", json_str_new(name) },
			{ "made", json_int_new(sys_now(cases_sys(p->cases))) },
			{ "recipients", recipients_new(p->to, p->n_to) },
			{ "entries", json_int_new((int64_t)p->entries.n) },
			{ "bytes", json_int_new((int64_t)p->bytes) },
			{ "content", sum_new(p) },
		};

		*out = json_object_of(rows, ARRAY_LEN(rows));
		rc = *out ? ERR_NONE : ERR_NOMEM;
	}
	buf_release(&key);
	return rc;
}

/* ---- the file */
struct writing {
	struct parcel *parcel;
	const char *name, *path;
	struct str text, sig;
	uint64_t done;
};

static enum err add_entries(struct writing *w, struct pack *pack)
{
	struct parcel *p = w->parcel;
	enum err rc = ERR_NONE;

	vec_each (e, &p->entries) {
		size_t percent = GATHERED;

		if (p->bytes)
			percent += (size_t)(w->done * GATHERED / p->bytes);
		if (!rc)
			rc = parcel_step(p, percent);
		if (!rc)
			rc = pack_add(pack, e->path, e->bytes);
		w->done += e->bytes.n;
	}
	return rc ? rc : parcel_step(p, 100);
}

static enum err write_file(struct writing *w, uint64_t *bytes)
{
	struct age_recipient to[AGE_RECIPIENTS_MAX];
	struct arena *a = w->parcel->arena;
	struct pack_how how = { .path = w->path,
				.plain = true,
				.size = pack_entry(w->text.n) +
					pack_entry(w->sig.n) + PACK_END,
				.to = to,
				.n_to = w->parcel->n_to };
	struct pack *p = NULL;
	enum err rc;

	for (size_t i = 0; i < how.n_to; i++)
		to[i] = w->parcel->to[i].recipient;
	vec_each (e, &w->parcel->entries)
		how.size += pack_entry(e->bytes.n);
	rc = pack_new(&p, &how);
	if (!rc)
		rc = pack_add(p, str_from(w->name), w->text);
	if (!rc)
		rc = pack_add(p, arena_printf(a, "%s.minisig", w->name),
			      w->sig);
	if (!rc)
		rc = add_entries(w, p);
	if (!rc)
		rc = pack_commit(p, bytes);
	pack_free(p);
	return rc;
}

enum err parcel_write(struct parcel *p, const char *name,
		      const struct json *head, const char *path,
		      uint64_t *bytes)
{
	struct buf text = BUF_INIT(MANIFEST_MAX), sig = BUF_INIT(SIGNATURE_MAX);
	struct writing w = { .parcel = p, .name = name, .path = path };
	struct seal_key *seed = NULL;
	enum err rc = json_write(&text, head);

	if (!rc && p->n_to > AGE_RECIPIENTS_MAX)
		rc = ERR_TOOBIG;
	if (!rc)
		rc = keys_seed(p->cases, &seed);
	if (!rc)
		rc = minisign_sign(&sig, seed, buf_str(&text), STR(""));
	w.text = buf_str(&text);
	w.sig = buf_str(&sig);
	if (!rc)
		rc = write_file(&w, bytes);
	seal_key_free(seed);
	buf_release(&text);
	buf_release(&sig);
	return rc;
}

void parcel_release(struct parcel *p)
{
	vec_release(&p->entries);
}
