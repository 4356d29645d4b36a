/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/search.h"

#include "fold.h"
#include "index.h"

/* Digits at the end by which a number is also found. */
#define NUMBER_TAIL  6
#define RECORD_BYTES (1 + RECORD_WORDS * (RECORD_WORD + 2))

/* Steps of the rank; the length of the name fills the last byte. */
#define RANK_ORDER   0x1000u
#define RANK_PARTIAL 0x0100u

void record_begin(struct record *r)
{
	*r = (struct record){ .bytes = BUF_INIT(RECORD_BYTES) };
	buf_u8(&r->bytes, FOLD_VERSION);
}

static void add_word(struct record *r, enum dataset_search kind, struct str w)
{
	if (!w.n || r->words == RECORD_WORDS)
		return;
	w = str_sub(w, 0, RECORD_WORD);
	buf_u8(&r->bytes, (uint8_t)kind);
	buf_u8(&r->bytes, (uint8_t)w.n);
	buf_addstr(&r->bytes, w);
	r->words++;
}

/* The digits of the text as one word, and the last of them as another. */
static void add_number(struct record *r, struct str text)
{
	char digits[RECORD_WORD] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < sizeof(digits); i++)
		if (ascii_digit(text.p[i]))
			digits[n++] = text.p[i];
	add_word(r, DATASET_NUMBER, str_of(digits, n));
	if (n > NUMBER_TAIL)
		add_word(r, DATASET_NUMBER,
			 str_of(digits + n - NUMBER_TAIL, NUMBER_TAIL));
}

enum err record_add(struct record *r, enum dataset_search kind, struct str text,
		    struct arena *a)
{
	struct str folded, word;

	if (kind == DATASET_UNSEARCHED)
		return ERR_NONE;
	if (kind == DATASET_NUMBER) {
		add_number(r, text);
		return r->bytes.failed;
	}
	folded = search_fold(a, text, false);
	if (text.n && !folded.p)
		return ERR_NOMEM;
	while (str_word(&folded, &word))
		add_word(r, kind, word);
	return r->bytes.failed;
}

bool record_word(struct str record, size_t *at, enum dataset_search *kind,
		 struct str *word)
{
	size_t n;

	if (*at == 0)
		*at = 1;
	if (*at + 2 > record.n)
		return false;
	*kind = (enum dataset_search)record.p[*at];
	n = (uint8_t)record.p[*at + 1];
	if (*at + 2 + n > record.n)
		return false;
	*word = str_of(record.p + *at + 2, n);
	*at += 2 + n;
	return true;
}

void match_word(struct match *m, bool name, struct str word,
		const struct question *q)
{
	unsigned hit = 0, whole = 0;

	for (size_t i = 0; i < q->n; i++) {
		bool begins = str_starts(word, q->words[i]);

		hit |= (unsigned)begins << i;
		whole |= (unsigned)(begins && word.n == q->words[i].n) << i;
	}
	m->hit |= hit;
	m->whole |= whole;
	if (!name)
		return;
	m->length += word.n + 1;
	if (m->names < QUESTION_WORDS)
		m->first |= hit & (1u << m->names);
	m->in_order += hit >> m->in_order & 1u;
	m->names++;
}

unsigned match_rank(const struct match *m, size_t words)
{
	unsigned all = (1u << words) - 1, rank = 0, partial = 0;
	size_t length = m->length;

	if (m->hit != all)
		return RANK_NONE;
	if (!words)
		return 0;
	if (m->first != all)
		rank = m->in_order == words ? RANK_ORDER : 2 * RANK_ORDER;
	for (size_t i = 0; i < words; i++)
		partial += !(m->whole >> i & 1u);
	if (length >= RANK_PARTIAL)
		length = RANK_PARTIAL - 1;
	return rank + partial * RANK_PARTIAL + (unsigned)length;
}

unsigned record_rank(struct str record, const struct question *q)
{
	struct match m = { 0 };
	enum dataset_search kind;
	struct str word;
	size_t at = 0;

	while (record_word(record, &at, &kind, &word))
		match_word(&m, kind == DATASET_NAME, word, q);
	return match_rank(&m, q->n);
}

size_t record_name(struct str record, char out[RECORD_NAME_MAX])
{
	enum dataset_search kind;
	struct str word;
	size_t at = 0, n = 0;

	while (record_word(record, &at, &kind, &word)) {
		if (kind != DATASET_NAME || n + word.n + 1 > RECORD_NAME_MAX)
			continue;
		if (n)
			out[n++] = ' ';
		memcpy(out + n, word.p, word.n);
		n += word.n;
	}
	return n;
}
