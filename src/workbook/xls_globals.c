/* SPDX-License-Identifier: MIT */
#include "xls.h"

#include "number.h"
#include "ole.h"

/* Styles and formats of a workbook; more are not looked at. */
#define MAX_STYLES 4096

struct xls_format {
	unsigned id;
	bool date;
};

bool record_at(struct str stream, size_t at, struct record *out)
{
	size_t n = le16(stream, at + 2);

	if (at + 4 > stream.n || at + 4 + n > stream.n)
		return false;
	out->type = le16(stream, at);
	out->data = str_sub(stream, at + 4, at + 4 + n);
	out->next = at + 4 + n;
	return true;
}

/* One byte a character, or two. */
static struct str narrow_or_wide(struct arena *a, struct str bytes, bool wide)
{
	char *p;

	if (wide)
		return utf16_text(a, bytes);
	p = arena_array(a, bytes.n + 1, 2);
	if (!p)
		return (struct str){ 0 };
	for (size_t i = 0; i < bytes.n; i++)
		p[2 * i] = bytes.p[i];
	return utf16_text(a, str_of(p, bytes.n * 2));
}

struct str xls_text(struct arena *a, struct str data, size_t length_bytes)
{
	size_t n = length_bytes == 2 ? le16(data, 0) : le16(data, 0) & 0xff;
	size_t at = length_bytes + 1;
	bool wide;

	if (data.n < at)
		return (struct str){ 0 };
	wide = data.p[length_bytes] & 1;
	return narrow_or_wide(a, str_sub(data, at, at + (wide ? 2 * n : n)),
			      wide);
}

/* Reads on from one record into its continuations. */
struct pieces {
	struct arena *arena;
	struct str stream, rest;
	size_t next;
	bool broken;
};

static bool piece_more(struct pieces *p)
{
	struct record r;

	while (!p->rest.n && !p->broken) {
		if (!record_at(p->stream, p->next, &r) ||
		    r.type != RECORD_CONTINUE) {
			p->broken = true;
			break;
		}
		p->rest = r.data;
		p->next = r.next;
	}
	return !p->broken;
}

static unsigned piece_byte(struct pieces *p)
{
	unsigned b;

	if (!piece_more(p))
		return 0;
	b = (unsigned char)p->rest.p[0];
	p->rest = str_sub(p->rest, 1, p->rest.n);
	return b;
}

static uint32_t piece_number(struct pieces *p, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n |= (uint32_t)piece_byte(p) << (8 * i);
	return n;
}

static void piece_skip(struct pieces *p, size_t n)
{
	while (n && piece_more(p)) {
		size_t part = n < p->rest.n ? n : p->rest.n;

		p->rest = str_sub(p->rest, part, p->rest.n);
		n -= part;
	}
}

/* Characters go on in the next record behind a byte of flags of its own. */
static void piece_chars(struct pieces *p, struct buf *out, size_t n, bool wide)
{
	while (n) {
		size_t size = wide ? 2 : 1, part;

		if (!p->rest.n)
			wide = piece_byte(p) & 1, size = wide ? 2 : 1;
		if (!piece_more(p))
			return;
		part = p->rest.n / size < n ? p->rest.n / size : n;
		if (!part) { /* half a character */
			p->broken = true;
			return;
		}
		buf_addstr(out, narrow_or_wide(p->arena,
					       str_sub(p->rest, 0, part * size),
					       wide));
		p->rest = str_sub(p->rest, part * size, p->rest.n);
		n -= part;
	}
}

static struct str piece_text(struct pieces *p)
{
	struct buf b = BUF_INIT((size_t)1 << 18);
	size_t n = piece_number(p, 2), extra = 0;
	unsigned flags = piece_byte(p);

	if (flags & 8)
		extra += (size_t)4 * piece_number(p, 2);
	if (flags & 4)
		extra += piece_number(p, 4);
	piece_chars(p, &b, n, flags & 1);
	piece_skip(p, extra);
	return buf_give(&b, p->arena);
}

static enum err strings_read(struct xls_globals *g, const struct record *r)
{
	struct pieces p = { .arena = g->arena,
			    .stream = g->stream,
			    .rest = r->data,
			    .next = r->next };
	size_t n;

	piece_skip(&p, 4);
	n = piece_number(&p, 4);
	if (n > g->stream.n / 3) /* a text takes three bytes at least */
		return ERR_CORRUPT;
	g->strings = arena_array(g->arena, n + 1, sizeof(*g->strings));
	if (!g->strings)
		return ERR_NOMEM;
	while (g->n_strings < n && !p.broken)
		g->strings[g->n_strings++] = piece_text(&p);
	return p.broken ? ERR_CORRUPT : ERR_NONE;
}

static void format_read(struct xls_globals *g, struct str data)
{
	if (g->n_formats == MAX_STYLES)
		return;
	g->formats[g->n_formats++] = (struct xls_format){
		.id = le16(data, 0),
		.date = number_is_date(
			xls_text(g->arena, str_sub(data, 2, data.n), 2)),
	};
}

static void style_read(struct xls_globals *g, struct str data)
{
	unsigned id = le16(data, 2);
	bool date = number_known_date(id);

	if (g->n_styles == MAX_STYLES)
		return;
	for (size_t i = 0; i < g->n_formats; i++)
		if (g->formats[i].id == id)
			date = g->formats[i].date;
	g->dates[g->n_styles++] = date;
}

static void sheet_read(struct xls_globals *g, struct str data)
{
	struct xls_sheet *s = &g->sheets[g->n_sheets];

	/* Charts and macros are no sheets. */
	if (g->n_sheets == ARRAY_LEN(g->sheets) || data.n < 8 || data.p[5])
		return;
	s->at = le32(data, 0);
	s->hidden = data.p[4] & 3;
	s->name = xls_text(g->arena, str_sub(data, 6, data.n), 1);
	g->n_sheets++;
}

static enum err global_record(struct xls_globals *g, const struct record *r)
{
	switch (r->type) {
	case RECORD_SHEET:
		sheet_read(g, r->data);
		break;
	case RECORD_FORMAT:
		format_read(g, r->data);
		break;
	case RECORD_XF:
		style_read(g, r->data);
		break;
	case RECORD_DATEMODE:
		g->since_1904 = le16(r->data, 0) == 1;
		break;
	case RECORD_SST:
		return g->strings ? ERR_CORRUPT : strings_read(g, r);
	default:
		break;
	}
	return ERR_NONE;
}

enum err xls_globals_read(struct xls_globals *g, struct arena *a,
			  struct str stream)
{
	struct record r;
	size_t at = 0;
	enum err rc = ERR_NONE;

	g->arena = a;
	g->stream = stream;
	g->formats = arena_array(a, MAX_STYLES, sizeof(*g->formats));
	g->dates = arena_array(a, MAX_STYLES, sizeof(*g->dates));
	if (!g->formats || !g->dates)
		return ERR_NOMEM;
	if (!record_at(stream, 0, &r) || r.type != RECORD_BOF)
		return ERR_CORRUPT;
	if (le16(r.data, 0) != 0x600)
		return ERR_VERSION;
	for (; !rc && record_at(stream, at, &r) && r.type != RECORD_EOF;
	     at = r.next)
		rc = global_record(g, &r);
	return rc;
}
