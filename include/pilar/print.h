/* SPDX-License-Identifier: MIT */
#ifndef PILAR_PRINT_H
#define PILAR_PRINT_H

#include "pilar/doc.h"
#include "pilar/err.h"
#include "pilar/form.h"

/*
 * The blank form, to be filled in with a pen and keyed later: every question
 * with its number (item.number), the codes the screen knows it by, when it is
 * skipped, and a table for each roster. `language` is an index of the form's.
 */
enum err print_form(struct doc *d, const struct form *f,
		    size_t language) MUST_CHECK;

#endif
