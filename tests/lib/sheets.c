/* SPDX-License-Identifier: MIT */
#include "sheets.h"

void sheets_squash(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (b->p[i] != '\n') {
			b->p[n++] = b->p[i];
			continue;
		}
		while (i + 1 < b->n && b->p[i + 1] == ' ')
			i++;
	}
	b->n = n;
	b->p[n] = '\0';
}

struct converted sheets_convert(const char *sheets, enum sheet_format format)
{
	struct converted r = { .xform = BUF_INIT(1 << 20) };

	r.rc = xlsform_convert(str_from(sheets), format, STR("coba"), &r.xform,
			       &r.rep);
	if (r.xform.n)
		sheets_squash(&r.xform);
	return r;
}

void sheets_release(struct converted *r)
{
	buf_release(&r->xform);
	report_release(&r->rep);
}
