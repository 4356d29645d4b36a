/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "index.h"
#include "sorted.h"

/* Behind ENTRY_END: which words of name and place stand first; of an entry of
 * another word which of the name stands next. */
#define AT    '0'
#define PAIRS (NAME_WORDS + PLACE_WORDS)

_Static_assert(ENTRY_TEXT + 4 + ID_BYTES <= SORTED_KEY, "entries are keys");

/* ---- making a key */
void entry_begin(struct entry *e, size_t set, enum index_region region)
{
	e->p[0] = (char)(set >> 8);
	e->p[1] = (char)set;
	e->p[2] = (char)region;
	e->n = ENTRY_FRONT;
	e->cut = false;
}

static void add(struct entry *e, struct str s)
{
	size_t room = ENTRY_TEXT - e->n;

	e->cut |= s.n > room;
	if (s.n > room)
		s.n = room;
	if (s.n)
		memcpy(e->p + e->n, s.p, s.n);
	e->n += s.n;
}

void entry_word(struct entry *e, enum entry_mark mark, struct str word)
{
	char c = (char)mark;

	if (e->n > ENTRY_FRONT && (uint8_t)e->p[e->n - 1] > ENTRY_REST)
		add(e, str_of(&c, 1));
	add(e, word);
}

static void entry_end(struct entry *e, struct str at, const struct id *id)
{
	if (!e->cut) {
		e->p[e->n++] = ENTRY_END;
		if (at.n)
			memcpy(e->p + e->n, at.p, at.n);
		e->n += at.n;
	}
	memcpy(e->p + e->n, id->b, ID_BYTES);
	e->n += ID_BYTES;
}

/* ---- the entries of a record */
struct words {
	struct str name[NAME_WORDS], place[PLACE_WORDS], other[RECORD_WORDS];
	size_t n, n_place, n_other;
};

struct making {
	const struct words *w;
	size_t set;
	const struct id *id;
	enum err (*each)(void *arg, struct str key);
	void *arg;
};

static bool among(const struct str *list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

/* A word that the name has, or that came before, is found there. */
static void read_words(struct str record, struct words *w)
{
	enum dataset_search kind;
	struct str word;
	size_t at = 0;

	w->n = w->n_place = w->n_other = 0;
	while (record_word(record, &at, &kind, &word)) {
		if (kind == DATASET_NAME && w->n < NAME_WORDS)
			w->name[w->n++] = word;
		else if (among(w->name, w->n, word) ||
			 among(w->place, w->n_place, word) ||
			 among(w->other, w->n_other, word))
			continue;
		else if (kind == DATASET_PLACE && w->n_place < PLACE_WORDS)
			w->place[w->n_place++] = word;
		else
			w->other[w->n_other++] = word;
	}
}

/* Words of a list but those said, the first of them behind that mark. */
static void add_words(struct entry *e, const struct str *list, size_t n,
		      uint64_t but, enum entry_mark mark)
{
	for (size_t i = 0; i < n; i++) {
		if (but >> i & 1u)
			continue;
		entry_word(e, mark, list[i]);
		mark = ENTRY_SEP;
	}
}

static struct str word_at(const struct words *w, size_t i)
{
	return i < NAME_WORDS ? w->name[i] : w->place[i - NAME_WORDS];
}

/* The name and the places, of these those at `at` first. */
static enum err put_words(const struct making *m, struct str at)
{
	const struct words *w = m->w;
	enum entry_mark mark = ENTRY_SEP;
	const char rest = ENTRY_REST;
	unsigned first = 0;
	struct entry e;

	if (at.n == 2 && at.p[0] == AT && at.p[1] == AT + 1)
		mark = ENTRY_FIRST;
	entry_begin(&e, m->set, INDEX_NAMES);
	for (size_t i = 0; i < at.n; i++) {
		size_t k = (size_t)(at.p[i] - AT);

		first |= 1u << k;
		entry_word(&e, mark, word_at(w, k));
	}
	if (!at.n)
		add(&e, str_of(&rest, 1));
	add_words(&e, w->name, w->n, first, ENTRY_SEP);
	add_words(&e, w->place, w->n_place, first >> NAME_WORDS, ENTRY_REST);
	entry_end(&e, at, m->id);
	return m->each(m->arg, str_of(e.p, e.n));
}

/* The words of name and place: which, and which of them stood first so far. */
struct ring {
	char all[PAIRS];
	size_t n;
	unsigned led;
};

static struct str ring_word(const struct making *m, const struct ring *r,
			    size_t i)
{
	return word_at(m->w, (size_t)(r->all[i] - AT));
}

/* Any two words of the name, in both orders; a word of the place, of which
 * there are few, before each of the name; two of those as they sort. */
static bool is_pair(const struct making *m, const struct ring *r, size_t i,
		    size_t k)
{
	int order = str_cmp(ring_word(m, r, i), ring_word(m, r, k));

	if (k < m->w->n)
		return order != 0;
	return i >= m->w->n && order < 0;
}

static enum err put_pairs(const struct making *m, struct ring *r)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->n && !rc; k++) {
			const char at[2] = { r->all[i], r->all[k] };

			if (!is_pair(m, r, i, k))
				continue;
			r->led |= 1u << i;
			if (at[0] != AT || at[1] != AT + 1)
				rc = put_words(m, str_of(at, 2));
		}
	return rc;
}

/* One by which it is listed, any two words, and who did not stand first yet. */
static enum err put_names(const struct making *m)
{
	const struct words *w = m->w;
	struct ring r = { .n = 0 };
	enum err rc;

	for (size_t i = 0; i < w->n; i++)
		r.all[r.n++] = (char)(AT + i);
	for (size_t i = 0; i < w->n_place; i++)
		r.all[r.n++] = (char)(AT + NAME_WORDS + i);
	r.led = w->n > 0;
	rc = put_words(m, str_of(r.all, w->n < 2 ? w->n : 2));
	if (!rc)
		rc = put_pairs(m, &r);
	for (size_t i = 0; i < r.n && !rc; i++)
		if (!(r.led >> i & 1u))
			rc = put_words(m, str_of(r.all + i, 1));
	return rc;
}

/* The i-th other word, the k-th of the name, the rest. */
static enum err put_other(const struct making *m, size_t i, size_t k)
{
	const struct words *w = m->w;
	enum entry_mark mark = w->n_place ? ENTRY_SEP : ENTRY_REST;
	const char at = (char)(AT + k);
	struct entry e;

	entry_begin(&e, m->set, INDEX_OTHERS);
	entry_word(&e, ENTRY_SEP, w->other[i]);
	if (w->n)
		entry_word(&e, ENTRY_SEP, w->name[k]);
	add_words(&e, w->name, w->n, (uint64_t)1 << k, ENTRY_SEP);
	add_words(&e, w->place, w->n_place, 0, ENTRY_REST);
	add_words(&e, w->other, w->n_other, (uint64_t)1 << i, mark);
	entry_end(&e, str_of(&at, 1), m->id);
	return m->each(m->arg, str_of(e.p, e.n));
}

bool entry_is_number(struct str word)
{
	return word.n && ascii_digit(word.p[0]);
}

static enum err put_others(const struct making *m)
{
	const struct words *w = m->w;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < w->n_other && !rc; i++) {
		size_t k = 0;

		do
			rc = put_other(m, i, k);
		while (!rc && ++k < w->n && !entry_is_number(w->other[i]));
	}
	return rc;
}

enum err index_entries(size_t set, const struct id *id, struct str record,
		       enum err (*each)(void *arg, struct str key), void *arg)
{
	struct words w;
	const struct making m = { &w, set, id, each, arg };
	enum err rc;

	read_words(record, &w);
	rc = put_names(&m);
	return rc ? rc : put_others(&m);
}

bool index_begins_all(struct index_set *s, struct str record)
{
	struct words w;
	bool any = false;

	read_words(record, &w);
	for (size_t i = 0; i < w.n_place; i++)
		any |= index_begins_add(s, BEGINS_PLACE, w.place[i]);
	for (size_t i = 0; i < w.n_other; i++)
		any |= index_begins_add(s, BEGINS_OTHER, w.other[i]);
	return any;
}

/* ---- taking a key apart */
size_t entry_word_end(struct str key)
{
	size_t i = ENTRY_FRONT, end = key.n - ID_BYTES;

	while (i < end && (uint8_t)key.p[i] > ENTRY_REST)
		i++;
	return i;
}

bool entry_lists(struct str key)
{
	size_t end = entry_word_end(key), n = key.n - ID_BYTES;

	if (key.p[2] != INDEX_NAMES || end >= n)
		return false;
	if (key.p[end] != ENTRY_END)
		return key.p[end] != ENTRY_SEP;
	return end + 1 == n || key.p[end + 1] == AT;
}

/* What stands behind the first such mark; `text` keeps what is before it. */
static struct str take_behind(struct str *text, enum entry_mark mark,
			      bool *found)
{
	const char *at = text->n ? memchr(text->p, (int)mark, text->n) : NULL;
	size_t n = at ? (size_t)(at - text->p) : text->n;
	struct str behind = str_sub(*text, n + 1, text->n);

	*found = at;
	*text = str_sub(*text, 0, n);
	return behind;
}

static size_t read_text(struct str text, struct str *words, size_t max)
{
	size_t n = 0, from = 0;

	for (size_t i = 0; i <= text.n && n < max && text.n; i++) {
		if (i < text.n && (uint8_t)text.p[i] > ENTRY_REST)
			continue;
		words[n++] = str_of(text.p + from, i - from);
		from = i + 1;
	}
	return n;
}

/* Words of name and place: those at `at`, then the rest of the name. */
static void read_places(struct entry_view *e, const struct str *words, size_t n,
			struct str at)
{
	size_t i, next = 0;
	unsigned taken = 0;

	for (i = 0; i < at.n && i < n && i < 2; i++) {
		size_t k = (size_t)(uint8_t)(at.p[i] - AT);

		if (k >= NAME_WORDS) {
			e->other[e->n_other++] = words[i];
			continue;
		}
		e->name[k] = words[i];
		taken |= 1u << k;
		e->n++;
	}
	for (; i < n && next < NAME_WORDS; next++) {
		if (taken >> next & 1u)
			continue;
		e->name[next] = words[i++];
		e->n++;
	}
}

bool entry_read(struct str key, struct entry_view *e)
{
	struct str words[PAIRS + 1];
	struct str text, at, rest;
	bool found;
	size_t n;

	if (key.n < ENTRY_FRONT + ID_BYTES)
		return false;
	e->n = e->n_other = 0;
	memcpy(e->id.b, key.p + key.n - ID_BYTES, ID_BYTES);
	text = str_sub(key, ENTRY_FRONT, key.n - ID_BYTES);
	at = take_behind(&text, ENTRY_END, &found);
	e->cut = !found;
	rest = take_behind(&text, ENTRY_REST, &found);
	e->all = key.p[2] == INDEX_OTHERS;
	n = read_text(text, words, PAIRS + 1);
	if (e->all && n)
		e->other[e->n_other++] = words[0];
	read_places(e, words + e->all, n ? n - e->all : 0, at);
	e->n_other += read_text(rest, e->other + e->n_other,
				RECORD_WORDS - e->n_other);
	return true;
}
