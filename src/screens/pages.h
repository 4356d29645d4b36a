/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_PAGES_H
#define SCREENS_PAGES_H

#include "pilar/arena.h"
#include "pilar/session.h"
#include "pilar/vec.h"

/*
 * A form as pages: a top-level group or a field-list is one page, questions
 * outside of groups make one, a repeat is one with a table of its instances.
 * Inside an instance there are pages again; which instance we are inside of is
 * the scope.
 */
struct page {
	const struct item *group;  /* whose label heads it; may be NULL */
	const struct item *repeat; /* a table of instances, or NULL */
	struct ref near;           /* a node in it; of a repeat: its holder */
	size_t first, end;         /* steps */
	unsigned depth;            /* of its group's step */
	bool open;                 /* still growing while being made */
};

struct pages {
	struct arena arena;
	struct step *steps; /* of the whole form */
	size_t n_steps;
	VEC(struct page) list; /* of the scope */
	VEC(struct ref) scope; /* instances from the outside in */
};

/* Walks the form and makes the pages of the scope; what is gone leaves it. */
enum err pages_make(struct pages *p, struct session *s) MUST_CHECK;
void pages_release(struct pages *p);

/* The innermost instance, or REF_NONE at the root. */
struct ref pages_instance(const struct pages *p);
enum err pages_enter(struct pages *p, struct session *s,
		     struct ref instance) MUST_CHECK;
enum err pages_leave(struct pages *p, struct session *s) MUST_CHECK;
/*
 * Makes the scope that of the question (or repeat) with this path and answers
 * its page and step. ERR_NOTFOUND: nothing changes.
 */
struct place {
	size_t page, step;
};
enum err pages_find(struct pages *p, struct session *s, struct str path,
		    struct place *out) MUST_CHECK;
/* "/data/anggota": the path that stands for a table of instances. */
struct str pages_repeat_path(struct session *s, const struct page *p,
			     struct arena *a);
/* The step of the innermost instance around step `i`, or SIZE_MAX. */
size_t pages_row_of(const struct pages *p, size_t i);
/* Notes and what cannot be answered are shown, not asked. */
bool pages_asks(struct session *s, const struct step *step, struct ref fixed);

#endif
