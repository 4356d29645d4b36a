/* SPDX-License-Identifier: MIT */
#ifndef CASES_READINGS_H
#define CASES_READINGS_H

#include "index.h"

/* Other spellings of a folded word, with one letter exchanged: as long as it.
 * Of short words none. */
#define READINGS 8
struct readings {
	char text[READINGS][RECORD_WORD];
	size_t n;
};
void readings_of(struct str word, struct readings *r);

#endif
