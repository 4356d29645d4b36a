/* SPDX-License-Identifier: MIT */
#include "pilar/utf8.h"

static uint32_t unit(struct str s, size_t at, bool big)
{
	uint32_t first, second;

	if (at + 2 > s.n)
		return 0;
	first = (unsigned char)s.p[at];
	second = (unsigned char)s.p[at + 1];
	return big ? first << 8 | second : second << 8 | first;
}

void utf8_add_utf16(struct buf *out, struct str bytes, bool big)
{
	char text[4];

	for (size_t at = 0; at + 2 <= bytes.n; at += 2) {
		uint32_t c = unit(bytes, at, big);
		uint32_t low = unit(bytes, at + 2, big);

		if (c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 &&
		    low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			at += 2;
		}
		if (c >= 0xd800 && c < 0xe000)
			c = 0xfffd;
		buf_add(out, text, utf8_encode(c, text));
	}
}

/* What Windows-1252 has between 0x80 and 0x9f, where Latin 1 has controls. */
static const uint16_t windows[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

void utf8_add_windows(struct buf *out, struct str bytes)
{
	char text[4];

	for (size_t at = 0; at < bytes.n;) {
		size_t from = at;
		uint32_t c = utf8_next(bytes, &at);

		if (c == 0xfffd && at == from + 1) {
			c = (unsigned char)bytes.p[from];
			if (c < 0xa0)
				c = windows[c - 0x80];
		}
		buf_add(out, text, utf8_encode(c, text));
	}
}
