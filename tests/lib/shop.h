/* SPDX-License-Identifier: MIT */
#ifndef TEST_SHOP_H
#define TEST_SHOP_H

#include "stage.h"

/*
 * The screens on a store of shops: one form registers a shop, with every kind
 * of question there is on four pages, another visits it. It is Sunday 22
 * November 2026, 10.00 in Lampung.
 */
void shop_begin(struct stage *g);
/* On a screen of that size; `counting`: what is written is counted. */
void shop_begin_on(struct stage *g, bool counting, int rows, int cols);
/* Begins to register a shop. */
void shop_form(struct stage *g);

#endif
