/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "event.h"
#include "project.h"

/* Of each question so many are compared. */
#define CANDIDATES_MAX 40
#define NAME_MAX_WORDS 8
/* A word typed so far tells little; cut to so many letters it finds slips. */
#define STEM     3
#define WORD_MAX 64

/* What is compared: of a stored entity, or only a name that was typed. */
struct person {
	struct str id; /* empty: not stored */
	struct str words[NAME_MAX_WORDS];
	size_t n;
	const struct str *shown;
	size_t n_shown;
};

struct comparing {
	struct cases *c;
	const struct dataset *ds;
	const struct entity *self; /* NULL: only a name */
	struct person of;
	struct arena *a;
	VEC(struct alike) found;
	struct map seen;
};

static bool name_row(const struct dataset_row *r)
{
	return r->searched == DATASET_NAME;
}

static void read_words(struct person *p, struct str name, struct arena *a)
{
	struct str words = search_fold(a, name, false);

	p->n = 0;
	while (p->n < NAME_MAX_WORDS && str_word(&words, &p->words[p->n]))
		p->n++;
}

static void read_person(struct comparing *k, const struct entity *e,
			struct person *p)
{
	struct str name = e->label;

	p->id = e->id;
	p->shown = e->shown;
	p->n_shown = e->n_shown;
	for (size_t i = 0; i < k->ds->n; i++)
		if (name_row(&k->ds->rows[i]) &&
		    k->ds->rows[i].shown < e->n_shown) {
			name = e->shown[k->ds->rows[i].shown];
			break;
		}
	read_words(p, name, k->a);
}

/* ---- how far apart names are */

/* Letters to change, put in or take out; `most` at the most. */
static unsigned distance(struct str a, struct str b, unsigned most)
{
	unsigned row[WORD_MAX + 1];

	a = str_sub(a, 0, WORD_MAX);
	b = str_sub(b, 0, WORD_MAX);
	for (unsigned i = 0; i <= a.n; i++)
		row[i] = i;
	for (size_t k = 0; k < b.n; k++) {
		unsigned corner = row[0];

		row[0] = (unsigned)k + 1;
		for (size_t i = 0; i < a.n; i++) {
			unsigned up = row[i + 1];
			unsigned best = corner + (a.p[i] != b.p[k]);

			best = best < up + 1 ? best : up + 1;
			best = best < row[i] + 1 ? best : row[i] + 1;
			row[i + 1] = best;
			corner = up;
		}
	}
	return row[a.n] < most ? row[a.n] : most;
}

/* From the word to the nearest of the unused ones, which is used now; all of
 * the word when none is nearer. */
static unsigned nearest(struct str word, const struct person *y, bool *used)
{
	unsigned least = (unsigned)word.n;
	size_t at = SIZE_MAX;

	for (size_t k = 0; k < y->n; k++) {
		unsigned d =
			used[k] ? least : distance(word, y->words[k], least);

		if (d < least) {
			least = d;
			at = k;
		}
	}
	if (at != SIZE_MAX)
		used[at] = true;
	return least;
}

/* Each word against the nearest one left; what is left over counts whole. */
static unsigned name_distance(const struct person *x, const struct person *y)
{
	bool used[NAME_MAX_WORDS] = { false };
	unsigned sum = 0;

	if (x->n < y->n)
		return name_distance(y, x);
	for (size_t i = 0; i < x->n; i++)
		sum += nearest(x->words[i], y, used);
	return sum;
}

/* One letter, or two of a long name. */
static bool near(const struct person *x, unsigned d)
{
	size_t letters = 0;

	for (size_t i = 0; i < x->n; i++)
		letters += x->words[i].n;
	return d <= 1 || (letters >= 10 && d <= 2);
}

/* ---- why */
static void say(struct buf *why, const char *text)
{
	if (why->n)
		buf_adds(why, "; ");
	buf_adds(why, text);
}

static void say_same(struct buf *why, const struct dataset_row *r)
{
	say(why, "");
	buf_addf(why, _("%.*s sama"), STR_ARG(dataset_label(r)));
}

/* Rows of kind `alike`: how many agree, and whether one does not. */
static size_t agree(struct comparing *k, const struct person *p,
		    struct buf *why, bool *differ)
{
	const struct dataset_row *r;
	size_t n = 0;

	for (size_t i = 0; (r = dataset_row(k->ds, DATASET_ALIKE, i)); i++) {
		struct str a, b;

		if (r->shown >= p->n_shown || r->shown >= k->of.n_shown)
			continue;
		a = str_trim(k->of.shown[r->shown]);
		b = str_trim(p->shown[r->shown]);
		if (!a.n || !b.n)
			continue;
		if (str_eq_nocase(a, b)) {
			say_same(why, r);
			n++;
		} else {
			*differ = true;
		}
	}
	return n;
}

static bool same_unique(struct comparing *k, const struct entity *e,
			struct buf *why)
{
	const struct dataset_row *r;
	bool same = false;

	for (size_t i = 0;
	     k->self && (r = dataset_row(k->ds, DATASET_UNIQUE, i)); i++) {
		struct str a = str_trim(entity_prop_of(k->self, r->name));
		struct str b = str_trim(entity_prop_of(e, r->name));

		if (a.n && str_eq(a, b)) {
			say_same(why, r);
			same = true;
		}
	}
	return same;
}

/* Another one stands for it already. */
static bool is_double(const struct comparing *k, const struct entity *e)
{
	const struct dataset_row *r = dataset_row(k->ds, DATASET_MERGED, 0);

	return r && entity_prop_of(e, r->value).n;
}

static enum err add_found(struct comparing *k, struct alike like)
{
	struct alike *slot = vec_push(&k->found);

	if (!slot)
		return ERR_NOMEM;
	*slot = like;
	slot->id = arena_dup(k->a, like.id);
	slot->why = arena_dup(k->a, like.why);
	return slot->id.p && slot->why.p ? ERR_NONE : ERR_NOMEM;
}

static enum err compare(struct comparing *k, const struct entity *e)
{
	struct buf why = BUF_INIT((size_t)1 << 14);
	bool differ = false, unique = same_unique(k, e, &why);
	struct person p = { .n = 0 };
	struct alike like = { .id = e->id };
	size_t agreed;
	unsigned d;

	read_person(k, e, &p);
	d = name_distance(&k->of, &p);
	if (d == 0)
		say(&why, _("nama sama"));
	else if (near(&k->of, d))
		say(&why, _("nama mirip"));
	agreed = agree(k, &p, &why, &differ);
	like.why = buf_str(&why);
	like.sure = unique || agreed > 0;
	like.score = (unique ? 0 : 100) + 10 * d -
		     (unsigned)(agreed < 9 ? agreed : 9) + 10;
	if (!why.failed && (unique || (near(&k->of, d) && !differ &&
				       (like.sure || !k->self || d == 0))))
		why.failed = add_found(k, like);
	buf_release(&why);
	return why.failed;
}

/* ---- whom to compare with */
static enum err meet(struct comparing *k, struct str id)
{
	struct entity e;
	enum err rc;

	if (map_get(&k->seen, id) || (k->self && str_eq(id, k->self->id)))
		return ERR_NONE;
	id = arena_dup(k->a, id);
	rc = id.p ? map_put(&k->seen, id, k) : ERR_NOMEM;
	if (!rc)
		rc = cases_entity(k->c, k->ds->name, id, k->a, &e);
	if (!rc && !is_double(k, &e))
		rc = compare(k, &e);
	return rc == ERR_NOTFOUND || rc == ERR_CORRUPT ? ERR_NONE : rc;
}

static enum err meet_unique(struct comparing *k)
{
	const struct dataset_row *r;
	enum err rc = ERR_NONE;

	for (size_t i = 0;
	     k->self && !rc && (r = dataset_row(k->ds, DATASET_UNIQUE, i));
	     i++) {
		struct str *ids;
		size_t n;

		rc = cases_same(k->c, k->self, r->name, k->a, &ids, &n);
		for (size_t j = 0; j < n && !rc; j++)
			rc = meet(k, ids[j]);
	}
	return rc;
}

/* All words but one, each cut to its first letters or whole. */
static enum err meet_named(struct comparing *k, size_t but, size_t letters)
{
	struct search_query q = { .dataset = k->ds->name,
				  .limit = CANDIDATES_MAX };
	struct buf text = BUF_INIT((size_t)1 << 12);
	struct search_result found = { 0 };
	enum err rc;

	for (size_t i = 0; i < k->of.n; i++)
		if (i != but)
			buf_addf(&text, "%.*s ",
				 STR_ARG(str_sub(k->of.words[i], 0, letters)));
	q.text = str_trim(buf_str(&text));
	rc = q.text.n ? cases_search(k->c, &q, k->a, &found) : ERR_NONE;
	for (size_t i = 0; i < found.n && !rc; i++)
		if (found.hits[i].how != HIT_CHILD)
			rc = meet(k, found.hits[i].id);
	buf_release(&text);
	return rc;
}

static int by_score(const void *a, const void *b)
{
	const struct alike *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static enum err compare_all(struct comparing *k, struct alike **out, size_t *n)
{
	enum err rc = meet_unique(k);

	if (!rc)
		rc = meet_named(k, SIZE_MAX, SIZE_MAX);
	if (!rc)
		rc = meet_named(k, SIZE_MAX, STEM);
	for (size_t i = 0; i < k->of.n && k->of.n > 1 && !rc; i++)
		rc = meet_named(k, i, SIZE_MAX);
	*out = arena_array(k->a, k->found.n + 1, sizeof(**out));
	if (!*out)
		rc = ERR_NOMEM;
	if (!rc && k->found.n) {
		qsort(k->found.at, k->found.n, sizeof(*k->found.at), by_score);
		memcpy(*out, k->found.at, k->found.n * sizeof(**out));
	}
	*n = rc ? 0 : k->found.n;
	vec_release(&k->found);
	map_release(&k->seen);
	return rc;
}

enum err cases_alike(struct cases *c, const struct entity *e, struct arena *a,
		     struct alike **out, size_t *n)
{
	struct comparing k = { .c = c, .self = e, .a = a };

	*n = 0;
	*out = NULL;
	k.ds = datasets_find(cases_datasets(c), e->dataset);
	if (!k.ds)
		return ERR_NONE;
	read_person(&k, e, &k.of);
	return compare_all(&k, out, n);
}

enum err cases_alike_name(struct cases *c, struct str dataset, struct str name,
			  struct arena *a, struct alike **out, size_t *n)
{
	struct comparing k = { .c = c, .a = a };

	*n = 0;
	*out = NULL;
	k.ds = datasets_find(cases_datasets(c), dataset);
	if (!k.ds)
		return ERR_NONE;
	read_words(&k.of, name, a);
	return compare_all(&k, out, n);
}
