/* SPDX-License-Identifier: MIT */
#include "manifest.h"

#include <string.h>

enum err manifest_begin(struct manifest *m, struct cases *c,
			const struct batch *batch, struct str previous)
{
	enum err rc;

	*m = (struct manifest){ .root = json_object_new(),
				.forms = json_object_new(),
				.envelopes = json_array_new() };
	if (!m->root || !m->forms || !m->envelopes)
		return ERR_NOMEM;
	sha256_init(&m->content);
	rc = json_set(m->root, "format", json_str_new(STR(MANIFEST_FORMAT)));
	if (!rc)
		rc = json_set(m->root, "device", json_str_new(cases_device(c)));
	if (!rc)
		rc = json_set(m->root, "sequence",
			      json_int_new((int64_t)batch->seq));
	if (!rc)
		rc = json_set(m->root, "recipients", json_array_new());
	if (!rc)
		rc = json_set(m->root, "previous", json_str_new(previous));
	if (!rc)
		rc = json_set(m->root, "made", json_int_new(batch->at));
	return rc;
}

enum err manifest_entry(struct manifest *m, struct str path, struct str content)
{
	struct buf line = BUF_INIT(1024);
	uint8_t hash[32];
	enum err rc;

	sha256(hash, content);
	hex(&line, hash, sizeof(hash));
	buf_adds(&line, "  ");
	buf_addstr(&line, path);
	buf_addc(&line, '\n');
	sha256_add(&m->content, buf_str(&line));
	m->entries++;
	m->bytes += content.n;
	rc = line.failed;
	buf_release(&line);
	return rc;
}

/* The versions of each form, once: {"form": ["1", "2"]}. */
static enum err note_form(struct manifest *m, const struct event *e)
{
	struct arena a = { 0 };
	char *id = arena_cstr(&a, e->form_id);
	struct json *versions = id ? json_get(m->forms, id) : NULL;
	enum err rc = id ? ERR_NONE : ERR_NOMEM;

	if (!rc && !versions) {
		rc = json_set(m->forms, id, json_array_new());
		versions = json_get(m->forms, id);
	}
	for (size_t i = 0; !rc && i < json_len(versions); i++)
		if (str_eq(json_str(json_at(versions, i)), e->form_version))
			goto out;
	if (!rc)
		rc = json_push(versions, json_str_new(e->form_version));
out:
	arena_release(&a);
	return rc;
}

/* [dataset, id, device and sequence last seen, branchId] of one entity. */
static enum err put_touch(struct json *list, const struct touch *t)
{
	const struct str texts[] = { t->dataset, t->id, t->seen_device };
	struct json *row = json_array_new();
	enum err rc = row ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < ARRAY_LEN(texts); i++)
		rc = json_push(row, json_str_new(texts[i]));
	if (!rc)
		rc = json_push(row, json_int_new((int64_t)t->seen_seq));
	if (!rc)
		rc = json_push(row, json_str_new(t->branch));
	if (rc) {
		json_free(row);
		return rc;
	}
	return json_push(list, row);
}

static enum err put_touched(struct json *j, const struct event *e)
{
	struct json *list = json_array_new();
	enum err rc = list ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < e->n_touched; i++)
		rc = put_touch(list, &e->touched[i]);
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "touched", list);
}

enum err manifest_envelope(struct manifest *m, const struct event *e)
{
	struct json *j = json_object_new();
	enum err rc = j ? note_form(m, e) : ERR_NOMEM;

	if (!rc)
		rc = json_set(j, "id", json_str_new(e->instance_id));
	if (!rc)
		rc = json_set(j, "seq", json_int_new((int64_t)e->seq));
	if (!rc)
		rc = json_set(j, "worker", json_str_new(e->worker));
	if (!rc)
		rc = json_set(j, "at", json_int_new(e->at));
	if (!rc)
		rc = json_set(j, "zone", json_int_new(e->offset_min));
	if (!rc && e->doubtful)
		rc = json_set(j, "doubtful", json_bool_new(true));
	if (!rc && e->n_touched)
		rc = put_touched(j, e);
	if (rc) {
		json_free(j);
		return rc;
	}
	return json_push(m->envelopes, j);
}

static enum err finish(struct manifest *m)
{
	struct buf digest = BUF_INIT(128);
	uint8_t hash[32];
	enum err rc;

	sha256_final(&m->content, hash);
	hex(&digest, hash, sizeof(hash));
	rc = json_set(m->root, "entries", json_int_new((int64_t)m->entries));
	if (!rc)
		rc = json_set(m->root, "bytes",
			      json_int_new((int64_t)m->bytes));
	if (!rc)
		rc = json_set(m->root, "content",
			      json_str_new(buf_str(&digest)));
	if (!rc)
		rc = json_set(m->root, "forms", m->forms);
	m->forms = NULL;
	if (!rc)
		rc = json_set(m->root, "envelopes", m->envelopes);
	m->envelopes = NULL;
	buf_release(&digest);
	return rc;
}

enum err manifest_write(struct manifest *m, struct buf *out)
{
	enum err rc = finish(m);

	return rc ? rc : json_write(out, m->root);
}

void manifest_release(struct manifest *m)
{
	json_free(m->root);
	json_free(m->forms);
	json_free(m->envelopes);
	*m = (struct manifest){ 0 };
}
