/* SPDX-License-Identifier: MIT */
#ifndef TREE_FEED_H
#define TREE_FEED_H

#include <libxml/parser.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * libxml2 as it is fed by all who read XML: no network, no files, no encoding
 * but UTF-8. The first member of whatever its handlers get as their argument.
 */
struct feed {
	struct report *report;
	const char *name; /* of the document, for messages */
	xmlParserCtxt *ctxt;
	enum err rc;
};

/* Ends the reading; `why` is said with the line it stands at. */
void feed_stop(struct feed *f, enum err rc, const char *why);
/* For `serror` of the handlers. */
void feed_error(void *arg, xmlErrorPtr e);
/* All of it; xml_scan() has let it pass. */
enum err feed_run(struct feed *f, const xmlSAXHandler *handlers,
		  struct str xml) MUST_CHECK;

#endif
