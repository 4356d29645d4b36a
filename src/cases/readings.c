/* SPDX-License-Identifier: MIT */
#include "readings.h"

#include <string.h>

#define SIMILAR_LEAST 3 /* letters of a word that is read otherwise */

/* Letters that old and new spelling share: Soleh and Saleh, Jusuf and Yusuf,
 * Fitri and Pitri, Novi and Nopi, Zaenal and Jaenal, Aziz and Azis, Deni and
 * Denny. */
static const char exchanged[][2] = {
	{ 'a', 'o' }, { 'o', 'a' }, { 'j', 'y' }, { 'y', 'j' },
	{ 'f', 'p' }, { 'p', 'f' }, { 'f', 'v' }, { 'v', 'f' },
	{ 'v', 'p' }, { 'p', 'v' }, { 'z', 'j' }, { 'j', 'z' },
	{ 'z', 's' }, { 's', 'z' }, { 'i', 'y' }, { 'y', 'i' },
};

/* Only behind an n is y kept apart from i; an s is a z at the end of a name. */
static bool exchanges(struct str word, size_t at, const char pair[2])
{
	if (word.p[at] != pair[0])
		return false;
	if (pair[0] == 's')
		return at + 1 == word.n;
	if ((pair[0] == 'i' && pair[1] == 'y') ||
	    (pair[0] == 'y' && pair[1] == 'i'))
		return at > 0 && word.p[at - 1] == 'n';
	return true;
}

/* The word with one letter exchanged; false when there is none from `at` on,
 * which counts letters and, of each, pairs. */
static bool reading(struct str word, size_t *at, char out[RECORD_WORD])
{
	for (; *at < word.n * ARRAY_LEN(exchanged); (*at)++) {
		size_t letter = *at / ARRAY_LEN(exchanged);
		const char *pair = exchanged[*at % ARRAY_LEN(exchanged)];

		if (!exchanges(word, letter, pair))
			continue;
		memcpy(out, word.p, word.n);
		out[letter] = pair[1];
		(*at)++;
		return true;
	}
	return false;
}

void readings_of(struct str word, struct readings *r)
{
	size_t at = 0;

	r->n = 0;
	while (word.n >= SIMILAR_LEAST && r->n < READINGS &&
	       reading(word, &at, r->text[r->n]))
		r->n++;
}
