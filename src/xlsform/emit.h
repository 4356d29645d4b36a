/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_EMIT_H
#define XLSFORM_EMIT_H

#include "conv.h"
#include "xml.h"

/* Writing the XForm: called when nothing was wrong. */
struct emit {
	struct conv *cv;
	struct xml x;
	struct itext *itexts; /* in the order they are written */
	struct str *languages;
	size_t n_languages;
};

/* itext.c. What is to be translated, found before anything is written. */
void itext_collect(struct emit *em);
void itext_write(struct emit *em);
/* Does the label of this element come from itext? the hint? the message? */
bool itext_label(const struct element *e);
bool itext_hint(const struct element *e);
bool itext_message(const struct attr *a);
/* jr:itext('/data/q:label') */
struct str itext_ref(struct conv *cv, const struct element *e, struct str what);

/* emit_model.c, emit_body.c */
void model_write(struct emit *em);
void body_write(struct emit *em);

/* instances.c: <instance> of lists, files and the last record. */
void instances_write(struct emit *em);

/* ref="/data/q": the element's path as an attribute. */
void path_attr(struct emit *em, const char *name, const struct element *e);
/* An attribute in which ${..} are paths. */
void refs_attr(struct emit *em, struct str name, struct str value,
	       const struct element *context);
/* <setvalue> or another action. */
void action_write(struct emit *em, const char *tag, const struct element *e,
		  const char *event, struct str value,
		  const struct element *context);

#endif
