/* SPDX-License-Identifier: MIT */
#ifndef WORKBOOK_XLSX_TEXT_H
#define WORKBOOK_XLSX_TEXT_H

#include "pilar/buf.h"
#include "pilar/sax.h"

/*
 * Texts while the XML is told: those of <t> (and of <v> in a cell), but not
 * those that say how to pronounce it (<rPh>). One byte more than a cell may
 * have is kept: whoever reads cells complains.
 */
struct xlsx_text {
	struct buf got;
	bool on;       /* inside one of them */
	size_t spoken; /* depth of <rPh> */
};

void xlsx_text_open(struct xlsx_text *t, struct str name);
void xlsx_text_add(struct xlsx_text *t, struct str piece);
void xlsx_text_close(struct xlsx_text *t, struct str name);

#endif
