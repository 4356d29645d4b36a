/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/vec.h"

#include "kit.h"

struct entry {
	struct str path, bytes;
};

struct making {
	struct cases *cases;
	const struct sync_kit *how;
	struct sync_kit_made *out;
	struct arena *arena;
	VEC(struct entry) entries;
};

static enum err add(struct making *m, struct str path, struct str bytes)
{
	struct entry *e = vec_push(&m->entries);

	if (!e || !path.p || !bytes.p)
		return ERR_NOMEM;
	*e = (struct entry){ path, bytes };
	return ERR_NONE;
}

/* ---- what is in it */
static enum err add_media(struct making *m)
{
	struct str *names = NULL, bytes;
	size_t n = 0;
	enum err rc = cases_media_names(m->cases, m->arena, &names, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		rc = cases_media(m->cases, names[i], m->arena, &bytes);
		if (!rc)
			rc = add(m,
				 arena_printf(m->arena, KIT_MEDIA "%.*s",
					      STR_ARG(names[i])),
				 bytes);
	}
	m->out->media = n;
	return rc;
}

static enum err add_forms(struct making *m)
{
	struct form_row *rows = NULL;
	struct str xml;
	size_t n = 0;
	enum err rc = cases_forms(m->cases, m->arena, &rows, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		rc = cases_form_xml(m->cases, rows[i].id, rows[i].version,
				    m->arena, &xml);
		if (!rc)
			rc = add(m,
				 arena_printf(m->arena, KIT_FORMS "%04zu.xml",
					      i + 1),
				 xml);
	}
	m->out->forms = n;
	return rc;
}

static enum err add_list(void *arg, const struct carried_list *l)
{
	struct making *m = arg;
	struct buf b = BUF_INIT(ENTRY_MAX);
	enum err rc = list_to_json(l, &b);

	m->out->lists++;
	m->out->rows += l->n;
	if (!rc)
		rc = add(m,
			 arena_printf(m->arena, KIT_LISTS "%06llu.json",
				      (unsigned long long)m->out->lists),
			 arena_dup(m->arena, buf_str(&b)));
	buf_release(&b);
	return rc;
}

/* ---- kit.json */
static struct json *worker_json(const struct worker *w)
{
	struct json *j = json_object_new();

	if (json_set(j, "code", json_str_new(w->code)) ||
	    json_set(j, "name", json_str_new(w->name)) ||
	    json_set(j, "role", json_str_new(w->role)) ||
	    json_set(j, "village", json_str_new(w->village)) ||
	    json_set(j, "language", json_str_new(w->language))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static enum err put_workers(struct making *m, struct json *j)
{
	struct json *list = json_array_new();
	struct worker *w = NULL;
	size_t n = 0;
	enum err rc = cases_workers(m->cases, m->arena, &w, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = json_push(list, worker_json(&w[i]));
	m->out->workers = n;
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "workers", list);
}

static struct json *office_json(const struct sync_office *o)
{
	struct json *j = json_object_new();
	struct buf b = BUF_INIT(128);
	enum err rc;

	if (o->has_key)
		minisign_key_text(&b, &o->key);
	else
		age_recipient_text(&b, &o->recipient);
	rc = json_set(j, "name", json_str_new(o->name));
	if (!rc)
		rc = json_set(j, "key", json_str_new(buf_str(&b)));
	if (!rc)
		rc = json_set(j, "device", json_str_new(o->device));
	buf_release(&b);
	if (rc) {
		json_free(j);
		return NULL;
	}
	return j;
}

/* This one first, then those its own files are sealed for. */
static enum err put_offices(struct making *m, struct json *j,
			    const struct sync_self *self)
{
	struct sync_office me = { .name = m->how->name,
				  .has_key = true,
				  .key = self->key,
				  .device = self->device };
	struct json *list = json_array_new();
	struct sync_office *all = NULL;
	size_t n = 0;
	enum err rc = sync_offices(m->cases, m->arena, &all, &n);

	if (!rc)
		rc = json_push(list, office_json(&me));
	for (size_t i = 0; !rc && i < n; i++)
		rc = json_push(list, office_json(&all[i]));
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "offices", list);
}

static enum err put_sums(struct making *m, struct json *j)
{
	struct buf digest = BUF_INIT(128);
	struct sha256_ctx content;
	uint64_t bytes = 0;
	uint8_t hash[32];
	enum err rc;

	sha256_init(&content);
	vec_each (e, &m->entries) {
		content_add(&content, e->path, e->bytes);
		bytes += e->bytes.n;
	}
	sha256_final(&content, hash);
	hex(&digest, hash, sizeof(hash));
	rc = json_set(j, "entries", json_int_new((int64_t)m->entries.n));
	if (!rc)
		rc = json_set(j, "bytes", json_int_new((int64_t)bytes));
	if (!rc)
		rc = json_set(j, "content", json_str_new(buf_str(&digest)));
	buf_release(&digest);
	return rc;
}

static enum err write_text(struct making *m, struct buf *out)
{
	struct json *j = json_object_new();
	struct buf key = BUF_INIT(128);
	int64_t now = sys_now(cases_sys(m->cases));
	struct sync_self self;
	enum err rc = sync_self(m->cases, &self);

	minisign_key_text(&key, &self.key);
	if (!rc)
		rc = json_set(j, "format", json_str_new(STR(KIT_FORMAT)));
	if (!rc)
		rc = json_set(j, "device", json_str_new(self.device));
	if (!rc)
		rc = json_set(j, "key", json_str_new(buf_str(&key)));
	if (!rc)
		rc = json_set(j, "name", json_str_new(m->how->name));
	if (!rc)
		rc = json_set(j, "made", json_int_new(now));
	if (!rc)
		rc = put_sums(m, j);
	if (!rc)
		rc = put_offices(m, j, &self);
	if (!rc)
		rc = put_workers(m, j);
	if (!rc)
		rc = json_write(out, j);
	json_free(j);
	buf_release(&key);
	return rc;
}

/* ---- the file */
static enum err write_file(struct making *m, struct str text, struct str sig)
{
	struct pack_how how = { .path = m->how->path,
				.plain = true,
				.size = pack_entry(text.n) + pack_entry(sig.n) +
					PACK_END,
				.to = m->how->to,
				.n_to = m->how->n_to };
	struct pack *p = NULL;
	enum err rc;

	vec_each (e, &m->entries)
		how.size += pack_entry(e->bytes.n);
	rc = pack_new(&p, &how);
	if (!rc)
		rc = pack_add(p, STR(KIT_NAME), text);
	if (!rc)
		rc = pack_add(p, STR(KIT_NAME ".minisig"), sig);
	vec_each (e, &m->entries)
		if (!rc)
			rc = pack_add(p, e->path, e->bytes);
	if (!rc)
		rc = pack_commit(p, &m->out->bytes);
	pack_free(p);
	return rc;
}

static enum err sign_and_write(struct making *m)
{
	struct buf text = BUF_INIT(MANIFEST_MAX), sig = BUF_INIT(SIGNATURE_MAX);
	struct seal_key *seed = NULL;
	enum err rc = write_text(m, &text);

	if (!rc)
		rc = keys_seed(m->cases, &seed);
	if (!rc)
		rc = minisign_sign(&sig, seed, buf_str(&text), STR(""));
	if (!rc)
		rc = write_file(m, buf_str(&text), buf_str(&sig));
	seal_key_free(seed);
	buf_release(&text);
	buf_release(&sig);
	return rc;
}

enum err sync_kit_make(struct cases *c, const struct sync_kit *how,
		       struct arena *a, struct sync_kit_made *out,
		       struct report *rep)
{
	struct making m = { .cases = c, .how = how, .out = out, .arena = a };
	enum err rc;

	*out = (struct sync_kit_made){ 0 };
	rc = add_media(&m);
	if (!rc)
		rc = add_forms(&m);
	if (!rc && !how->no_lists)
		rc = cases_each_list(c, add_list, &m);
	if (!rc)
		rc = sign_and_write(&m);
	vec_release(&m.entries);
	if (rc)
		report_add(rep, PROBLEM_ERROR, str_from(how->path), "%s",
			   rc == ERR_NOSPACE
				   ? _("disk penuh; paket tidak dibuat")
				   : _("paket tidak dapat dibuat di sana"));
	return rc;
}
