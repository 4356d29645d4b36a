/* SPDX-License-Identifier: MIT */
#include "func.h"

typedef const struct func *(*func_family)(void);

/* Add a family here when its file is there. */
static const func_family families[] = {
	func_core,   func_nodes, func_repeat, func_string,
	func_number, func_date,  func_select, func_geo,
	func_digest, func_regex, func_random,
};

static const struct func *in_family(const struct func *rows, struct str name)
{
	for (; rows->name.n; rows++) {
		if (rows->name.n == name.n && rows->name.p[0] == name.p[0] &&
		    str_eq(rows->name, name))
			return rows;
	}
	return NULL;
}

const struct func *func_find(struct str name)
{
	const struct func *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(families) && !found && name.n; i++)
		found = in_family(families[i](), name);
	return found;
}
