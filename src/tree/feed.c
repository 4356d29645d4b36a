/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include <stdio.h>

#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include "pilar/i18n.h"

#include "place.h"

#define CHUNK ((size_t)64 << 10)

void feed_stop(struct feed *f, enum err rc, const char *why)
{
	char place[PLACE_MAX];
	size_t line = 0;

	if (f->rc)
		return;
	f->rc = rc;
	if (f->ctxt->input && f->ctxt->input->line > 0)
		line = (size_t)f->ctxt->input->line;
	if (why)
		report_add(f->report, PROBLEM_ERROR,
			   line_place(place, f->name, line), "%s", why);
	xmlStopParser(f->ctxt);
}

/* What libxml2 calls by number, in words. */
static const struct {
	int code;
	const char *text;
} reasons[] = {
	{ XML_ERR_DOCUMENT_EMPTY, N_("berkas ini kosong atau bukan XML") },
	{ XML_ERR_TAG_NAME_MISMATCH,
	  N_("tag penutup tidak cocok dengan tag pembuka") },
	{ XML_ERR_TAG_NOT_FINISHED, N_("ada tag yang tidak ditutup") },
	{ XML_ERR_GT_REQUIRED, N_("tanda > hilang") },
	{ XML_ERR_LT_IN_ATTRIBUTE, N_("tanda < di dalam atribut") },
	{ XML_ERR_ATTRIBUTE_NOT_STARTED, N_("nilai atribut tanpa kutip") },
	{ XML_ERR_ATTRIBUTE_NOT_FINISHED,
	  N_("nilai atribut tidak ditutup kutip") },
	{ XML_ERR_ATTRIBUTE_REDEFINED, N_("atribut ditulis dua kali") },
	{ XML_ERR_UNDECLARED_ENTITY, N_("entitas yang tidak dikenal") },
	{ XML_WAR_UNDECLARED_ENTITY, N_("entitas yang tidak dikenal") },
	{ XML_ERR_ENTITYREF_SEMICOL_MISSING,
	  N_("tanda & harus ditulis &amp;") },
	{ XML_ERR_NAME_REQUIRED, N_("nama elemen atau atribut hilang") },
	{ XML_ERR_INVALID_CHAR, N_("ada huruf yang tidak boleh dalam XML") },
	{ XML_ERR_DOCUMENT_END, N_("ada isi sesudah akhir dokumen") },
	{ XML_NS_ERR_UNDEFINED_NAMESPACE,
	  N_("awalan nama tanpa xmlns (namespace tidak dikenal)") },
};

static const char *reason(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].code == code)
			return _(reasons[i].text);
	return NULL;
}

void feed_error(void *arg, xmlErrorPtr e)
{
	struct feed *f = arg;
	const char *known = reason(e->code);
	struct str text = str_trim(str_from(e->message));
	char line[PLACE_MAX];

	if (e->level == XML_ERR_WARNING)
		return;
	if (known) {
		feed_stop(f, ERR_SYNTAX, known);
		return;
	}
	text = str_sub(text, 0, PLACE_MAX / 2);
	snprintf(line, sizeof(line), _("XML tidak benar (%.*s)"),
		 STR_ARG(text));
	feed_stop(f, ERR_SYNTAX, line);
}

static xmlParserInput *no_files(const char *url, const char *id,
				xmlParserCtxt *ctxt)
{
	(void)url;
	(void)id;
	(void)ctxt;
	return NULL;
}

/*
 * In pieces, since libxml2 refuses to look 10,000,000 bytes ahead or back in
 * what it holds at a time.
 */
static void feed_pieces(struct feed *f, struct str xml)
{
	int failed = 0;

	for (size_t at = 0; at < xml.n && !failed && !f->rc; at += CHUNK) {
		struct str piece = str_sub(xml, at, at + CHUNK);

		failed = xmlParseChunk(f->ctxt, piece.p, (int)piece.n,
				       at + CHUNK >= xml.n);
	}
	if (!f->rc && (failed || !f->ctxt->wellFormed))
		feed_stop(f, ERR_SYNTAX, _("XML tidak benar"));
}

enum err feed_run(struct feed *f, const xmlSAXHandler *handlers, struct str xml)
{
	xmlSAXHandler sax = *handlers;

	xmlSetExternalEntityLoader(no_files);
	f->ctxt = xmlCreatePushParserCtxt(&sax, f, NULL, 0, NULL);
	if (!f->ctxt)
		return ERR_NOMEM;
	xmlCtxtUseOptions(f->ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	feed_pieces(f, xml);
	xmlFreeDoc(f->ctxt->myDoc);
	xmlFreeParserCtxt(f->ctxt);
	return f->rc;
}
