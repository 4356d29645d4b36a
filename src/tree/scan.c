/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include <string.h>

#include "pilar/i18n.h"
#include "pilar/tree.h"
#include "pilar/utf8.h"

#include "place.h"

/* What a tag is not counted in, and how it ends. */
static const struct {
	struct str open, close;
} opaque[] = {
	{ STR_INIT("<!--"), STR_INIT("-->") },
	{ STR_INIT("<![CDATA["), STR_INIT("]]>") },
	{ STR_INIT("<?"), STR_INIT("?>") },
};

static size_t past(struct str xml, struct str mark, size_t from)
{
	size_t at = str_find(xml, mark, from);

	return at == SIZE_MAX ? xml.n : at + mark.n;
}

static const struct str *opaque_end(struct str rest)
{
	for (size_t i = 0; i < ARRAY_LEN(opaque); i++)
		if (str_starts(rest, opaque[i].open))
			return &opaque[i].close;
	return NULL;
}

/* From a tag's '<' to behind its '>'; every attribute has one quoted value. */
static size_t tag_end(struct str xml, size_t at, size_t *attrs)
{
	*attrs = 0;
	for (at++; at < xml.n && xml.p[at] != '>'; at++) {
		const char *quote;

		if (xml.p[at] != '"' && xml.p[at] != '\'')
			continue;
		++*attrs;
		quote = memchr(xml.p + at + 1, xml.p[at], xml.n - at - 1);
		if (!quote)
			return xml.n;
		at = (size_t)(quote - xml.p);
	}
	return at;
}

/* Where a tag with too many attributes begins, or SIZE_MAX. */
static size_t crowded_tag(struct str xml)
{
	size_t attrs = 0;
	size_t at = str_find(xml, STR("<"), 0);

	while (at != SIZE_MAX) {
		struct str rest = str_sub(xml, at, xml.n);
		const struct str *close = opaque_end(rest);
		size_t end = close ? past(xml, *close, at + 2)
				   : tag_end(xml, at, &attrs);

		if (!close && attrs > TREE_MAX_ATTRS)
			return at;
		at = str_find(xml, STR("<"), end);
	}
	return SIZE_MAX;
}

static size_t line_at(struct str xml, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += xml.p[i] == '\n';
	return line;
}

/* UTF-16, UTF-32 and EBCDIC all differ in their first two bytes. */
static bool may_be_utf8(struct str xml)
{
	if (str_starts(xml, STR("\xef\xbb\xbf")))
		xml = str_sub(xml, 3, xml.n);
	xml = str_trim(xml);
	return !xml.n || (xml.p[0] == '<' && xml.n > 1 && xml.p[1] != '\0');
}

static enum err refuse(struct report *rep, enum err rc, struct str place,
		       const char *why)
{
	report_add(rep, PROBLEM_ERROR, place, "%s", why);
	return rc;
}

static enum err too_large(struct report *rep, struct str place, size_t max)
{
	report_add(rep, PROBLEM_ERROR, place,
		   _("berkas XML terlalu besar (paling besar %zu MB)"),
		   max >> 20);
	return ERR_TOOBIG;
}

enum err xml_scan(struct str xml, size_t max, const char *name,
		  struct report *rep)
{
	char place[PLACE_MAX];
	size_t at;

	if (xml.n > max)
		return too_large(rep, line_place(place, name, 0), max);
	if (!xml.n || !may_be_utf8(xml))
		return refuse(
			rep, ERR_SYNTAX, line_place(place, name, 0),
			_("berkas ini kosong, bukan XML, atau bukan UTF-8"));
	at = utf8_wrong(xml);
	if (at != SIZE_MAX)
		return refuse(rep, ERR_SYNTAX,
			      line_place(place, name, line_at(xml, at)),
			      _("ada huruf yang bukan UTF-8"));
	at = crowded_tag(xml);
	if (at != SIZE_MAX)
		return refuse(rep, ERR_TOOBIG,
			      line_place(place, name, line_at(xml, at)),
			      _("terlalu banyak atribut dalam satu elemen "
				"(paling banyak 256)"));
	return ERR_NONE;
}
