/* SPDX-License-Identifier: MIT */
#include "manifest.h"

#include "pilar/arrive.h"

#include "pack.h"

/* ---- runs */
static enum err run_flush(struct runs *r)
{
	enum err rc = ERR_NONE;

	if (r->count) {
		rc = json_push(r->list, json_int_new(r->value));
		if (!rc)
			rc = json_push(r->list, json_int_new(r->count));
	}
	r->count = 0;
	return rc;
}

static enum err run_add(struct runs *r, int64_t v)
{
	int64_t next = r->rising ? r->value + r->count : r->value;
	enum err rc;

	if (r->count && v == next) {
		r->count++;
		return ERR_NONE;
	}
	rc = run_flush(r);
	r->value = v;
	r->count = 1;
	return rc;
}

/* ---- the head */
struct json *recipients_new(const struct sync_office *to, size_t n)
{
	struct json *list = json_array_new();

	for (size_t i = 0; list && i < n; i++) {
		struct buf b = BUF_INIT(128);
		enum err rc;

		age_recipient_text(&b, &to[i].recipient);
		rc = json_push(list, json_str_new(str_sub(buf_str(&b), 0,
							  RECIPIENT_SHOWN)));
		buf_release(&b);
		if (rc) {
			json_free(list);
			list = NULL;
		}
	}
	return list;
}

static struct json *head_new(const struct manifest_head *h)
{
	const struct json_member rows[] = {
		{ "format", json_str_new(STR(MANIFEST_FORMAT)) },
		{ "device", json_str_new(h->device) },
		{ "key", h->key.n ? json_str_new(h->key) : json_null_new() },
		{ "hub", json_str_new(h->hub) },
		{ "recipients", recipients_new(h->to, h->n_to) },
		{ "sequence", json_int_new((int64_t)h->seq) },
		{ "previous",
		  json_str_new(str_sub(h->previous, 0, PREVIOUS_SHOWN)) },
		{ "made", json_int_new(h->made) },
	};

	return json_object_of(rows, ARRAY_LEN(rows));
}

enum err manifest_begin(struct manifest *m, const struct manifest_head *head)
{
	*m = (struct manifest){
		.root = head_new(head),
		.forms = json_object_new(),
		.workers = json_array_new(),
		.devices = json_array_new(),
		.seq = { .list = json_array_new(), .rising = true },
		.worker = { .list = json_array_new() },
		.zone = { .list = json_array_new() },
		.at = json_array_new(),
		.doubtful = json_array_new(),
		.seen = json_array_new(),
		.last_at = head->made,
	};
	sha256_init(&m->content);
	if (!m->root || !m->forms || !m->workers || !m->devices ||
	    !m->seq.list || !m->worker.list || !m->zone.list || !m->at ||
	    !m->doubtful || !m->seen)
		return ERR_NOMEM;
	return ERR_NONE;
}

/* ---- entries */
void content_add(struct sha256_ctx *c, struct str path, struct str bytes)
{
	struct buf line = BUF_INIT(1024);
	uint8_t hash[32];

	sha256(hash, bytes);
	hex(&line, hash, sizeof(hash));
	buf_adds(&line, "  ");
	buf_addstr(&line, path);
	buf_addc(&line, '\n');
	sha256_add(c, buf_str(&line));
	buf_release(&line);
}

/* The place of a text in a list, put there when it is new. */
static enum err place_of(struct json *list, struct str text, int64_t *at)
{
	size_t n = json_len(list);

	for (*at = 0; *at < (int64_t)n; ++*at)
		if (str_eq(json_str(json_at(list, (size_t)*at)), text))
			return ERR_NONE;
	return json_push(list, json_str_new(text));
}

/* The versions of each form, once: {"form": ["1", "2"]}. */
static enum err note_form(struct manifest *m, const struct event *e)
{
	struct arena a = { 0 };
	char *id = arena_cstr(&a, e->form_id);
	enum err rc = id ? ERR_NONE : ERR_NOMEM;
	int64_t at;

	if (!rc && !json_get(m->forms, id))
		rc = json_set(m->forms, id, json_array_new());
	if (!rc)
		rc = place_of(json_get(m->forms, id), e->form_version, &at);
	arena_release(&a);
	return rc;
}

/*
 * What had been seen of one entity: 0, or [device, sequence, branch]; a branch
 * as cases_branch() makes it is 1, none is left out.
 */
static struct json *touch_new(struct manifest *m, const struct event *e,
			      const struct touch *t)
{
	char usual[UUID_LEN + 1];
	struct json *row;
	int64_t device = -1;
	enum err rc = ERR_NONE;

	if (!t->seen_seq && !t->branch.n)
		return json_int_new(0);
	row = json_array_new();
	if (t->seen_seq)
		rc = place_of(m->devices, t->seen_device, &device);
	cases_branch(e->instance_id, t->id, usual);
	if (!rc)
		rc = json_push(row, json_int_new(device));
	if (!rc)
		rc = json_push(row, json_int_new((int64_t)t->seen_seq));
	if (!rc && t->branch.n)
		rc = json_push(row, str_is(t->branch, usual)
					    ? json_int_new(1)
					    : json_str_new(t->branch));
	if (rc) {
		json_free(row);
		row = NULL;
	}
	return row;
}

/* All of one event's; 0 when nothing had been seen of any. */
static enum err put_seen(struct manifest *m, const struct event *e)
{
	struct json *list = json_array_new();
	enum err rc = list ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < e->n_touched; i++)
		rc = json_push(list, touch_new(m, e, &e->touched[i]));
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_push(m->seen, list);
}

static enum err put_envelope(struct manifest *m, const struct event *e)
{
	int64_t worker;
	enum err rc = place_of(m->workers, e->worker, &worker);

	if (!rc)
		rc = run_add(&m->seq, (int64_t)e->seq);
	if (!rc)
		rc = run_add(&m->worker, worker);
	if (!rc)
		rc = run_add(&m->zone, e->offset_min);
	if (!rc)
		rc = json_push(m->at, json_int_new(e->at - m->last_at));
	if (!rc && e->doubtful)
		rc = json_push(m->doubtful, json_int_new((int64_t)m->entries));
	m->last_at = e->at;
	return rc ? rc : put_seen(m, e);
}

enum err manifest_entry(struct manifest *m, const struct event *e,
			struct str path)
{
	enum err rc = note_form(m, e);

	if (!rc)
		rc = put_envelope(m, e);
	content_add(&m->content, path, e->xml);
	m->entries++;
	m->bytes += e->xml.n;
	return rc;
}

void manifest_log(struct manifest *m, const struct event *e, struct str path)
{
	content_add(&m->content, path, e->audit);
	m->bytes += e->audit.n;
}

/* ---- the end */
static enum err take_over(struct json *j, const char *name, struct json **value)
{
	enum err rc = json_set(j, name, *value);

	*value = NULL;
	return rc;
}

static enum err put_events(struct manifest *m)
{
	struct json *j = json_object_new();
	enum err rc = j ? ERR_NONE : ERR_NOMEM;
	const struct {
		const char *name;
		struct json **value;
	} rows[] = {
		{ "seq", &m->seq.list },      { "worker", &m->worker.list },
		{ "zone", &m->zone.list },    { "at", &m->at },
		{ "doubtful", &m->doubtful }, { "seen", &m->seen },
	};

	for (size_t i = 0; !rc && i < ARRAY_LEN(rows); i++)
		rc = take_over(j, rows[i].name, rows[i].value);
	if (rc) {
		json_free(j);
		return rc;
	}
	return json_set(m->root, "events", j);
}

static enum err put_content(struct manifest *m)
{
	struct buf digest = BUF_INIT(128);
	uint8_t hash[32];
	enum err rc;

	sha256_final(&m->content, hash);
	hex(&digest, hash, sizeof(hash));
	rc = json_set(m->root, "content", json_str_new(buf_str(&digest)));
	buf_release(&digest);
	return rc;
}

static enum err finish(struct manifest *m)
{
	enum err rc = run_flush(&m->seq);

	if (!rc)
		rc = run_flush(&m->worker);
	if (!rc)
		rc = run_flush(&m->zone);
	if (!rc)
		rc = json_set(m->root, "entries",
			      json_int_new((int64_t)m->entries));
	if (!rc)
		rc = json_set(m->root, "bytes",
			      json_int_new((int64_t)m->bytes));
	if (!rc)
		rc = put_content(m);
	if (!rc)
		rc = take_over(m->root, "forms", &m->forms);
	if (!rc)
		rc = take_over(m->root, "workers", &m->workers);
	if (!rc)
		rc = take_over(m->root, "devices", &m->devices);
	return rc ? rc : put_events(m);
}

enum err manifest_write(struct manifest *m, struct buf *out)
{
	enum err rc = finish(m);

	if (!rc)
		rc = json_write(out, m->root);
	/* Its header in the tar is the same in nearly all small files. */
	while (!rc && out->n % TAR_BLOCK && !out->failed)
		buf_addc(out, ' ');
	return rc ? rc : out->failed;
}

void manifest_release(struct manifest *m)
{
	struct json *all[] = { m->root,      m->forms,    m->workers,
			       m->devices,   m->seq.list, m->worker.list,
			       m->zone.list, m->at,       m->doubtful,
			       m->seen };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		json_free(all[i]);
	*m = (struct manifest){ 0 };
}
