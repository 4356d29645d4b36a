/* SPDX-License-Identifier: MIT */
#ifndef XPATH_NUMBER_H
#define XPATH_NUMBER_H

#include "pilar/arena.h"
#include "pilar/str.h"

/*
 * XPath's number(): blanks, a minus, digits with at most one dot, blanks;
 * anything else is NaN. No infinity, no locale; an exponent only as
 * number_text() writes it, so that what a form has computed reads back.
 */
double number_parse(struct str s);

/*
 * The shortest text that reads back as the same number; whole numbers below
 * 1e21 without exponent. NaN is the empty text, as in ODK Web Forms.
 */
struct str number_text(double n, struct arena *a);

#endif
