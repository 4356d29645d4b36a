/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_SPECIAL_H
#define SCREENS_SPECIAL_H

#include "pilar/keying.h"

/*
 * What a person says who has no answer. An appearance word "unknown98" or
 * "refused99" says that this value means it; without a value the question stays
 * empty, and a remark says why. Other programs ignore the words, and take the
 * value as typed.
 */
enum special { SPECIAL_UNKNOWN, SPECIAL_REFUSED };

/* False: the form does not allow it there. */
bool special_value(const struct item *i, enum special which, struct str *value);
/* What was remarked before stays, and nothing is said twice. */
enum err special_remark(struct keying *k, struct str path,
			enum special which) MUST_CHECK;

#endif
