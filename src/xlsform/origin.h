/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_ORIGIN_H
#define XLSFORM_ORIGIN_H

#include "conv.h"

/* The path of every node of the instance, to the element it was made from. */
enum err paths_collect(struct conv *cv, struct map *by_path) MUST_CHECK;
/* "/data/umur, relevant" as sheet, row and column; else the place itself. */
struct str path_origin(const struct map *by_path, struct arena *a,
		       struct str place);

#endif
