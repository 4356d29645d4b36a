/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "index_tables.h"

/* First bytes of a word as one number. */
#define HEAD_BYTES 8
/* Documents and posts are counted in 31 bits. */
#define DOCS_MAX ((size_t)1 << 24)

struct index *index_new(void)
{
	return calloc(1, sizeof(struct index));
}

static void forget_fresh(struct index *ix)
{
	vec_reset(&ix->fresh);
	map_release(&ix->fresh_by_id);
	arena_reset(&ix->arena);
}

void index_free(struct index *ix)
{
	if (!ix)
		return;
	forget_fresh(ix);
	vec_release(&ix->fresh);
	arena_release(&ix->arena);
	arena_release(&ix->t.arena);
	free(ix);
}

size_t index_waiting(const struct index *ix)
{
	return ix->fresh.n;
}

static struct str id_str(const uint8_t *id)
{
	return str_of((const char *)id, INDEX_ID);
}

/* ---- taking entities in and out */
static int by_id(const void *a, const void *b)
{
	const struct by_id *x = a, *y = b;

	return memcmp(x->doc->id, y->doc->id, INDEX_ID);
}

static enum err need_by_id(struct tables *t)
{
	if (t->by_id || !t->n_docs)
		return ERR_NONE;
	t->by_id = arena_array(&t->arena, t->n_docs, sizeof(*t->by_id));
	if (!t->by_id)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < t->n_docs; i++)
		t->by_id[i].doc = &t->docs[i];
	qsort(t->by_id, t->n_docs, sizeof(*t->by_id), by_id);
	return ERR_NONE;
}

static struct doc *find_doc(struct tables *t, const uint8_t *id)
{
	size_t lo = 0, hi = t->by_id ? t->n_docs : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct doc *d = t->by_id[mid].doc;
		int c = memcmp(d->id, id, INDEX_ID);

		if (!c)
			return d;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static void kill_doc(struct tables *t, struct doc *d)
{
	uint32_t at = (uint32_t)(d - t->docs);

	if (t->dead[at])
		return;
	t->dead[at] = true;
	for (size_t i = 0; i < t->n_sets; i++)
		if (at >= t->sets[i].from && at < t->sets[i].to)
			t->sets[i].dead++;
}

static struct fresh *find_fresh(struct index *ix, const uint8_t *id)
{
	uintptr_t n = (uintptr_t)map_get(&ix->fresh_by_id, id_str(id));

	return n ? &ix->fresh.at[n - 1] : NULL;
}

void index_del(struct index *ix, const uint8_t id[INDEX_ID])
{
	struct fresh *f = find_fresh(ix, id);
	struct doc *d;

	if (f)
		f->dead = true;
	if (need_by_id(&ix->t))
		return;
	d = find_doc(&ix->t, id);
	if (d)
		kill_doc(&ix->t, d);
}

static enum err new_fresh(struct index *ix, const uint8_t *id,
			  struct fresh **out)
{
	struct fresh *f = vec_push(&ix->fresh);

	if (!f)
		return ERR_NOMEM;
	f->id = arena_alloc(&ix->arena, INDEX_ID);
	if (!f->id) {
		ix->fresh.n--;
		return ERR_NOMEM;
	}
	memcpy(f->id, id, INDEX_ID);
	f->dead = true;
	*out = f;
	return map_put(&ix->fresh_by_id, id_str(f->id),
		       (void *)(uintptr_t)ix->fresh.n);
}

/* Neighbours mostly share a dataset: one text for all of them. */
static struct str same_dataset(struct index *ix, const struct fresh *f,
			       struct str dataset)
{
	if (f > ix->fresh.at && str_eq(f[-1].dataset, dataset))
		return f[-1].dataset;
	return arena_dup(&ix->arena, dataset);
}

enum err index_put(struct index *ix, struct str dataset,
		   const uint8_t id[INDEX_ID], struct str record)
{
	struct fresh *f;
	struct doc *d;
	enum err rc = need_by_id(&ix->t);

	if (rc)
		return rc;
	f = find_fresh(ix, id);
	if (!f)
		rc = new_fresh(ix, id, &f);
	if (rc)
		return rc;
	f->dataset = same_dataset(ix, f, dataset);
	f->record = arena_dup(&ix->arena, record);
	if (!f->dataset.p || !f->record.p)
		return ERR_NOMEM;
	f->dead = false;
	d = find_doc(&ix->t, id);
	if (d)
		kill_doc(&ix->t, d);
	return ERR_NONE;
}

/* ---- sorting in */
static uint64_t head_of(struct str s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < HEAD_BYTES; i++)
		h = h << 8 | (i < s.n ? (uint8_t)s.p[i] : 0);
	return h;
}

struct source {
	struct str dataset, record, name;
	uint64_t head; /* of the name, so that most are told apart by it */
	const uint8_t *id;
};

struct sources {
	struct arena arena;
	struct source *at;
	size_t n;
};

static enum err add_source(struct sources *s, struct str dataset,
			   const uint8_t *id, struct str record)
{
	char name[RECORD_NAME_MAX];
	struct source *src = &s->at[s->n];
	size_t n = record_name(record, name);

	src->name = arena_dup(&s->arena, str_of(name, n));
	src->head = head_of(src->name);
	src->dataset = dataset;
	src->record = record;
	src->id = id;
	s->n++;
	return src->name.p ? ERR_NONE : ERR_NOMEM;
}

static enum err gather(const struct index *ix, struct sources *s)
{
	enum err rc = ERR_NONE;

	s->at = arena_array(&s->arena, ix->t.n_docs + ix->fresh.n + 1,
			    sizeof(*s->at));
	if (!s->at)
		return ERR_NOMEM;
	for (size_t k = 0; k < ix->t.n_sets; k++) {
		const struct index_set *set = &ix->t.sets[k];

		for (uint32_t i = set->from; i < set->to && !rc; i++) {
			const struct doc *d = &ix->t.docs[i];

			if (!ix->t.dead[i])
				rc = add_source(s, set->name, d->id,
						str_of(d->record, d->record_n));
		}
	}
	for (size_t i = 0; i < ix->fresh.n && !rc; i++) {
		const struct fresh *f = &ix->fresh.at[i];

		if (!f->dead)
			rc = add_source(s, f->dataset, f->id, f->record);
	}
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	int c = x->dataset.p == y->dataset.p ? 0
					     : str_cmp(x->dataset, y->dataset);

	if (!c && x->head != y->head)
		return x->head < y->head ? -1 : 1;
	if (!c)
		c = str_cmp(x->name, y->name);
	return c ? c : memcmp(x->id, y->id, INDEX_ID);
}

/* A word of a document while words are sorted. */
struct entry {
	uint64_t head; /* its first 8 bytes, so that most are told apart */
	const char *p;
	uint32_t doc, at; /* where it stands in word_of */
	uint8_t n, flags;
};

static int by_word(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	if (x->n > HEAD_BYTES || y->n > HEAD_BYTES || x->n != y->n) {
		c = str_cmp(str_of(x->p, x->n), str_of(y->p, y->n));
		if (c)
			return c;
	}
	return x->at < y->at ? -1 : x->at > y->at;
}

struct building {
	struct tables t;
	VEC(struct entry) entries;
};

static enum err add_words(struct building *b, struct doc *d, uint32_t number)
{
	struct str record = str_of(d->record, d->record_n), word;
	enum dataset_search kind;
	size_t at = 0, names = 0, length = 0;

	d->words = (uint32_t)b->entries.n;
	while (record_word(record, &at, &kind, &word)) {
		struct entry *e = vec_push(&b->entries);

		if (!e)
			return ERR_NOMEM;
		*e = (struct entry){ .head = head_of(word),
				     .p = word.p,
				     .n = (uint8_t)word.n,
				     .doc = number,
				     .at = (uint32_t)b->entries.n - 1 };
		d->n_words++;
		if (kind != DATASET_NAME)
			continue;
		e->flags = names++ ? POST_NAME : POST_NAME | POST_FIRST;
		length += word.n + 1;
	}
	b->t.lengths[number] =
		(uint8_t)(length < RANK_LENGTH_MAX ? length : RANK_LENGTH_MAX);
	return ERR_NONE;
}

static enum err add_doc(struct building *b, const struct source *src)
{
	struct tables *t = &b->t;
	struct doc *d = &t->docs[t->n_docs];
	struct str record = arena_dup(&t->arena, src->record);
	struct index_set *set;

	if (!record.p)
		return ERR_NOMEM;
	if (!t->n_sets || !str_eq(t->sets[t->n_sets - 1].name, src->dataset)) {
		set = &t->sets[t->n_sets++];
		set->name = arena_dup(&t->arena, src->dataset);
		set->from = t->n_docs;
	}
	memcpy(d->id, src->id, INDEX_ID);
	d->record = record.p;
	d->record_n = (uint16_t)record.n;
	t->sets[t->n_sets - 1].to = t->n_docs + 1;
	return add_words(b, d, t->n_docs++);
}

static size_t count_sets(const struct sources *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += !i || !str_eq(s->at[i].dataset, s->at[i - 1].dataset);
	return n;
}

static bool alloc_words(struct tables *t, size_t n)
{
	t->tokens = arena_array(&t->arena, n + 1, sizeof(*t->tokens));
	t->posts_from = arena_array(&t->arena, n + 2, sizeof(*t->posts_from));
	t->posts = arena_array(&t->arena, n + 1, sizeof(*t->posts));
	t->flags = arena_array(&t->arena, n + 1, sizeof(*t->flags));
	t->word_of = arena_array(&t->arena, n + 1, sizeof(*t->word_of));
	return t->tokens && t->posts_from && t->posts && t->flags && t->word_of;
}

static void add_post(struct tables *t, const struct entry *e, uint32_t at)
{
	struct str word = str_of(e->p, e->n);
	uint32_t last = t->n_tokens - 1;

	if (!t->n_tokens ||
	    !str_eq(word, str_of(t->tokens[last].p, t->tokens[last].n))) {
		last = t->n_tokens++;
		t->tokens[last] = (struct token){ e->p, e->n };
		t->posts_from[last] = at;
	}
	t->posts[at] = e->doc;
	t->flags[at] = e->flags;
	t->word_of[e->at] = last | (e->flags ? WORD_IS_NAME : 0);
}

static enum err sort_words(struct building *b)
{
	size_t n = b->entries.n;

	if (!alloc_words(&b->t, n))
		return ERR_NOMEM;
	if (n)
		qsort(b->entries.at, n, sizeof(*b->entries.at), by_word);
	for (size_t i = 0; i < n; i++)
		add_post(&b->t, &b->entries.at[i], (uint32_t)i);
	b->t.posts_from[b->t.n_tokens] = (uint32_t)n;
	return ERR_NONE;
}

static enum err build(struct building *b, struct sources *s)
{
	struct tables *t = &b->t;
	enum err rc = ERR_NONE;

	if (s->n > DOCS_MAX)
		return ERR_TOOBIG;
	if (s->n)
		qsort(s->at, s->n, sizeof(*s->at), by_name);
	t->docs = arena_array(&t->arena, s->n + 1, sizeof(*t->docs));
	t->seen = arena_array(&t->arena, s->n + 1, sizeof(*t->seen));
	t->sets = arena_array(&t->arena, count_sets(s) + 1, sizeof(*t->sets));
	t->lengths = arena_array(&t->arena, s->n + 1, sizeof(*t->lengths));
	t->dead = arena_array(&t->arena, s->n + 1, sizeof(*t->dead));
	if (!t->docs || !t->seen || !t->sets || !t->lengths || !t->dead)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->n && !rc; i++)
		rc = add_doc(b, &s->at[i]);
	return rc ? rc : sort_words(b);
}

enum err index_settle(struct index *ix)
{
	struct sources s = { 0 };
	struct building b = { 0 };
	enum err rc;

	if (!ix->fresh.n)
		return ERR_NONE;
	rc = gather(ix, &s);
	if (!rc)
		rc = build(&b, &s);
	vec_release(&b.entries);
	if (!rc) {
		arena_release(&ix->t.arena);
		ix->t = b.t;
		forget_fresh(ix);
	} else {
		arena_release(&b.t.arena);
	}
	arena_release(&s.arena);
	return rc;
}
