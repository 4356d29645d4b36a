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

#endif
