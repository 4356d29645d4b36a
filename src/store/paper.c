/* SPDX-License-Identifier: MIT */
#include "paper.h"

#include <string.h>

#include "pilar/seal.h"

/*
 * 128 bits as 26 characters of Crockford's base 32, which leaves out I, L, O
 * and U, and two more that tell a slip of the pen from a wrong code.
 */
#define CODE_CHARS  26
#define CHECK_CHARS 2
#define ALL_CHARS   (CODE_CHARS + CHECK_CHARS)
#define GROUP       4

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Five bits at `bit`, counted from the highest; beyond the end zeros. */
static unsigned five(const uint8_t *p, size_t n, size_t bit)
{
	unsigned v = 0;

	for (size_t i = bit; i < bit + 5; i++)
		v = v << 1 | (i / 8 < n ? p[i / 8] >> (7 - i % 8) & 1U : 0U);
	return v;
}

static void digits_of(const uint8_t raw[PAPER_BYTES], char out[ALL_CHARS])
{
	uint8_t sum[32];

	sha256(sum, str_of((const char *)raw, PAPER_BYTES));
	for (size_t i = 0; i < CODE_CHARS; i++)
		out[i] = digits[five(raw, PAPER_BYTES, i * 5)];
	for (size_t i = 0; i < CHECK_CHARS; i++)
		out[CODE_CHARS + i] = digits[five(sum, sizeof(sum), i * 5)];
}

void store_paper(const struct sys *sys, char out[STORE_PAPER_LEN + 1])
{
	uint8_t raw[PAPER_BYTES];
	char all[ALL_CHARS];
	size_t at = 0;

	sys->random(sys->self, raw, sizeof(raw));
	digits_of(raw, all);
	for (size_t i = 0; i < ALL_CHARS; i++) {
		if (i && i % GROUP == 0)
			out[at++] = '-';
		out[at++] = all[i];
	}
	out[at] = '\0';
	seal_wipe(raw, sizeof(raw));
	seal_wipe(all, sizeof(all));
}

/* As people write: small letters, O for nought, I and L for one. */
static int digit_of(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

bool paper_parse(struct str text, uint8_t raw[PAPER_BYTES])
{
	char typed[ALL_CHARS], meant[ALL_CHARS];
	size_t n = 0;
	bool ok;

	memset(raw, 0, PAPER_BYTES);
	for (size_t i = 0; i < text.n; i++) {
		int d = digit_of(text.p[i]);

		if (text.p[i] == '-' || text.p[i] == ' ')
			continue;
		if (d < 0 || n == ALL_CHARS)
			return false;
		for (size_t b = 0; b < 5 && n < CODE_CHARS; b++) {
			size_t bit = n * 5 + b;

			if (bit < (size_t)PAPER_BYTES * 8)
				raw[bit / 8] |= (uint8_t)((d >> (4 - b) & 1)
							  << (7 - bit % 8));
		}
		typed[n++] = digits[d];
	}
	digits_of(raw, meant);
	ok = n == ALL_CHARS && memcmp(typed, meant, ALL_CHARS) == 0;
	seal_wipe(typed, sizeof(typed));
	seal_wipe(meant, sizeof(meant));
	return ok;
}
