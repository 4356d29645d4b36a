/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "index.h"
#include "sorted.h"

/* Behind ENTRY_END: which words of name and place stand first. */
#define AT    '0'
#define PAIRS (NAME_WORDS + PLACE_WORDS)

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

	if (e->n > ENTRY_FRONT)
		add(e, str_of(&c, 1));
	add(e, word);
}

static void entry_end(struct entry *e, struct str at, uint32_t number)
{
	if (!e->cut) {
		e->p[e->n++] = ENTRY_END;
		if (at.n)
			memcpy(e->p + e->n, at.p, at.n);
		e->n += at.n;
	}
	for (int i = 3; i >= 0; i--)
		e->p[e->n++] = (char)(number >> (8 * i));
}

/* ---- the entries of a record */
struct words {
	struct str name[NAME_WORDS], place[PLACE_WORDS], other[RECORD_WORDS];
	size_t n, n_place, n_other;
};

struct making {
	const struct words *w;
	size_t set;
	uint32_t number;
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
static enum err put_pair(const struct making *m, enum index_region region,
			 struct str at)
{
	const struct words *w = m->w;
	unsigned first = 0;
	struct entry e;

	entry_begin(&e, m->set, region);
	for (size_t i = 0; i < at.n; i++) {
		size_t k = (size_t)(at.p[i] - AT);

		first |= 1u << k;
		entry_word(&e, ENTRY_SEP, word_at(w, k));
	}
	add_words(&e, w->name, w->n, first, ENTRY_SEP);
	add_words(&e, w->place, w->n_place, first >> NAME_WORDS, ENTRY_REST);
	entry_end(&e, at, m->number);
	return m->each(m->arg, str_of(e.p, e.n));
}

static enum err put_pairs(const struct making *m)
{
	char all[PAIRS];
	size_t n = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < m->w->n; i++)
		all[n++] = (char)(AT + i);
	for (size_t i = 0; i < m->w->n_place; i++)
		all[n++] = (char)(AT + NAME_WORDS + i);
	if (n == 1)
		return put_pair(m, INDEX_WORDS, str_of(all, 1));
	for (size_t i = 0; i < n && !rc; i++)
		for (size_t k = 0; k < n && !rc; k++) {
			const char at[2] = { all[i], all[k] };

			if (i != k)
				rc = put_pair(m, INDEX_WORDS, str_of(at, 2));
		}
	return rc;
}

static enum err put_other(const struct making *m, size_t i)
{
	const struct words *w = m->w;
	enum entry_mark mark = w->n_place ? ENTRY_SEP : ENTRY_REST;
	struct entry e;

	entry_begin(&e, m->set, INDEX_WORDS);
	entry_word(&e, ENTRY_SEP, w->other[i]);
	if (w->n)
		add_words(&e, w->name, w->n, 0, ENTRY_OTHER);
	else
		entry_word(&e, ENTRY_OTHER, STR(""));
	add_words(&e, w->place, w->n_place, 0, ENTRY_REST);
	add_words(&e, w->other, w->n_other, (uint64_t)1 << i, mark);
	entry_end(&e, STR(""), m->number);
	return m->each(m->arg, str_of(e.p, e.n));
}

/* A record without a name has a first entry, too: it is listed. */
enum err index_entries(size_t set, uint32_t number, struct str record,
		       enum err (*each)(void *arg, struct str key), void *arg)
{
	struct words w;
	const struct making m = { &w, set, number, each, arg };
	enum err rc;

	read_words(record, &w);
	rc = put_pair(&m, INDEX_FIRST, STR(""));
	if (!rc)
		rc = put_pairs(&m);
	for (size_t i = 0; i < w.n_other && !rc; i++)
		rc = put_other(&m, i);
	return rc;
}

/* ---- taking a key apart */

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
	size_t n = 0;

	while (n < max && text.n && str_split(&text, ENTRY_SEP, &words[n]))
		n++;
	return n;
}

/* Words of name and place: those at `at`, then the rest of the name. */
static void read_pair(struct entry_view *e, struct str text, struct str at)
{
	struct str words[PAIRS];
	size_t n = read_text(text, words, PAIRS), i, next = 0;
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
	struct str text, at, rest, name;
	bool found;

	if (key.n < ENTRY_FRONT + 4)
		return false;
	e->n = e->n_other = e->number = 0;
	for (size_t i = key.n - 4; i < key.n; i++)
		e->number = e->number << 8 | (uint8_t)key.p[i];
	text = str_sub(key, ENTRY_FRONT, key.n - 4);
	at = take_behind(&text, ENTRY_END, &found);
	e->cut = !found;
	rest = take_behind(&text, ENTRY_REST, &found);
	name = take_behind(&text, ENTRY_OTHER, &e->all);
	if (e->all) {
		e->other[e->n_other++] = text;
		e->n = read_text(name, e->name, NAME_WORDS);
	} else {
		read_pair(e, text, at);
	}
	e->n_other += read_text(rest, e->other + e->n_other,
				RECORD_WORDS - e->n_other);
	return true;
}

bool entry_other(struct str key, struct str *word)
{
	bool found;

	*word = str_sub(key, ENTRY_FRONT, key.n < 4 ? 0 : key.n - 4);
	take_behind(word, ENTRY_OTHER, &found);
	return found && key.p[2] == INDEX_WORDS;
}
