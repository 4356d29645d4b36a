/* SPDX-License-Identifier: MIT */
#ifndef TEST_SHEETS_H
#define TEST_SHEETS_H

#include "pilar/buf.h"
#include "pilar/report.h"
#include "pilar/xlsform.h"

/* What a spreadsheet became, and what was said about it. */
struct converted {
	enum err rc;
	struct buf xform;
	struct report rep;
};

/* Under the name "coba", squashed. */
struct converted sheets_convert(const char *sheets, enum sheet_format format);
void sheets_release(struct converted *r);
/* Line breaks and indentation between elements say nothing: they go. */
void sheets_squash(struct buf *b);

#endif
