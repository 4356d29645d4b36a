/* SPDX-License-Identifier: MIT */
#include "bech32.h"

#include <stdbool.h>
#include <string.h>

#define CHECKSUM 6
/* 32 bytes are 52 letters. */
#define WORDS_MAX 64
#define HRP_MAX   24

static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, uint8_t word)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
					      0x1ea119fa, 0x3d4233dd,
					      0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ word;
	for (size_t i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

static uint32_t sum_of(const char *hrp, const uint8_t *words, size_t n)
{
	uint32_t sum = 1;

	for (const char *c = hrp; *c; c++)
		sum = step(sum, (uint8_t)((uint8_t)*c >> 5));
	sum = step(sum, 0);
	for (const char *c = hrp; *c; c++)
		sum = step(sum, (uint8_t)(*c & 31));
	for (size_t i = 0; i < n; i++)
		sum = step(sum, words[i]);
	return sum;
}

void bech32_write(struct buf *out, const char *hrp, const uint8_t *p, size_t n)
{
	uint8_t words[WORDS_MAX + CHECKSUM] = { 0 };
	size_t count = (n * 8 + 4) / 5;
	uint32_t sum;

	if (count > WORDS_MAX) {
		out->failed = ERR_TOOBIG;
		return;
	}
	for (size_t bit = 0; bit < n * 8; bit++)
		if (p[bit / 8] >> (7 - bit % 8) & 1)
			words[bit / 5] |= (uint8_t)(16 >> bit % 5);
	sum = sum_of(hrp, words, count + CHECKSUM) ^ 1;
	for (size_t i = 0; i < CHECKSUM; i++)
		words[count + i] = (uint8_t)(sum >> 5 * (5 - i) & 31);
	buf_adds(out, hrp);
	buf_addc(out, '1');
	for (size_t i = 0; i < count + CHECKSUM; i++)
		buf_addc(out, letters[words[i]]);
}

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static bool one_case(struct str text)
{
	bool small = false, large = false;

	for (size_t i = 0; i < text.n; i++) {
		small |= text.p[i] >= 'a' && text.p[i] <= 'z';
		large |= text.p[i] >= 'A' && text.p[i] <= 'Z';
	}
	return !(small && large);
}

/* The words behind "hrp1"; false unless there are `count` of them. */
static bool words_of(struct str text, const char *hrp, uint8_t *words,
		     size_t count)
{
	size_t front = strlen(hrp) + 1;

	if (text.n != front + count || !one_case(text))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = lower(text.p[i]);
		const char *found;

		if (i + 1 < front && c != hrp[i])
			return false;
		if (i + 1 == front && c != '1')
			return false;
		if (i < front)
			continue;
		found = c ? strchr(letters, c) : NULL;
		if (!found)
			return false;
		words[i - front] = (uint8_t)(found - letters);
	}
	return true;
}

enum err bech32_read(struct str text, const char *hrp, uint8_t *out, size_t n)
{
	uint8_t words[WORDS_MAX + CHECKSUM] = { 0 };
	size_t count = (n * 8 + 4) / 5;

	if (count > WORDS_MAX || strlen(hrp) > HRP_MAX)
		return ERR_TOOBIG;
	if (!words_of(text, hrp, words, count + CHECKSUM) ||
	    sum_of(hrp, words, count + CHECKSUM) != 1)
		return ERR_SYNTAX;
	memset(out, 0, n);
	for (size_t bit = 0; bit < count * 5; bit++) {
		if (!(words[bit / 5] >> (4 - bit % 5) & 1))
			continue;
		if (bit >= n * 8) /* what fills the last letter is zero */
			return ERR_SYNTAX;
		out[bit / 8] |= (uint8_t)(128 >> bit % 8);
	}
	return ERR_NONE;
}
