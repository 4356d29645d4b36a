/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <stdio.h>

#include "pilar/i18n.h"

struct str line_place(char out[PLACE_MAX], const char *name, size_t line)
{
	const char *comma = name && line ? ", " : "";
	int n;

	if (line)
		n = snprintf(out, PLACE_MAX, _("%s%sbaris %zu"),
			     name ? name : "", comma, line);
	else
		n = snprintf(out, PLACE_MAX, "%s", name ? name : "");
	if (n < 0)
		n = 0;
	return str_of(out, n < PLACE_MAX ? (size_t)n : PLACE_MAX - 1);
}
