/* SPDX-License-Identifier: MIT */
#include "pilar/search.h"
#include "pilar/i18n.h"

#include <stdlib.h>
#include <string.h>

#include "closed.h"
#include "compute.h"
#include "event.h"
#include "find.h"
#include "index.h"
#include "project.h"
#include "readings.h"
#include "where.h"

/* Fewer hits than rows are seen while one types: similar spellings follow. */
#define FEW 8
/* Hits of words that are looked at for what they must be. */
#define WHERE_HITS 5000
/* Of what is found, drawn at first. */
#define SCREEN_ROWS 20
/* Searches after the disk was waited for last. */
#define COLD_SEARCHES 32

struct finder {
	struct shelf *shelf;
	struct index_head head;
	uint8_t tag[STORE_TAG];
	struct index_write *writer;
	uint64_t waits; /* for the disk, when the last search began */
	unsigned cold;  /* so many searches more ask for pages ahead */
};

enum err finder_new(struct finder **out)
{
	struct finder *f = calloc(1, sizeof(*f));

	*out = f;
	if (f) {
		f->shelf = shelf_new();
		f->cold = COLD_SEARCHES;
	}
	if (f && f->shelf && !index_write_new(&f->writer, f->shelf))
		return ERR_NONE;
	finder_free(f);
	*out = NULL;
	return ERR_NOMEM;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	index_write_free(f->writer);
	shelf_free(f->shelf);
	index_head_release(&f->head);
	free(f);
}

struct index_write *finder_writer(struct finder *f)
{
	return f->writer;
}

/* ---- one search */
struct searching {
	struct cases *c;
	const struct search_query *q;
	struct index_reader ix;
	struct arena a; /* of this search */
	struct arena *out;
	struct search_result *found;
	bool again; /* what is found from now on may be there already */
	struct map seen;
};

/* Where pages are asked for ahead nobody waits: it goes on for a while. */
static void take_waits(struct finder *f)
{
	uint64_t waits = store_waits();

	if (waits != f->waits)
		f->cold = COLD_SEARCHES;
	else if (f->cold)
		f->cold--;
	f->waits = waits;
}

static enum err begin(struct searching *s, struct view *v)
{
	struct finder *f = s->c->finder;
	enum err rc;

	take_waits(f);
	rc = view_begin(v, s->c);

	if (rc)
		return rc;
	rc = index_head_get(&f->head, v->t, f->tag);
	if (rc == ERR_NOTFOUND && !txn_count(v->t, TABLE_ENTITY)) {
		index_head_release(&f->head);
		rc = ERR_NONE;
	}
	shelf_begin(f->shelf, v->t, s->c->writing);
	s->ix = (struct index_reader){ f->shelf, &f->head, v->t, f->waits,
				       f->cold > 0 };
	if (rc)
		view_end(v);
	return rc;
}

/* An index of another version is made anew, once. */
static enum err begin_current(struct searching *s, struct view *v)
{
	enum err rc = begin(s, v);

	if (rc != ERR_NOTFOUND && rc != ERR_VERSION)
		return rc;
	rc = compute_search(s->c);
	return rc ? rc : begin(s, v);
}

/* From here on hits come from several questions. */
static enum err begin_again(struct searching *s)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < s->found->n && !s->again && !rc; i++)
		rc = map_put(&s->seen, s->found->hits[i].id, s);
	s->again = true;
	return rc;
}

/* `*out` stays NULL where it is there already or no more are wanted. */
static enum err new_hit(struct searching *s, struct str dataset,
			const struct id *id, struct hit **out)
{
	struct search_result *r = s->found;
	char text[UUID_LEN + 1];
	struct hit *h;
	struct str key;

	id_text(id, text);
	if (r->n == s->q->limit ||
	    (s->again && map_get(&s->seen, str_from(text))))
		return ERR_NONE;
	h = &r->hits[r->n];
	key = arena_dup(s->out, str_from(text));
	*h = (struct hit){ .dataset = arena_dup(s->out, dataset), .id = key };
	if (!key.p || !h->dataset.p)
		return ERR_NOMEM;
	r->n++;
	*out = h;
	return s->again ? map_put(&s->seen, key, s) : ERR_NONE;
}

static enum err add_hit(struct searching *s, struct str dataset,
			const struct id *id, enum hit_how how, unsigned rank)
{
	struct hit *h = NULL;
	enum err rc = new_hit(s, dataset, id, &h);

	if (h) {
		h->how = how;
		h->rank = rank;
	}
	return rc;
}

/* Who asks for all of them wants those that are open. */
static bool is_closed(struct searching *s, const struct index_hit *h)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(s->c), h->dataset);
	struct state st;

	return dataset_row(ds, DATASET_CLOSED, 0) &&
	       !state_get(s->ix.t, h->dataset, &h->id, &s->a, &st) &&
	       st.n_shown == ds->n_shown &&
	       closed_row(ds, st.shown, st.n_shown);
}

/* What was found will be read: at once where the disk is waited for. */
static void rows_ahead(struct searching *s, const struct index_found *found,
		       size_t most)
{
	struct str keys[AHEAD_MAX];
	size_t n = 0;

	if (!index_cold(&s->ix))
		return;
	for (; n < found->n && n < most && n < AHEAD_MAX; n++) {
		struct key k = { .n = 0 };

		key_entity(&k, found->hits[n].dataset, &found->hits[n].id);
		keys[n] = arena_dup(&s->a, key_str(&k));
	}
	txn_ahead(s->ix.t, TABLE_ENTITY, keys, n);
}

static enum err ask(struct searching *s, const struct question *q,
		    enum hit_how how, struct index_found *found)
{
	enum err rc = index_ask(&s->ix, q, &s->a, found);

	/* Without words each is looked at here, else those that are drawn. */
	if (!rc)
		rows_ahead(s, found, q->n ? SCREEN_ROWS : found->n);
	for (size_t i = 0; i < found->n && !rc; i++)
		if (q->n || !is_closed(s, &found->hits[i]))
			rc = add_hit(s, found->hits[i].dataset,
				     &found->hits[i].id, how,
				     found->hits[i].rank);
	return rc;
}

/* ---- the same in another spelling */
static enum err ask_similar(struct searching *s, const struct question *q,
			    size_t word)
{
	struct readings r;
	enum err rc = ERR_NONE;

	readings_of(q->words[word], &r);
	for (size_t i = 0; i < r.n && !rc; i++) {
		struct question other = *q;
		struct index_found found = { 0 };
		size_t before = s->found->n;
		bool known = false;

		other.words[word].p = r.text[i];
		rc = index_knows(&s->ix, other.words[word], &known);
		if (!rc && known)
			rc = ask(s, &other, HIT_SIMILAR, &found);
		s->found->total += s->found->n - before;
		s->found->more |= found.more;
	}
	return rc;
}

/* All readings of all words: a cold disk is waited for once. */
static void similar_ahead(struct searching *s, const struct question *q)
{
	struct readings of[QUESTION_WORDS];
	struct str all[QUESTION_WORDS * READINGS];
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++) {
		readings_of(q->words[i], &of[i]);
		for (size_t k = 0; k < of[i].n; k++)
			all[n++] = str_of(of[i].text[k], q->words[i].n);
	}
	index_ahead(&s->ix, all, n);
}

/* ---- by what belongs to it */
static enum err add_parent(struct searching *s, const struct dataset_row *link,
			   const struct index_hit *child)
{
	char text[UUID_LEN + 1];
	struct hit *h = NULL;
	struct state st;
	struct id parent;
	enum err rc =
		state_get(s->ix.t, child->dataset, &child->id, &s->a, &st);

	/* A damaged one is not found; store check names it. */
	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	if (!id_parse(state_prop(&st, link->value), &parent))
		return ERR_NONE;
	rc = merged_last(s->ix.t,
			 datasets_find(cases_datasets(s->c), s->q->dataset),
			 &parent, &s->a);
	if (!rc)
		rc = new_hit(s, s->q->dataset, &parent, &h);
	if (rc || !h)
		return rc;
	h->how = HIT_CHILD;
	h->rank = child->rank;
	h->child_dataset = arena_dup(s->out, child->dataset);
	h->child = arena_dup(s->out, id_text(&child->id, text));
	return h->child_dataset.p && h->child.p ? ERR_NONE : ERR_NOMEM;
}

static enum err ask_children(struct searching *s, const struct question *q,
			     const struct dataset *ds,
			     const struct dataset_row *link)
{
	struct question child = *q;
	struct index_found found = { 0 };
	size_t before = s->found->n;
	enum err rc;

	child.dataset = ds->name;
	rc = index_ask(&s->ix, &child, &s->a, &found);
	if (!rc)
		rows_ahead(s, &found, found.n);
	for (size_t i = 0; i < found.n && !rc; i++)
		rc = add_parent(s, link, &found.hits[i]);
	s->found->total += s->found->n - before;
	s->found->more |= found.more || found.total > found.n;
	return rc;
}

static enum err ask_all_children(struct searching *s, const struct question *q)
{
	const struct datasets *all = cases_datasets(s->c);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *ds = datasets_at(all, i);
		const struct dataset_row *link;

		for (size_t k = 0; !rc; k++) {
			link = dataset_row(ds, DATASET_PARENT, k);
			if (!link || s->found->n == s->q->limit)
				break;
			if (str_eq(link->name, s->q->dataset))
				rc = ask_children(s, q, ds, link);
		}
	}
	return rc;
}

/* ---- all of it */
static bool few(const struct searching *s)
{
	return s->found->n < FEW && s->found->n < s->q->limit;
}

/* Nothing was asked: all there are. */
static enum err count_all(struct searching *s)
{
	const struct index_head *h = s->ix.head;
	enum err rc = ERR_NONE;

	s->found->total = 0;
	s->found->more = false;
	for (size_t i = 0; i < h->sets.n && !rc; i++) {
		uint64_t n = 0;

		if (!s->q->dataset.n ||
		    str_eq(h->sets.at[i].name, s->q->dataset))
			rc = count_get(s->ix.t, h->sets.at[i].name, &n);
		s->found->total += (size_t)n;
	}
	return rc;
}

static void question_words(struct question *q, struct str words)
{
	while (q->n < QUESTION_WORDS && str_word(&words, &q->words[q->n])) {
		q->words[q->n] = str_sub(q->words[q->n], 0, RECORD_WORD);
		q->n++;
	}
}

static void read_question(struct searching *s, struct str text,
			  struct question *q)
{
	q->dataset = s->q->dataset;
	q->limit = s->q->limit;
	question_words(q, search_fold(&s->a, text, true));
}

/* Titles and degrees that nobody wrote down are asked for in vain. */
static enum err ask_bare(struct searching *s, struct question *q,
			 struct index_found *found)
{
	struct question bare = { .dataset = q->dataset, .limit = q->limit };

	question_words(&bare, search_bare(&s->a, s->q->text));
	if (!bare.n || bare.n == q->n)
		return ERR_NONE;
	*q = bare;
	return ask(s, q, HIT_WORDS, found);
}

/* Beside the words as they are. */
static enum err search_further(struct searching *s, const struct question *q)
{
	enum err rc = begin_again(s);

	if (!rc && q->dataset.n)
		rc = ask_all_children(s, q);
	if (!rc && few(s) && index_cold(&s->ix))
		similar_ahead(s, q);
	for (size_t i = 0; i < q->n && !rc && few(s); i++)
		rc = ask_similar(s, q, i);
	return rc;
}

static enum err search(struct searching *s, struct question *q)
{
	struct index_found found = { 0 };
	enum err rc = ask(s, q, HIT_WORDS, &found);

	if (!rc && !found.n && q->n > 1)
		rc = ask_bare(s, q, &found);

	s->found->total = found.total;
	s->found->more = found.more;
	if (!rc && !q->n)
		return count_all(s);
	return rc || !few(s) ? rc : search_further(s, q);
}

/* ---- by example */
struct matching {
	struct searching *s;
	struct where *w;
	const struct dataset *ds;
	struct arena a; /* of one entity */
	bool asked;     /* there are words, too: those that left are found */
	VEC(struct by_label) found, left;
};

struct by_label {
	struct str label; /* folded */
	struct id id;
};

/* A double is none of its own. */
static bool is_double(const struct matching *m, const struct entity *e)
{
	const struct dataset_row *row = dataset_row(m->ds, DATASET_MERGED, 0);
	struct str into = STR("");
	struct id id;

	if (row)
		into = str_trim(entity_prop_of(e, row->value));
	return id_parse(into, &id) && !str_eq(into, e->id);
}

static enum err match(void *arg, const struct entity *e)
{
	struct matching *m = arg;
	struct by_label *slot;
	enum err rc = ERR_NONE;

	if (!is_double(m, e) && where_true(m->w, e, &m->a)) {
		slot = !m->asked && closed_row(m->ds, e->shown, e->n_shown)
			       ? vec_push(&m->left)
			       : vec_push(&m->found);
		if (slot)
			slot->label = search_fold(&m->s->a, e->label, false);
		rc = slot && id_parse(e->id, &slot->id) ? ERR_NONE : ERR_NOMEM;
	}
	arena_reset(&m->a);
	return rc;
}

static int by_label(const void *a, const void *b)
{
	const struct by_label *x = a, *y = b;
	int c = str_cmp(x->label, y->label);

	return c ? c : memcmp(x->id.b, y->id.b, ID_BYTES);
}

/* Of the hits of the words those that are as said, in their order. */
static enum err match_hits(struct matching *m, const struct question *q)
{
	struct searching *s = m->s;
	struct question all = *q;
	struct index_found found = { 0 };
	enum err rc;

	all.limit = WHERE_HITS;
	rc = index_ask(&s->ix, &all, &s->a, &found);
	s->found->more = found.more;
	for (size_t i = 0; i < found.n && !rc; i++) {
		const struct index_hit *h = &found.hits[i];
		struct entity e;
		struct state st;

		rc = state_get(s->ix.t, h->dataset, &h->id, &s->a, &st);
		if (!rc)
			rc = state_entity(&st, &s->a, &e);
		if (!rc)
			rc = match(m, &e);
		if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	return rc;
}

/* Those that left the lists only where nothing else is as said. */
static enum err give_matches(struct matching *m)
{
	bool left = !m->found.n;
	const struct by_label *at = left ? m->left.at : m->found.at;
	size_t n = left ? m->left.n : m->found.n;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++)
		rc = add_hit(m->s, m->s->q->dataset, &at[i].id, HIT_WORDS, 0);
	m->s->found->total = n;
	return rc;
}

static enum err search_where(struct searching *s, struct where *w,
			     const struct question *q)
{
	struct matching m = { .s = s,
			      .w = w,
			      .ds = datasets_find(cases_datasets(s->c),
						  s->q->dataset),
			      .asked = q->n > 0 };
	enum err rc = q->n ? match_hits(&m, q)
			   : cases_each(s->c, s->q->dataset, match, &m);

	if (!rc && !q->n && m.found.n)
		qsort(m.found.at, m.found.n, sizeof(*m.found.at), by_label);
	if (!rc && m.left.n)
		qsort(m.left.at, m.left.n, sizeof(*m.left.at), by_label);
	if (!rc)
		rc = give_matches(&m);
	if (!rc && !s->found->n && where_unlike(w, &w->what)) {
		w->wrong = SEARCH_UNLIKE;
		rc = ERR_INVALID;
	}
	vec_release(&m.found);
	vec_release(&m.left);
	arena_release(&m.a);
	return rc;
}

const char *search_wrong(enum search_wrong wrong)
{
	static const char *const says[] = {
		[SEARCH_RIGHT] = "",
		[SEARCH_UNKNOWN] = N_("tidak ada isian bernama itu"),
		[SEARCH_EVERYWHERE] =
			N_("isian hanya bisa ditanya di dalam satu daftar"),
		[SEARCH_EMPTY] = N_("tulis nilainya, misalnya 2 atau 1..3"),
		[SEARCH_BACKWARD] = N_("dari..sampai terbalik"),
		[SEARCH_UNLIKE] = N_("isinya bukan angka atau tanggal"),
		[SEARCH_MANY] = N_("terlalu banyak syarat"),
	};

	return *says[wrong] ? _(says[wrong]) : "";
}

enum err cases_search(struct cases *c, const struct search_query *q,
		      struct arena *a, struct search_result *out)
{
	struct searching s = { .c = c, .q = q, .out = a, .found = out };
	struct question ask = { .n = 0 };
	struct where where;
	struct view v;
	enum err rc;

	*out = (struct search_result){ 0 };
	out->hits = arena_array(a, q->limit + 1, sizeof(*out->hits));
	rc = out->hits ? begin_current(&s, &v) : ERR_NOMEM;
	if (rc)
		return rc;
	rc = where_read(&where, c, q->dataset, q->text, &s.a);
	read_question(&s, where.rest, &ask);
	if (!rc)
		rc = where.n ? search_where(&s, &where, &ask)
			     : search(&s, &ask);
	if (rc == ERR_INVALID) {
		out->wrong = where.wrong;
		out->what = arena_dup(a, where.what);
	}
	/* Who has typed nothing yet is about to. */
	if (!rc && !ask.n && index_cold(&s.ix))
		index_top(&s.ix);
	view_end(&v);
	map_release(&s.seen);
	arena_release(&s.a);
	return rc;
}
