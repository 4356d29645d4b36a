/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "kit.h"
#include "parcel.h"

struct making {
	struct parcel parcel;
	const struct sync_kit *how;
	struct sync_kit_made *out;
};

/* ---- what is in it */
static enum err add_media(struct making *m)
{
	struct parcel *p = &m->parcel;
	struct str *names = NULL, bytes;
	size_t n = 0;
	enum err rc = cases_media_names(p->cases, p->arena, &names, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		rc = cases_media(p->cases, names[i], p->arena, &bytes);
		if (!rc)
			rc = parcel_add(p,
					arena_printf(p->arena,
						     PARCEL_MEDIA "%.*s",
						     STR_ARG(names[i])),
					bytes);
	}
	m->out->media = n;
	return rc;
}

static enum err add_forms(struct making *m)
{
	struct parcel *p = &m->parcel;
	struct form_row *rows = NULL;
	struct str xml;
	size_t n = 0;
	enum err rc = cases_forms(p->cases, p->arena, &rows, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		rc = cases_form_xml(p->cases, rows[i].id, rows[i].version,
				    p->arena, &xml);
		if (!rc)
			rc = parcel_add(p,
					arena_printf(p->arena,
						     PARCEL_FORMS "%04zu.xml",
						     i + 1),
					xml);
	}
	m->out->forms = n;
	return rc;
}

static enum err add_list(void *arg, const struct carried_list *l)
{
	return parcel_add_list(arg, l);
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
	enum err rc = cases_workers(m->parcel.cases, m->parcel.arena, &w, &n);

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
static enum err put_offices(struct making *m, struct json *j)
{
	struct parcel *p = &m->parcel;
	struct sync_office me = { .name = m->how->name, .has_key = true };
	struct json *list = json_array_new();
	struct sync_office *all = NULL;
	struct sync_self self;
	size_t n = 0;
	enum err rc = sync_offices(p->cases, p->arena, &all, &n);

	if (!rc)
		rc = sync_self(p->cases, &self);
	me.key = self.key;
	me.device = self.device;
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

/* ---- the file */
static enum err gather(struct making *m)
{
	enum err rc = add_media(m);

	if (!rc)
		rc = parcel_step(&m->parcel, 10);
	if (!rc)
		rc = add_forms(m);
	if (!rc)
		rc = parcel_step(&m->parcel, 20);
	if (!rc && !m->how->no_lists)
		rc = cases_each_list(m->parcel.cases, add_list, &m->parcel);
	m->out->lists = m->parcel.lists;
	m->out->rows = m->parcel.rows;
	return rc;
}

static enum err write_kit(struct making *m)
{
	struct json *j = NULL;
	enum err rc = parcel_head(&m->parcel, KIT_FORMAT, m->how->name, &j);

	if (!rc)
		rc = put_offices(m, j);
	if (!rc)
		rc = put_workers(m, j);
	if (!rc && m->how->dry)
		m->out->bytes = m->parcel.bytes;
	else if (!rc)
		rc = parcel_write(&m->parcel, KIT_NAME, j, m->how->path,
				  &m->out->bytes);
	json_free(j);
	return rc;
}

static const char *why_not(enum err rc)
{
	if (rc == ERR_NOSPACE)
		return _("disk penuh; paket tidak dibuat");
	if (rc == ERR_CANCELLED)
		return _("dibatalkan; paket tidak dibuat");
	return _("paket tidak dapat dibuat di sana");
}

enum err sync_kit_make(struct cases *c, const struct sync_kit *how,
		       struct arena *a, struct sync_kit_made *out,
		       struct report *rep)
{
	struct making m = { .parcel = { .cases = c,
					.arena = a,
					.to = how->to,
					.n_to = how->n_to,
					.progress = how->progress,
					.arg = how->arg,
					.cancelled = how->cancelled },
			    .how = how,
			    .out = out };
	enum err rc;

	*out = (struct sync_kit_made){ 0 };
	rc = gather(&m);
	if (!rc)
		rc = write_kit(&m);
	parcel_release(&m.parcel);
	if (rc)
		report_add(rep, PROBLEM_ERROR, str_from(how->path), "%s",
			   why_not(rc));
	return rc;
}
