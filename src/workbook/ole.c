/* SPDX-License-Identifier: MIT */
#include "ole.h"

#include "pilar/buf.h"
#include "pilar/utf8.h"

#define END_OF_CHAIN 0xfffffffeU
#define SECTORS_MAX  0xfffffffaU
#define ENTRY_BYTES  128
/* Places of the sector table's own sectors that stand in the header. */
#define HEADER_TABLE 109

uint16_t le16(struct str s, size_t at)
{
	if (at + 2 > s.n)
		return 0;
	return (uint16_t)((unsigned char)s.p[at] | (unsigned char)s.p[at + 1]
							   << 8);
}

uint32_t le32(struct str s, size_t at)
{
	return (uint32_t)le16(s, at) | (uint32_t)le16(s, at + 2) << 16;
}

struct str utf16_text(struct arena *a, struct str bytes)
{
	struct buf b = BUF_INIT(bytes.n * 2 + 4);

	utf8_add_utf16(&b, bytes, false);
	return buf_give(&b, a);
}

struct ole {
	struct arena *arena;
	struct str file;
	size_t sector, mini_sector, cutoff;
	struct str table, mini_table, mini;
};

/* Sector 0 stands behind the header, which has a sector to itself. */
static struct str sector_at(const struct ole *o, uint32_t n)
{
	size_t from = ((size_t)n + 1) * o->sector;

	if (n > SECTORS_MAX || from >= o->file.n)
		return (struct str){ 0 };
	return str_sub(o->file, from, from + o->sector);
}

static struct str mini_at(const struct ole *o, uint32_t n)
{
	size_t from = (size_t)n * o->mini_sector;

	if (n > SECTORS_MAX || from >= o->mini.n)
		return (struct str){ 0 };
	return str_sub(o->mini, from, from + o->mini_sector);
}

typedef struct str (*sector_of)(const struct ole *o, uint32_t n);

/* The sectors of a chain, one behind the other; a chain that bites its tail
 * ends where all of the file would have been read. */
static enum err chain(const struct ole *o, struct str table, uint32_t n,
		      sector_of at, struct str *out)
{
	struct buf b = BUF_INIT(o->file.n);
	enum err rc;

	while (n != END_OF_CHAIN && !b.failed) {
		struct str s = at(o, n);

		if (!s.n || (size_t)n * 4 + 4 > table.n) {
			b.failed = ERR_CORRUPT;
			break;
		}
		buf_addstr(&b, s);
		n = le32(table, (size_t)n * 4);
	}
	*out = arena_dup(o->arena, buf_str(&b));
	rc = b.failed == ERR_TOOBIG ? ERR_CORRUPT : b.failed;
	buf_release(&b);
	return rc;
}

static enum err table_read(struct ole *o)
{
	struct buf b = BUF_INIT(o->file.n);
	uint32_t sectors = le32(o->file, 44);

	if (sectors > HEADER_TABLE)
		return ERR_TOOBIG;
	for (uint32_t i = 0; i < sectors; i++)
		buf_addstr(&b, sector_at(o, le32(o->file, 76 + i * 4)));
	o->table = buf_give(&b, o->arena);
	return o->table.n ? ERR_NONE : ERR_CORRUPT;
}

static bool entry_is(struct arena *a, struct str entry, const char *name)
{
	size_t n = le16(entry, 64);

	return n >= 2 && n <= 64 &&
	       str_eq_nocase(utf16_text(a, str_sub(entry, 0, n - 2)),
			     str_from(name));
}

static enum err ole_open(struct ole *o)
{
	static const char magic[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	unsigned shift = le16(o->file, 30), mini = le16(o->file, 32);

	if (!str_starts(o->file, str_of(magic, 8)) || o->file.n < 512 ||
	    (shift != 9 && shift != 12) || mini < 2 || mini >= shift)
		return ERR_CORRUPT;
	o->sector = (size_t)1 << shift;
	o->mini_sector = (size_t)1 << mini;
	o->cutoff = le32(o->file, 56);
	return table_read(o);
}

/* Small streams share the stream of the root, the first entry. */
static enum err mini_open(struct ole *o, struct str root)
{
	uint32_t first = le32(o->file, 60);
	enum err rc;

	rc = chain(o, o->table, le32(root, 116), sector_at, &o->mini);
	if (!rc)
		rc = chain(o, o->table, first, sector_at, &o->mini_table);
	return rc;
}

static enum err entry_read(struct ole *o, struct str root, struct str entry,
			   struct str *out)
{
	size_t size = le32(entry, 120);
	uint32_t first = le32(entry, 116);
	enum err rc;

	*out = (struct str){ 0 };
	if (size >= o->cutoff) {
		rc = chain(o, o->table, first, sector_at, out);
	} else {
		rc = mini_open(o, root);
		if (!rc)
			rc = chain(o, o->mini_table, first, mini_at, out);
	}
	*out = str_sub(*out, 0, size);
	return rc;
}

enum err ole_stream(struct arena *a, struct str file, const char *name,
		    struct str *out)
{
	struct ole o = { .arena = a, .file = file };
	struct str entries = { 0 };
	enum err rc = ole_open(&o);

	if (!rc)
		rc = chain(&o, o.table, le32(file, 48), sector_at, &entries);
	for (size_t at = 0; !rc && at + ENTRY_BYTES <= entries.n;
	     at += ENTRY_BYTES) {
		struct str entry = str_sub(entries, at, at + ENTRY_BYTES);

		if (entry.p[66] == 2 && entry_is(a, entry, name))
			return entry_read(&o, str_sub(entries, 0, ENTRY_BYTES),
					  entry, out);
	}
	return rc ? rc : ERR_NOTFOUND;
}
