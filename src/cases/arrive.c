/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/tree.h"

#include "arriving.h"
#include "audit.h"
#include "events.h"
#include "notes.h"
#include "project.h"

/*
 * An event of another device goes the way of one made here (submit.c), but
 * under the number it has, and entities are folded once, when all are in.
 */

/* The XML is at most TREE_MAX_BYTES; the rest is small. */
#define EVENT_MAX ((size_t)20 << 20)
/* Memory of what was read is given back this often. */
#define STEP 64

enum err arrive_begin(struct arriving **out, struct cases *c,
		      struct report *rep)
{
	struct arriving *a = calloc(1, sizeof(*a));
	enum err rc;

	if (!a)
		return ERR_NOMEM;
	a->rep = rep;
	rc = write_begin(&a->t, c, rep);
	if (!rc)
		rc = project_begin(&a->p, c, a->t, NULL);
	if (rc)
		arrive_abort(&a);
	*out = a;
	return rc;
}

void arrive_abort(struct arriving **a)
{
	if (!*a)
		return;
	project_end(&(*a)->p);
	txn_abort(&(*a)->t);
	arena_release(&(*a)->arena);
	free(*a);
	*a = NULL;
}

/* ---- one event */
void cases_branch(struct str instance_id, struct str entity,
		  char out[UUID_LEN + 1])
{
	struct sha256_ctx ctx;
	uint8_t hash[32];

	sha256_init(&ctx);
	sha256_add(&ctx, instance_id);
	sha256_add(&ctx, STR(" "));
	sha256_add(&ctx, entity);
	sha256_final(&ctx, hash);
	hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x40);
	hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
	uuid_to_text(hash, out);
}

/*
 * In a file it stands under the UUID in its instanceID; where that holds none,
 * under one made of it.
 */
void cases_file_uuid(struct str instance_id, char out[UUID_LEN + 1])
{
	uint8_t id[16];

	if (uuid_from_text(instance_id, id))
		cases_branch(instance_id, STR(""), out);
	else
		uuid_to_text(id, out);
}

static bool in_its_place(struct str place, struct str instance_id)
{
	char uuid[UUID_LEN + 1];

	cases_file_uuid(instance_id, uuid);
	return !place.n || str_is(place, uuid);
}

static enum err read_self(struct arriving *a, const struct event *in,
			  struct envelope *e)
{
	struct arena *mem = &a->arena;
	struct tree *t = NULL;
	enum err rc = tree_parse(&t, in->xml, _("isian"), a->rep);

	if (rc)
		return rc;
	e->form = arena_dup(mem, node_attr_text(t->element, "id"));
	e->version = arena_dup(mem, node_attr_text(t->element, "version"));
	e->instance_id =
		arena_dup(mem, submission_meta(t->element, "instanceID", mem));
	e->deprecated_id = arena_dup(
		mem, submission_meta(t->element, "deprecatedID", mem));
	e->name = arena_dup(mem,
			    submission_meta(t->element, "instanceName", mem));
	tree_free(t);
	if (!e->instance_id.n || !in_its_place(in->instance_id, e->instance_id))
		return ERR_INVALID;
	return ERR_NONE;
}

/* What its author had seen of the i-th entity. */
enum err arriving_touch(const struct touch *in, const struct envelope *e,
			const struct deed *d, struct seen *out)
{
	char usual[UUID_LEN + 1];
	struct str branch = in->branch;

	out->last = (struct stamp){ .seq = in->seen_seq };
	if (in->seen_seq && device_parse(in->seen_device, &out->last.device))
		return ERR_INVALID;
	if (in->usual_branch) {
		cases_branch(e->instance_id, d->op.id, usual);
		branch = str_from(usual);
	}
	out->has_branch = branch.n > 0;
	if (out->has_branch && !id_parse(branch, &out->branch))
		return ERR_INVALID;
	return ERR_NONE;
}

/* A copy means its own events by the numbers that it gave them. */
static void of_the_copy(struct arriving *a, const struct event *in,
			const struct stamp *self, struct stamp *last)
{
	struct stamp own = { self->device, last->seq };
	struct device known;
	struct key k;

	if (!in->copy_of.n || device_parse(in->copy_of, &known) ||
	    memcmp(&known, &last->device, sizeof(known)) != 0)
		return;
	key_event(&k, &own);
	if (txn_has(a->t, TABLE_EVENT, key_str(&k)))
		*last = own;
}

static enum err read_seen(struct arriving *a, const struct event *in,
			  const struct stamp *self, const struct deeds *d,
			  struct envelope *e)
{
	struct seen *all = arena_array(&a->arena, d->n + 1, sizeof(*all));
	enum err rc = all ? ERR_NONE : ERR_NOMEM;

	e->seen = all;
	for (size_t i = 0; i < d->n && !rc; i++) {
		const struct deed *one = &d->at[i];
		struct seen *s;

		if (envelope_seen(e, one->op.dataset, &one->id))
			continue;
		if (e->n_seen == in->n_touched)
			return ERR_INVALID;
		s = &all[e->n_seen];
		s->dataset = one->op.dataset;
		s->id = one->id;
		rc = arriving_touch(&in->touched[e->n_seen], e, one, s);
		of_the_copy(a, in, self, &s->last);
		e->n_seen++;
	}
	if (!rc && e->n_seen != in->n_touched)
		rc = ERR_INVALID;
	return rc;
}

enum err arriving_look(struct arriving *a, const struct stamp *s,
		       const struct envelope *e, bool *again)
{
	uint8_t hash[EVENT_HASH];
	struct str value;
	struct key k;
	enum err rc;

	key_instance(&k, e->instance_id);
	rc = txn_get(a->t, TABLE_BY_INSTANCE, key_str(&k), &value);
	*again = !rc;
	if (rc && rc != ERR_NOTFOUND)
		return rc;
	if (*again) {
		struct rd r = RD_INIT(value);

		rd_stamp(&r);
		sha256(hash, e->xml);
		return r.rest.n == EVENT_HASH &&
				       memcmp(r.rest.p, hash, EVENT_HASH) == 0
			       ? ERR_NONE
			       : ERR_EXISTS;
	}
	key_event(&k, s);
	return txn_has(a->t, TABLE_EVENT, key_str(&k)) ? ERR_EXISTS : ERR_NONE;
}

enum err arriving_put(struct arriving *a, const struct stamp *s,
		      const struct envelope *e)
{
	struct buf b = BUF_INIT(EVENT_MAX);
	struct key k;
	enum err rc;

	envelope_write(&b, e);
	key_event(&k, s);
	rc = b.failed;
	if (!rc)
		rc = txn_put(a->t, TABLE_EVENT, key_str(&k), buf_str(&b));
	if (!rc)
		rc = event_index(a->p.c, a->t, s, e);
	buf_release(&b);
	return rc;
}

static enum err find_place(struct arriving *a, const struct event *in,
			   const struct envelope *e, struct stamp *s,
			   bool *again)
{
	enum err rc = arriving_look(a, s, e, again);

	if (rc != ERR_EXISTS || *again || !in->spare.n)
		return rc;
	rc = device_parse(in->spare, &s->device);
	return rc ? rc : arriving_look(a, s, e, again);
}

static enum err add(struct arriving *a, const struct event *in, bool *again)
{
	struct envelope e = { .kind = EVENT_SUBMISSION,
			      .at = in->at,
			      .offset_min = in->offset_min,
			      .doubtful = in->doubtful,
			      .worker = in->worker,
			      .xml = in->xml };
	struct stamp s = { .seq = in->seq };
	const struct form *form = NULL;
	struct deeds deeds;
	enum err rc = device_parse(in->device, &s.device);

	if (!rc)
		rc = in->seq ? read_self(a, in, &e) : ERR_INVALID;
	if (!rc)
		rc = find_place(a, in, &e, &s, again);
	if (rc || *again)
		return rc;
	rc = cases_form(a->p.c, e.form, e.version, &form, a->rep);
	if (!rc)
		rc = deeds_read(form, in->xml, &a->arena, &deeds, a->rep);
	if (!rc)
		rc = read_seen(a, in, &s, &deeds, &e);
	if (rc)
		return rc;
	e.title = form_title(form);
	rc = arriving_put(a, &s, &e);
	if (!rc)
		rc = notes_put_log(a->t, e.instance_id, in->audit);
	/* Our own that come back from a file: no batch here knows of them. */
	if (!rc && event_mine(a->p.c, &s))
		rc = outbox_put(a->t, &s, e.instance_id);
	return rc ? rc : project_rows(&a->p, &s, &e, &deeds);
}

enum err arrive_add(struct arriving *a, const struct event *e, bool *again)
{
	enum err rc = add(a, e, again);

	arena_reset(&a->arena);
	if (++a->n % STEP == 0)
		arena_reset(txn_arena(a->t));
	return rc;
}

/* ---- all of them */
static enum err follow(struct arriving *a)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < a->p.folded.list.n && !rc; i++) {
		rc = project_fold(&a->p, &a->p.folded.list.at[i], NULL);
		if (i % STEP == STEP - 1)
			arena_reset(txn_arena(a->t));
	}
	return rc ? rc : project_finish(&a->p);
}

enum err arrive_commit(struct arriving **arriving, struct str file,
		       const struct note *notes, size_t n)
{
	struct arriving *a = *arriving;
	struct cases *c = a->p.c;
	enum err rc = follow(a);

	if (!rc)
		rc = notes_put(a->t, notes, n);
	if (!rc && file.n)
		rc = audit_put(c, a->t, AUDIT_IMPORT, STR(""), file);
	project_end(&a->p);
	if (!rc)
		rc = txn_commit(&a->t);
	arrive_abort(arriving);
	return rc ? rc : cases_refresh(c);
}
