/* SPDX-License-Identifier: MIT */
#ifndef STORE_PAPER_H
#define STORE_PAPER_H

#include "pilar/store.h"

#define PAPER_BYTES 16

/* Is it a code as store_paper() draws them, in whatever way it was written? */
bool paper_parse(struct str text, uint8_t raw[PAPER_BYTES]);

#endif
