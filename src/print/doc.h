/* SPDX-License-Identifier: MIT */
#ifndef PRINT_DOC_H
#define PRINT_DOC_H

#include "pilar/doc.h"

/* One table a format; doc.c calls through it. */
struct doc_ops {
	void (*open)(struct doc *d, const char *lang, struct str title);
	void (*close)(struct doc *d);
	void (*heading)(struct doc *d, unsigned level, struct str text);
	void (*text)(struct doc *d, struct str text);
	void (*note)(struct doc *d, struct str text);
	void (*pair)(struct doc *d, struct str label, struct str value);
	void (*table)(struct doc *d, const struct doc_table *t);
	void (*bars)(struct doc *d, struct str title,
		     const struct doc_bar *bars, size_t n);
	void (*question)(struct doc *d, const struct doc_question *q);
	void (*signatures)(struct doc *d, const struct doc_signature *s,
			   size_t n);
};

const struct doc_ops *doc_text_ops(void); /* text.c */
const struct doc_ops *doc_html_ops(void); /* html.c */

/* The largest value of the bars, at least a little more than nothing. */
double doc_bars_max(const struct doc_bar *bars, size_t n);

#endif
