/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "fork.h"
#include "status.h"

#define GAPS_SHOWN 20

enum err taken_read(const struct note *n, struct taken *out)
{
	struct str rest = n->name, front;
	struct rd r = RD_INIT(n->value);

	*out = (struct taken){ .seq = 0 };
	str_split(&rest, '/', &front); /* "in" */
	str_split(&rest, '/', &out->device);
	if (!str_to_u64(rest, &out->seq))
		return ERR_CORRUPT;
	out->at = (int64_t)rd_u64(&r);
	out->events = rd_u64(&r);
	out->hash = rd_text(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

void taken_write(struct buf *b, const struct taken *t)
{
	buf_u64(b, (uint64_t)t->at);
	buf_u64(b, t->events);
	buf_text(b, t->hash);
}

enum err ack_note_read(const struct note *n, uint64_t *seq, int64_t *at)
{
	struct rd r = RD_INIT(n->value);

	*at = (int64_t)rd_u64(&r);
	return str_to_u64(str_sub(n->name, strlen("ack/"), n->name.n), seq)
		       ? r.failed
		       : ERR_CORRUPT;
}

/* ---- what came in */
static struct sync_peer *peer_of(struct sync_peer *peers, size_t *n,
				 struct str device)
{
	if (!*n || !str_eq(peers[*n - 1].device, device))
		peers[(*n)++].device = device;
	return &peers[*n - 1];
}

/* Numbers between the last one here and this one. Notes come in order. */
static enum err note_gaps(struct sync_peer *p, uint64_t seq, struct arena *a)
{
	uint64_t *gaps = arena_array(a, GAPS_SHOWN, sizeof(*gaps));

	if (!gaps)
		return ERR_NOMEM;
	if (p->n_gaps)
		memcpy(gaps, p->gaps, p->n_gaps * sizeof(*gaps));
	for (uint64_t n = p->last + 1; n < seq && p->n_gaps < GAPS_SHOWN; n++)
		gaps[p->n_gaps++] = n;
	p->gaps = gaps;
	return ERR_NONE;
}

struct telling {
	struct cases *cases;
	struct arena *arena;
	struct sync_status *status;
	struct sync_peer *peers;
	struct fork *copies;
	size_t n_copies;
};

static enum err add_taken(struct telling *k, const struct taken *t)
{
	struct sync_status *s = k->status;
	struct sync_peer *p = peer_of(k->peers, &s->n_peers, t->device);
	const struct fork *copy = fork_find(k->copies, k->n_copies, t->device);
	bool joined = false;
	enum err rc = ERR_NONE;

	/* What was before it was copied is the device's. */
	if (copy && !p->files)
		p->last = copy->seq - 1;
	if (t->seq > p->last + 1 && k->n_copies)
		rc = fork_joined(k->cases, k->arena, k->copies, k->n_copies, t,
				 &joined);
	if (!rc && !joined && t->seq > p->last + 1)
		rc = note_gaps(p, t->seq, k->arena);
	p->last = t->seq;
	p->files++;
	p->events += t->events;
	p->at = t->at > p->at ? t->at : p->at;
	s->taken_in += t->events;
	return rc;
}

/* A copy is called as its device is, and says that it is one. */
static enum err name_peer(struct telling *k, struct sync_peer *p)
{
	const struct fork *copy = fork_find(k->copies, k->n_copies, p->device);
	struct sync_device d;

	if (!sync_device(k->cases, copy ? copy->device : p->device, k->arena,
			 &d))
		p->name = d.name;
	if (!copy)
		return ERR_NONE;
	p->copy_of = copy->device;
	p->name = arena_printf(k->arena, _("%.*s (salinan)"),
			       STR_ARG(p->name.n ? p->name : copy->device));
	return p->name.p ? ERR_NONE : ERR_NOMEM;
}

enum err status_peers(struct cases *c, struct arena *a, struct sync_status *s)
{
	struct telling k = { .cases = c, .arena = a, .status = s };
	struct note *notes = NULL;
	size_t n = 0;
	enum err rc = cases_notes(c, STR("in/"), a, &notes, &n);

	if (!rc)
		rc = forks(c, STR(""), a, &k.copies, &k.n_copies);
	k.peers = arena_array(a, n + 1, sizeof(*k.peers));
	if (!rc && !k.peers)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < n; i++) {
		struct taken t;

		rc = taken_read(&notes[i], &t);
		if (!rc)
			rc = add_taken(&k, &t);
	}
	for (size_t i = 0; !rc && i < s->n_peers; i++)
		rc = name_peer(&k, &k.peers[i]);
	s->peers = k.peers;
	return rc;
}

/* ---- what goes on */
static struct str behind(const struct note *n, size_t front)
{
	return str_sub(n->name, front, n->name.n);
}

/* Both stand in order: files here, and what that office has. */
static enum err count_missing(struct cases *c, struct arena *a,
			      const struct sync_office *o, uint64_t *out)
{
	struct str front = arena_printf(a, "has/%.*s/", STR_ARG(o->device));
	struct note *in = NULL, *has = NULL;
	size_t n = 0, m = 0, k = 0;
	uint64_t missing = 0;
	enum err rc = cases_notes(c, STR("in/"), a, &in, &n);

	if (!rc)
		rc = cases_notes(c, front, a, &has, &m);
	for (size_t i = 0; !rc && i < n; i++) {
		struct str file = behind(&in[i], strlen("in/"));

		while (k < m && str_cmp(behind(&has[k], front.n), file) < 0)
			k++;
		missing += !(o->device.n && str_starts(file, o->device)) &&
			   !(k < m && str_eq(behind(&has[k], front.n), file));
	}
	if (missing > *out)
		*out = missing;
	return rc;
}

static enum err status_forward(struct cases *c, struct arena *a,
			       struct sync_status *s)
{
	struct sync_office *all = NULL;
	size_t n = 0;
	enum err rc = sync_offices(c, a, &all, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = count_missing(c, a, &all[i], &s->to_forward);
	return rc;
}

/* ---- what went out */
static bool acked(const struct note *acks, size_t n, uint64_t seq)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t number;
		int64_t at;

		if (!ack_note_read(&acks[i], &number, &at) && number == seq)
			return true;
	}
	return false;
}

static void add_batch(struct sync_status *s, const struct batch *b,
		      bool received)
{
	s->exported += b->events;
	s->bytes += b->bytes;
	if (received) {
		s->received += b->events;
		s->files_received++;
	} else if (!s->missing || b->seq < s->missing) {
		s->missing = b->seq;
		s->missing_file = b->file;
	}
	if (b->at < s->last_at)
		return;
	s->last_at = b->at;
	s->last_file = b->file;
}

enum err sync_status(struct cases *c, struct arena *a, struct sync_status *out)
{
	struct batch *b = NULL;
	struct note *acks = NULL;
	size_t batches = 0, n_acks = 0;
	enum err rc = cases_batches(c, a, &b, &batches);

	*out = (struct sync_status){ .waiting = cases_waiting(c),
				     .files = batches };
	if (!rc)
		rc = cases_notes(c, STR("ack/"), a, &acks, &n_acks);
	for (size_t i = 0; !rc && i < batches; i++)
		add_batch(out, &b[i], acked(acks, n_acks, b[i].seq));
	if (!rc)
		rc = status_peers(c, a, out);
	return rc ? rc : status_forward(c, a, out);
}
