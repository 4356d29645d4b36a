/* SPDX-License-Identifier: MIT */
#include "pilar/keying.h"

#include <string.h>

#include "pilar/buf.h"
#include "pilar/cases.h"
#include "pilar/form.h"
#include "pilar/tree.h"
#include "pilar/when.h"

#include "keying_rows.h"

#define KEYING_FORMAT 2
/* More questions than a person reaches in one form; more remarks than that. */
#define REACHED_MAX 20000
#define REMARKS_MAX 1000
#define LASTING_MAX 200
/* The word of a form's style that says it is keyed from paper. */
#define PAPER_WORD "kertas"

void keying_release(struct keying *k)
{
	vec_release(&k->reached);
	vec_release(&k->marks);
	vec_release(&k->remarks);
	vec_release(&k->lasting);
	paradata_release(&k->log);
	arena_release(&k->arena);
	*k = (struct keying){ .mode = KEYING_VISIT };
}

enum keying_mode keying_mode_of(const struct form *f)
{
	struct str rest = item_attr(form_body(f), "class"), word;

	while (str_word(&rest, &word)) {
		if (str_is(word, PAPER_WORD))
			return KEYING_PAPER;
	}
	return KEYING_VISIT;
}

/* ---- where one has been */
/* FNV-1a: two paths of one form that meet only share a mark. */
uint32_t keying_hash(struct str path)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ (unsigned char)path.p[i]) * 16777619U;
	return h == KEYING_NOWHERE ? 1 : h;
}

/* The place of `h`, or where it belongs. */
static size_t place_of(const struct keying *k, uint32_t h)
{
	size_t low = 0, high = k->reached.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (k->reached.at[mid] < h)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool keying_reached(const struct keying *k, struct str path)
{
	uint32_t h = keying_hash(path);
	size_t i = place_of(k, h);

	return i < k->reached.n && k->reached.at[i] == h;
}

bool keying_reach_hash(struct keying *k, uint32_t h)
{
	uint32_t *slot;
	size_t i = place_of(k, h);

	if (h == KEYING_NOWHERE || (i < k->reached.n && k->reached.at[i] == h))
		return false;
	slot = k->reached.n < REACHED_MAX ? vec_push(&k->reached) : NULL;
	if (!slot)
		return true;
	memmove(&k->reached.at[i + 1], &k->reached.at[i],
		(k->reached.n - 1 - i) * sizeof(*slot));
	k->reached.at[i] = h;
	return true;
}

bool keying_reach(struct keying *k, struct str path)
{
	uint32_t h = keying_hash(path);
	bool anew = keying_reach_hash(k, h);

	if (anew)
		keying_mark_row(k, path, h);
	return anew;
}

void keying_unreach(struct keying *k, uint32_t h)
{
	size_t i = place_of(k, h);

	if (i >= k->reached.n || k->reached.at[i] != h)
		return;
	k->reached.n--;
	memmove(&k->reached.at[i], &k->reached.at[i + 1],
		(k->reached.n - i) * sizeof(*k->reached.at));
}

/* ---- remarks */
static struct remark *find_remark(const struct keying *k, struct str path)
{
	vec_each (r, &k->remarks) {
		if (str_eq(r->path, path))
			return r;
	}
	return NULL;
}

struct str keying_remark(const struct keying *k, struct str path)
{
	const struct remark *r = find_remark(k, path);

	return r ? r->text : STR("");
}

static void drop_remark(struct keying *k, const struct remark *r)
{
	size_t i = (size_t)(r - k->remarks.at);

	k->remarks.n--;
	memmove(&k->remarks.at[i], &k->remarks.at[i + 1],
		(k->remarks.n - i) * sizeof(*k->remarks.at));
}

enum err keying_set_remark(struct keying *k, struct str path, struct str text)
{
	struct remark *r = find_remark(k, path);
	struct str kept;

	if (!text.n) {
		if (r)
			drop_remark(k, r);
		return ERR_NONE;
	}
	if (!r && k->remarks.n >= REMARKS_MAX)
		return ERR_TOOBIG;
	kept = arena_dup(&k->arena, str_sub(text, 0, KEYING_REMARK_MAX));
	if (!r) {
		path = arena_dup(&k->arena, path);
		r = path.p && kept.p ? vec_push(&k->remarks) : NULL;
	}
	if (!r || !kept.p)
		return ERR_NOMEM;
	*r = (struct remark){ .path = r->path.n ? r->path : path,
			      .text = kept };
	if (k->session)
		r->at = session_find(k->session, r->path);
	return ERR_NONE;
}

enum err keying_add_remark(struct keying *k, struct str path, struct str text)
{
	struct str had = keying_remark(k, path);
	struct arena a = { 0 };
	enum err rc;

	if (!text.n)
		return ERR_NONE;
	if (had.n)
		text = arena_printf(&a, "%.*s; %.*s", STR_ARG(had),
				    STR_ARG(text));
	rc = text.p ? keying_set_remark(k, path, text) : ERR_NOMEM;
	arena_release(&a);
	return rc;
}

enum err keying_remark_form(struct keying *k, struct session *s,
			    struct str text)
{
	struct arena a = { 0 };
	enum err rc = keying_add_remark(k, session_path(s, session_root(s), &a),
					text);

	arena_release(&a);
	return rc;
}

/* Those whose question is there. */
size_t keying_remark_count(const struct keying *k)
{
	size_t n = 0;

	vec_each (r, &k->remarks)
		n += r->path.n > 0;
	return n;
}

/* ---- what stays the same over a stack */
static struct str *find_lasting(const struct keying *k, struct str path)
{
	vec_each (p, &k->lasting) {
		if (str_eq(*p, path))
			return p;
	}
	return NULL;
}

bool keying_lasts(const struct keying *k, struct str path)
{
	return find_lasting(k, path) != NULL;
}

enum err keying_toggle_lasting(struct keying *k, struct str path)
{
	struct str *p = find_lasting(k, path);

	if (p) {
		*p = k->lasting.at[--k->lasting.n];
		return ERR_NONE;
	}
	if (k->lasting.n >= LASTING_MAX)
		return ERR_TOOBIG;
	path = arena_dup(&k->arena, path);
	p = path.p ? vec_push(&k->lasting) : NULL;
	if (!p)
		return ERR_NOMEM;
	*p = path;
	return ERR_NONE;
}

void keying_stroke(struct keying *k, int64_t now)
{
	int64_t since = k->last_key ? now - k->last_key : 0;

	k->n[TALLY_STROKES]++;
	/* a clock that jumped tells nothing, a pause is no work */
	if (since > 0 && since < KEYING_PAUSE_MS)
		k->n[TALLY_MS] += (uint64_t)since;
	k->last_key = now;
}

void keying_answered(struct keying *k, struct str path, struct str was,
		     struct str now)
{
	if (!was.n)
		k->n[TALLY_ANSWERS] += now.n > 0;
	/* a default is not the person's; one choice more mends nothing */
	else if (keying_reached(k, path) && !str_starts(now, was))
		k->n[TALLY_CORRECTED]++;
}

void keying_tell(struct keying *k, struct cases *c, const struct form *f)
{
	const struct sys *sys = cases_sys(c);
	struct tally w = { .worker = cases_worker(c)->code,
			   .form = form_id(f),
			   .title = form_title(f) };
	bool any = false;
	struct when at;

	when_local(sys, sys_now(sys), &at);
	w.day = when_days(at.year, at.month, at.day);
	for (size_t i = 0; i < TALLY_COUNTS; i++) {
		/* errors found belong to the first keying: verify_done() */
		if (i != TALLY_FIELDS && i != TALLY_KEYER)
			w.n[i] = k->n[i] - k->told[i];
		any = any || w.n[i];
	}
	if (any && tally_add(c, &w))
		return; /* told the next time */
	memcpy(k->told, k->n, sizeof(k->told));
}

/* ---- as bytes */
void keying_write(const struct keying *k, struct buf *out)
{
	buf_u8(out, KEYING_FORMAT);
	buf_u8(out, (uint8_t)k->mode);
	for (size_t i = 0; i < TALLY_COUNTS; i++) {
		buf_u64(out, k->n[i]);
		buf_u64(out, k->told[i]);
	}
	buf_text(out, k->verifies);
	buf_u8(out, k->changed);
	buf_u32(out, k->nth);
	buf_u32(out, (uint32_t)k->reached.n);
	vec_each (h, &k->reached)
		buf_u32(out, *h);
	buf_u32(out, (uint32_t)keying_remark_count(k));
	vec_each (r, &k->remarks) {
		if (!r->path.n)
			continue;
		buf_text(out, r->path);
		buf_text(out, r->text);
	}
	buf_u32(out, (uint32_t)k->lasting.n);
	vec_each (p, &k->lasting)
		buf_text(out, *p);
	buf_text(out, buf_str(&k->log.rows));
}

static enum err read_reached(struct keying *k, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && !r->failed; i++) {
		uint32_t *slot = i < REACHED_MAX ? vec_push(&k->reached) : NULL;

		if (!slot)
			return ERR_NOMEM;
		*slot = rd_u32(r);
	}
	return r->failed;
}

static enum err read_remarks(struct keying *k, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && !r->failed; i++) {
		struct str path = rd_text(r), text = rd_text(r);
		enum err rc = r->failed ? r->failed
					: keying_set_remark(k, path, text);

		if (rc)
			return rc;
	}
	return r->failed;
}

static enum err read_lasting(struct keying *k, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && !r->failed; i++) {
		struct str path = rd_text(r);
		enum err rc =
			r->failed ? r->failed : keying_toggle_lasting(k, path);

		if (rc)
			return rc;
	}
	return r->failed;
}

static enum err read_lists(struct keying *k, struct rd *r)
{
	enum err rc = read_reached(k, r);

	if (!rc)
		rc = read_remarks(k, r);
	if (!rc)
		rc = read_lasting(k, r);
	if (rc)
		return rc;
	k->log.rows = BUF_INIT(PARADATA_MAX);
	buf_addstr(&k->log.rows, rd_text(r));
	return rd_done(r) && !k->log.rows.failed ? ERR_NONE : ERR_CORRUPT;
}

enum err keying_read(struct keying *k, struct str bytes)
{
	struct rd r = RD_INIT(bytes);
	enum err rc = ERR_CORRUPT;
	uint8_t mode;

	keying_release(k);
	if (!bytes.n)
		return ERR_NONE;
	if (rd_u8(&r) == KEYING_FORMAT) {
		mode = rd_u8(&r);
		k->mode = mode <= KEYING_VERIFY ? (enum keying_mode)mode
						: KEYING_VISIT;
		for (size_t i = 0; i < TALLY_COUNTS; i++) {
			k->n[i] = rd_u64(&r);
			k->told[i] = rd_u64(&r);
		}
		k->verifies = arena_dup(&k->arena, rd_text(&r));
		k->changed = rd_u8(&r) != 0;
		k->nth = rd_u32(&r);
		rc = read_lists(k, &r);
	}
	if (rc)
		keying_release(k);
	return rc;
}

/* ---- in the submission */
/* The meta block: a child of the root element, in either of its namespaces. */
static struct node *meta_of(const struct tree *t)
{
	struct node *n = t->element ? t->element->first : NULL;

	while (n &&
	       !(n->kind == NODE_ELEMENT && str_is(n->name->local, "meta")))
		n = n->next;
	return n;
}

static enum err add_remark(struct tree *t, struct node *meta,
			   const struct remark *r)
{
	const struct qname *name =
		tree_name(t, STR("pilar"), STR("remark"), STR(KEYING_NS));
	const struct qname *ref = tree_name(t, STR(""), STR("ref"), STR(""));
	struct node *n = name ? node_new(t, NODE_ELEMENT, name, STR("")) : NULL;
	enum err rc;

	if (!n || !ref)
		return ERR_NOMEM;
	rc = node_set_attr(t, n, ref, r->path);
	if (!rc)
		rc = node_set_value(t, n, r->text);
	if (!rc)
		node_append(meta, n);
	return rc;
}

/* The file's name in meta/audit, and the file beside the submission. */
static enum err add_log(struct tree *t, struct node *meta,
			const struct paradata *log, struct submission *sub)
{
	struct buf file = BUF_INIT(2 * PARADATA_MAX);
	struct node *n = meta->first;
	enum err rc = ERR_NONE;

	while (n &&
	       !(n->kind == NODE_ELEMENT && str_is(n->name->local, "audit")))
		n = n->next;
	if (n) {
		rc = paradata_file(log, &file);
		if (!rc)
			rc = node_set_value(t, n, STR(PARADATA_NAME));
		if (!rc)
			sub->audit = arena_dup(&sub->arena, buf_str(&file));
	}
	buf_release(&file);
	return rc;
}

static enum err export_to(const struct keying *k, struct tree *t,
			  struct submission *sub)
{
	struct buf out = BUF_INIT(TREE_MAX_BYTES);
	struct node *meta = meta_of(t);
	enum err rc = ERR_NONE;

	vec_each (r, &k->remarks)
		if (!rc && meta && r->path.n)
			rc = add_remark(t, meta, r);
	if (!rc && meta && k->log.how.wanted)
		rc = add_log(t, meta, &k->log, sub);
	if (!rc)
		rc = tree_write(&out, t->root, NULL, NULL);
	if (!rc)
		sub->xml = arena_dup(&sub->arena, buf_str(&out));
	if (!rc && !sub->xml.p)
		rc = ERR_NOMEM;
	buf_release(&out);
	return rc;
}

enum err keying_export(const struct keying *k, struct submission *sub)
{
	struct tree *t = NULL;
	enum err rc;

	if (!keying_remark_count(k) && !k->log.how.wanted)
		return ERR_NONE;
	rc = tree_parse(&t, sub->xml, "submission", NULL);
	if (rc)
		return rc;
	rc = export_to(k, t, sub);
	tree_free(t);
	return rc;
}

enum err keying_remarks_of(struct str xml, struct arena *a, struct remark **out,
			   size_t *n)
{
	struct tree *t = NULL;
	struct node *meta, *at;
	VEC(struct remark) all = { 0 };
	enum err rc = tree_parse(&t, xml, "submission", NULL);

	*n = 0;
	if (rc)
		return rc;
	meta = meta_of(t);
	at = meta ? node_child(meta, "remark", STR(KEYING_NS)) : NULL;
	for (; at && all.n < REMARKS_MAX;
	     at = node_next(at, "remark", STR(KEYING_NS))) {
		struct remark *r = vec_push(&all);

		if (!r) {
			rc = ERR_NOMEM;
			break;
		}
		r->path = arena_dup(a, node_attr_text(at, "ref"));
		r->text = arena_dup(a, node_value(at, a));
	}
	rc = vec_give(&all, a, out, n, rc);
	tree_free(t);
	return rc;
}
