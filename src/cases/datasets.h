/* SPDX-License-Identifier: MIT */
#ifndef CASES_DATASETS_H
#define CASES_DATASETS_H

#include "pilar/dataset.h"
#include "pilar/vec.h"

/* Made by dataset_read.c, asked by dataset.c. */
struct datasets {
	struct arena arena; /* names, rows, texts */
	VEC(struct dataset) list;
};

/* Its place among the texts kept, in the language of the messages. */
size_t dataset_shown(const struct dataset_row *r);

#endif
