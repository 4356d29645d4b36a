/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "index.h"
#include "sorted.h"

#define PLACE '0' /* of the first word in the name, behind ENTRY_END */

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
	memcpy(e->p + e->n, s.p, s.n);
	e->n += s.n;
}

void entry_word(struct entry *e, struct str word)
{
	static const char sep = ENTRY_SEP;

	if (e->n > ENTRY_FRONT)
		add(e, str_of(&sep, 1));
	add(e, word);
}

static void entry_end(struct entry *e, const char *places, size_t n,
		      uint32_t number)
{
	if (!e->cut) {
		e->p[e->n++] = ENTRY_END;
		memcpy(e->p + e->n, places, n);
		e->n += n;
	}
	for (int i = 3; i >= 0; i--)
		e->p[e->n++] = (char)(number >> (8 * i));
}

/* ---- the entries of a record */
struct words {
	struct str name[NAME_WORDS], other[RECORD_WORDS];
	size_t n, n_other;
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

	w->n = w->n_other = 0;
	while (record_word(record, &at, &kind, &word)) {
		if (kind == DATASET_NAME && w->n < NAME_WORDS)
			w->name[w->n++] = word;
		else if (!among(w->name, w->n, word) &&
			 !among(w->other, w->n_other, word))
			w->other[w->n_other++] = word;
	}
}

static enum err rotation(const struct making *m, size_t i)
{
	const char place = (char)(PLACE + i);
	struct entry e;

	entry_begin(&e, m->set, i ? INDEX_INNER : INDEX_FIRST);
	for (size_t k = 0; k < m->w->n; k++)
		entry_word(&e, m->w->name[(i + k) % m->w->n]);
	entry_end(&e, &place, i ? 1 : 0, m->number);
	return m->each(m->arg, str_of(e.p, e.n));
}

static enum err pair(const struct making *m, size_t i, size_t j)
{
	const char places[] = { (char)(PLACE + i), (char)(PLACE + j) };
	struct entry e;

	entry_begin(&e, m->set, INDEX_INNER);
	entry_word(&e, m->w->name[i]);
	entry_word(&e, m->w->name[j]);
	for (size_t k = 0; k < m->w->n; k++)
		if (k != i && k != j)
			entry_word(&e, m->w->name[k]);
	entry_end(&e, places, 2, m->number);
	return m->each(m->arg, str_of(e.p, e.n));
}

static enum err other(const struct making *m, struct str word)
{
	struct entry e;

	entry_begin(&e, m->set, INDEX_OTHER);
	entry_word(&e, word);
	for (size_t k = 0; k < m->w->n; k++)
		entry_word(&e, m->w->name[k]);
	entry_end(&e, "", 0, m->number);
	return m->each(m->arg, str_of(e.p, e.n));
}

/* Two words that follow each other, going round, are so in a rotation. */
static enum err pairs_of(const struct making *m, size_t i)
{
	enum err rc = ERR_NONE;

	for (size_t j = i + 2; j < m->w->n && !rc; j++)
		if (i > 0 || j + 1 < m->w->n)
			rc = pair(m, i, j);
	return rc;
}

/* A record without a name has a first entry, too: it is listed. */
enum err index_entries(size_t set, uint32_t number, struct str record,
		       enum err (*each)(void *arg, struct str key), void *arg)
{
	struct words w;
	const struct making m = { &w, set, number, each, arg };
	enum err rc;

	read_words(record, &w);
	rc = rotation(&m, 0);
	for (size_t i = 1; i < w.n && !rc; i++)
		rc = rotation(&m, i);
	for (size_t i = 0; i < w.n && !rc; i++)
		rc = pairs_of(&m, i);
	for (size_t i = 0; i < w.n_other && !rc; i++)
		rc = other(&m, w.other[i]);
	return rc;
}

/* ---- taking a key apart */

/* Where the k-th word of the entry stands in the name. */
static size_t place_of(size_t k, const char *places, size_t n, size_t words)
{
	size_t i = n ? (size_t)(places[0] - PLACE) : 0, j, at = k - 2;

	if (n < 2 || k == 0)
		return (i + k) % words;
	j = (size_t)(places[1] - PLACE);
	if (k == 1)
		return j % words;
	at += at >= i;
	at += at >= j;
	return at % words;
}

bool entry_read(struct str key, struct entry_view *out)
{
	struct str words[NAME_WORDS + 1], text, word, places = { NULL, 0 };
	const char *end;
	size_t n = 0, first;

	if (key.n < ENTRY_FRONT + 4)
		return false;
	*out = (struct entry_view){ .region = (enum index_region)key.p[2] };
	for (size_t i = key.n - 4; i < key.n; i++)
		out->number = out->number << 8 | (uint8_t)key.p[i];
	text = str_sub(key, ENTRY_FRONT, key.n - 4);
	end = text.n ? memchr(text.p, ENTRY_END, text.n) : NULL;
	out->cut = !end;
	if (end) {
		size_t at = (size_t)(end - text.p);

		places = str_sub(text, at + 1, text.n);
		text = str_sub(text, 0, at);
	}
	while (n <= NAME_WORDS && text.n && str_split(&text, ENTRY_SEP, &word))
		words[n++] = word;
	first = out->region == INDEX_OTHER && n;
	if (first)
		out->other = words[0];
	out->n = n - first;
	if (out->n > NAME_WORDS)
		return false;
	for (size_t k = 0; k < out->n; k++)
		out->name[place_of(k, places.p, places.n, out->n)] =
			words[first + k];
	return true;
}
