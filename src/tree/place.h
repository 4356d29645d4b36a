/* SPDX-License-Identifier: MIT */
#ifndef TREE_PLACE_H
#define TREE_PLACE_H

#include <stddef.h>

#include "pilar/str.h"

/* "form.xml, baris 12" for a report; without name or line (0) what is left. */
#define PLACE_MAX 300
struct str line_place(char out[PLACE_MAX], const char *name, size_t line);

#endif
