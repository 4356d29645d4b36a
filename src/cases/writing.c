/* SPDX-License-Identifier: MIT */
#include "writing.h"

#include "pilar/arrive.h"

#include "events.h"

/* No submission is older than the program: 2026-01-01 UTC. */
#define CLOCK_FLOOR INT64_C(1767225600000)
/* The XML is at most TREE_MAX_BYTES; the rest is small. */
#define EVENT_MAX ((size_t)20 << 20)

/* From the event this device made last. */
enum err writing_begin(struct writing *s)
{
	struct envelope e;
	struct cur cur = { 0 };
	struct str value;
	struct key k = { .n = 0 };
	enum err rc;

	s->last.device = s->p.c->device;
	s->last.seq = UINT64_MAX;
	key_stamp(&k, &s->last);
	s->last.seq = 0;
	rc = cur_begin(&cur, s->p.t, TABLE_EVENT, str_of(k.p, DEVICE_BYTES),
		       key_str(&k), true);
	if (!rc)
		rc = cur_next(&cur);
	if (!rc) {
		struct rd r = RD_INIT(cur.key);

		s->last = rd_stamp(&r);
		rc = cur_value(&cur, &value);
	}
	if (!rc)
		rc = envelope_read(value, &s->p.arena, &e);
	if (!rc)
		s->last_at = e.at;
	cur_end(&cur);
	/* A damaged event does not stop new ones: only its time is lost. */
	return rc == ERR_NOTFOUND || rc == ERR_CORRUPT ? ERR_NONE : rc;
}

void writing_clock(const struct writing *s, struct envelope *e)
{
	const struct sys *sys = s->p.c->sys;

	e->offset_min = sys->offset_min(sys->self, e->at);
	e->doubtful = e->at < s->last_at || e->at < CLOCK_FLOOR;
}

void seen_branch(struct seen *s, struct str instance_id, struct str id)
{
	char text[UUID_LEN + 1];

	cases_branch(instance_id, id, text);
	s->has_branch = id_parse(str_from(text), &s->branch);
}

/* What is known of each entity now, and a branchId for what is made here. */
enum err writing_seen(struct writing *s, struct arena *a, const struct deeds *d,
		      struct envelope *e)
{
	struct seen *all = arena_array(a, d->n + 1, sizeof(*all));

	if (!all)
		return ERR_NOMEM;
	e->seen = all;
	for (size_t i = 0; i < d->n; i++) {
		const struct deed *one = &d->at[i];
		struct seen *seen = &all[e->n_seen];
		struct state st;
		enum err rc;

		if (envelope_seen(e, one->op.dataset, &one->id))
			continue;
		rc = state_get(s->p.t, one->op.dataset, &one->id, &s->p.arena,
			       &st);
		if (rc && rc != ERR_NOTFOUND)
			return rc;
		*seen = (struct seen){ .dataset = one->op.dataset,
				       .id = one->id,
				       .last = st.last };
		if (!st.exists && one->op.verb != ENTITY_UPDATE)
			seen_branch(seen, e->instance_id, one->op.id);
		e->n_seen++;
	}
	return ERR_NONE;
}

enum err writing_event(struct writing *s, const struct envelope *e)
{
	struct buf b = BUF_INIT(EVENT_MAX);
	struct key k;
	enum err rc;

	s->last.seq++;
	s->last_at = e->at > s->last_at ? e->at : s->last_at;
	envelope_write(&b, e);
	key_event(&k, &s->last);
	rc = b.failed;
	if (!rc)
		rc = txn_append(s->p.t, TABLE_EVENT, key_str(&k), buf_str(&b));
	if (!rc)
		rc = event_index(s->p.c, s->p.t, &s->last, e);
	buf_release(&b);
	return rc;
}

enum err writing_follow(struct writing *s, const struct envelope *e,
			const struct deeds *d)
{
	enum err rc = project_rows(&s->p, &s->last, e, d);

	for (size_t i = 0; i < e->n_seen && !rc; i++) {
		struct target t = { e->seen[i].dataset, e->seen[i].id };

		rc = project_fold(&s->p, &t, &s->last);
	}
	return rc;
}
