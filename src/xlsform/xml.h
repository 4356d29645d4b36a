/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_XML_H
#define XLSFORM_XML_H

#include <stdbool.h>

#include "pilar/buf.h"
#include "pilar/str.h"

/*
 * XML as it is written: one element a line, indented, but nothing put between
 * texts. Names and values come in pairs of open and close.
 */
struct xml {
	struct buf *b;
	int depth;
	bool open;  /* the last tag still takes attributes */
	bool mixed; /* the element has text: no line break before its end */
};

void xml_open(struct xml *x, const char *tag);
void xml_open_str(struct xml *x, struct str tag);
void xml_attr(struct xml *x, const char *name, struct str value);
void xml_attr_str(struct xml *x, struct str name, struct str value);
void xml_text(struct xml *x, struct str text);
/* The buffer, for text that is escaped by whoever writes it. */
struct buf *xml_raw(struct xml *x);
void xml_close(struct xml *x, const char *tag);
void xml_close_str(struct xml *x, struct str tag);

#endif
