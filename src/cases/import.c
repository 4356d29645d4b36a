/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "audit.h"
#include "overtaken.h"
#include "writing.h"

/* Rows of one event: some 300 bytes each in practice. */
#define CHUNK 250
/*
 * Rows of one transaction: fewer write more, since hardly a page is touched by
 * only one of them (of 100,000 rows, 25,000 at once wrote 950 MB, all of them
 * 440). It ends early between two parts when somebody waits, and sooner while
 * others have the store open: what is left to do then grows with the rows.
 */
#define STEP         100000
#define STEP_COMPANY 2500
#define PART         500
#define LIST_MAX     ((size_t)16 << 20)

struct importing {
	struct writing w;
	const struct list_in *in;
	struct list_done *out;
	struct arena arena; /* of one event */
	struct report *rep;
	struct deed deeds[CHUNK];
	struct seen seen[CHUNK]; /* before they are done */
	size_t numbers[CHUNK];   /* of their rows in the file */
	size_t n;
	struct overtaken past;
	bool cancelled;
};

/* ---- ids */
enum err cases_import_id(struct cases *c, struct str dataset, struct str number,
			 char out[UUID_LEN + 1])
{
	struct buf b = BUF_INIT((size_t)1 << 17);
	uint8_t id[ID_BYTES];
	enum err rc;

	if (!uuid_from_text(number, id) && id[6] >> 4 == 4) {
		uuid_to_text(id, out);
		return ERR_NONE;
	}
	buf_text(&b, STR("import"));
	buf_text(&b, dataset);
	buf_text(&b, number);
	rc = b.failed;
	if (!rc)
		seal_index_hash(id, store_index_key(c->store), buf_str(&b));
	/* In the shape of version 4: forms and servers take no other. */
	id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
	id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
	uuid_to_text(id, out);
	buf_release(&b);
	return rc;
}

bool cases_saves(struct cases *c, struct str dataset, struct str property)
{
	struct form_row *rows = NULL;
	struct report unheard = { 0 };
	struct arena a = { 0 };
	bool found = false;
	size_t n = 0;

	if (cases_forms(c, &a, &rows, &n))
		n = 0;
	for (size_t i = 0; i < n && !found; i++) {
		const struct form *f = NULL;

		if (cases_form(c, rows[i].id, rows[i].version, &f, &unheard))
			continue;
		for (size_t k = 0; k < form_dataset_count(f) && !found; k++)
			found = str_eq(form_dataset(f, k), dataset) &&
				form_saves(f, property);
	}
	report_release(&unheard);
	arena_release(&a);
	return found;
}

/* ---- what is new */

static enum err news(struct importing *m, const struct state *st,
		     struct entity_prop p, bool *yes)
{
	struct str now = p.name.n ? state_prop(st, p.name) : st->label;
	enum err rc = ERR_NONE;

	*yes = !str_eq(now, p.value);
	if (!*yes || !st->exists)
		return rc;
	if (!m->past.rows)
		rc = overtaken_begin(&m->past, &st->id, &m->w.p.arena);
	if (!rc)
		rc = overtaken_ask(&m->past, m->in->dataset, &p, yes);
	*yes = !*yes;
	return rc;
}

/* Of what the row says that which the entity has otherwise. */
static enum err differing(struct importing *m, const struct state *st,
			  const struct list_row *row, struct entity_op *op)
{
	struct entity_prop *props =
		arena_array(&m->arena, row->n_props + 1, sizeof(*props));
	bool yes = false;
	enum err rc = props ? ERR_NONE : ERR_NOMEM;

	m->past.rows = NULL;
	for (size_t i = 0; i < row->n_props && !rc; i++) {
		rc = news(m, st, row->props[i], &yes);
		if (!rc && yes)
			props[op->n_props++] = row->props[i];
	}
	op->props = props;
	if (!rc)
		rc = news(m, st, (struct entity_prop){ .value = row->label },
			  &yes);
	if (!rc && yes)
		op->label = row->label;
	return rc;
}

static enum err add_deed(struct importing *m, const struct list_row *row,
			 const struct id *id, const struct state *st)
{
	struct deed *d = &m->deeds[m->n];
	enum err rc;

	*d = (struct deed){ .id = *id,
			    .at = (uint32_t)m->n,
			    .op = { .verb = st->exists ? ENTITY_UPDATE
						       : ENTITY_CREATE,
				    .dataset = m->in->dataset,
				    .id = row->id } };
	rc = differing(m, st, row, &d->op);
	if (rc)
		return rc;
	if (st->exists && !d->op.n_props && !d->op.label.n) {
		m->out->same++;
		return ERR_NONE;
	}
	if (st->exists)
		m->out->changed++;
	else
		m->out->created++;
	m->seen[m->n] = (struct seen){ .dataset = m->in->dataset,
				       .id = *id,
				       .last = st->last };
	m->numbers[m->n++] = row->number;
	return ERR_NONE;
}

static enum err take_row(struct importing *m, const struct list_row *row)
{
	struct state st;
	struct id id;
	enum err rc;

	if (!id_parse(row->id, &id))
		return ERR_INVALID;
	rc = state_get(m->w.p.t, m->in->dataset, &id, &m->w.p.arena, &st);
	if (rc && rc != ERR_NOTFOUND)
		return rc;
	rc = add_deed(m, row, &id, &st);
	arena_reset(&m->w.p.arena);
	return rc;
}

/* ---- one event */

/* Warnings of a row name it. */
static void name_row(struct importing *m, size_t from, size_t number)
{
	struct report *rep = m->rep;

	vec_each (p, &rep->problems) {
		if ((size_t)(p - rep->problems.at) < from)
			continue;
		p->place = arena_printf(&rep->arena, _("baris %zu, %.*s"),
					number, STR_ARG(p->place));
	}
}

static enum err follow(struct importing *m, const struct envelope *e,
		       const struct deeds *d)
{
	enum err rc = project_rows(&m->w.p, &m->w.last, e, d);

	for (size_t i = 0; i < d->n && !rc; i++) {
		struct target t = { m->in->dataset, d->at[i].id };
		size_t said = m->rep->problems.n;

		rc = project_fold(&m->w.p, &t, &m->w.last);
		name_row(m, said, m->numbers[i]);
	}
	return rc;
}

static enum err put_list(struct importing *m, const struct deeds *d,
			 struct envelope *e)
{
	struct buf b = BUF_INIT(LIST_MAX);
	enum err rc;

	list_write(&b, d);
	e->xml = buf_str(&b);
	rc = b.failed;
	if (!rc)
		rc = writing_event(&m->w, e);
	buf_release(&b);
	e->xml = (struct str){ NULL, 0 };
	return rc;
}

/* Of rows about one entity the first counts. */
static void name_seen(struct importing *m, struct envelope *e)
{
	e->seen = m->seen;
	for (size_t i = 0; i < m->n; i++) {
		const struct entity_op *op = &m->deeds[i].op;
		struct seen *to = &m->seen[e->n_seen];

		if (envelope_seen(e, op->dataset, &m->seen[i].id))
			continue;
		*to = m->seen[i];
		if (op->verb == ENTITY_CREATE)
			seen_branch(to, e->instance_id, op->id);
		e->n_seen++;
	}
}

static enum err flush(struct importing *m)
{
	const struct sys *sys = m->w.p.c->sys;
	const struct deeds d = { .at = m->deeds, .n = m->n };
	char uuid[UUID_LEN + 1], instance[UUID_LEN + 6] = "uuid:";
	struct envelope e = { .kind = EVENT_LIST,
			      .at = sys_now(sys),
			      .worker = m->w.p.c->worker.code,
			      .title = m->in->source };
	enum err rc;

	if (!m->n)
		return ERR_NONE;
	sys_uuid(sys, uuid);
	memcpy(instance + 5, uuid, sizeof(uuid));
	e.instance_id = str_from(instance);
	writing_clock(&m->w, &e);
	name_seen(m, &e);
	rc = put_list(m, &d, &e);
	if (!rc)
		rc = follow(m, &e, &d);
	m->n = 0;
	arena_reset(&m->arena);
	arena_reset(txn_arena(m->w.p.t));
	return rc;
}

static enum err import_rows(struct importing *m, size_t from, size_t to)
{
	enum err rc = ERR_NONE;

	for (size_t i = from; i < to && !rc; i++) {
		rc = take_row(m, &m->in->rows[i]);
		if (!rc && m->n == CHUNK)
			rc = flush(m);
	}
	if (!rc)
		rc = flush(m);
	/* What lists show is no part of the answer. */
	if (!rc && !m->in->dry)
		rc = project_settle(&m->w.p);
	return rc;
}

static enum err import_part(struct importing *m)
{
	const struct list_in *in = m->in;
	size_t from = m->out->rows;
	size_t to = from + PART < in->n ? from + PART : in->n;
	enum err rc = import_rows(m, from, to);

	m->n = 0;
	arena_reset(&m->arena);
	if (rc)
		return rc;
	m->out->rows = to;
	if (in->progress)
		in->progress(in->arg, to, in->n);
	m->cancelled = in->cancelled && in->cancelled(in->arg);
	return ERR_NONE;
}

static bool goes_on(const struct importing *m, const struct txn *t, size_t from)
{
	size_t rows = m->out->rows - from;

	if (m->cancelled || m->out->rows == m->in->n || rows >= STEP)
		return false;
	return !rows ||
	       (!txn_awaited(t) && (rows < STEP_COMPANY || !txn_in_company(t)));
}

/* The index is written once for all parts. */
static enum err import_parts(struct importing *m, struct txn *t)
{
	size_t from = m->out->rows;
	enum err rc = writing_begin(&m->w);

	while (!rc && goes_on(m, t, from))
		rc = import_part(m);
	return rc || m->in->dry ? rc : project_finish(&m->w.p);
}

static bool changes(const struct list_done *d)
{
	return d->created + d->changed > 0;
}

static enum err import_step(struct importing *m, struct cases *c)
{
	struct list_done was = *m->out;
	struct txn *t = NULL;
	enum err rc = write_begin(&t, c, m->rep);

	if (rc)
		return rc;
	m->past.t = t;
	rc = project_begin(&m->w.p, c, t, m->rep);
	if (!rc)
		rc = import_parts(m, t);
	project_end(&m->w.p);
	if (!rc && !changes(&was) && changes(m->out))
		rc = audit_put(c, t, AUDIT_IMPORT, m->in->dataset, STR(""));
	if (!rc && !m->in->dry)
		rc = txn_commit(&t);
	txn_abort(&t);
	if (rc)
		*m->out = was;
	return rc;
}

static enum err import_all(struct importing *m, struct cases *c)
{
	enum err rc = ERR_NONE;

	while (!rc && !m->cancelled && m->out->rows < m->in->n)
		rc = import_step(m, c);
	return !rc && m->cancelled && m->out->rows < m->in->n ? ERR_CANCELLED
							      : rc;
}

enum err cases_import(struct cases *c, const struct list_in *in,
		      struct list_done *out, struct report *rep)
{
	struct importing *m;
	enum err rc;

	*out = (struct list_done){ 0 };
	if (!in->dataset.n || in->dataset.n > KEY_NAME_MAX ||
	    (!dataset_declared(c, in->dataset) &&
	     !datasets_find(cases_datasets(c), in->dataset))) {
		report_add(rep, PROBLEM_ERROR, in->dataset,
			   _("daftar itu tidak ada"));
		return ERR_NOTFOUND;
	}
	m = calloc(1, sizeof(*m));
	if (!m)
		return ERR_NOMEM;
	m->in = in;
	m->out = out;
	m->rep = rep;
	rc = import_all(m, c);
	overtaken_end(&m->past);
	arena_release(&m->arena);
	free(m);
	if (!in->dry && changes(out)) {
		enum err seen = cases_refresh(c);

		rc = rc ? rc : seen;
	}
	return rc;
}
