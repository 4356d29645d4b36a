/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SAX_H
#define PILAR_SAX_H

#include <stddef.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * An XML document told while it is read, for what is too large to be a tree:
 * a sheet of 100,000 rows is some 100 MB. Names are local names. The rules and
 * limits of tree.h hold, but for size and number of nodes; declarations of
 * namespaces are counted over the whole document.
 *
 * Texts are lent for the call; an attribute's value is as it was written, with
 * its references. The first failure ends the reading.
 */
struct sax_attr {
	struct str name, value;
};

struct sax_to {
	void *arg;
	enum err (*open)(void *arg, struct str name,
			 const struct sax_attr *attrs, size_t n);
	enum err (*text)(void *arg, struct str piece); /* of several, maybe */
	enum err (*close)(void *arg, struct str name);
};

#define SAX_MAX_BYTES ((size_t)128 << 20)

/* `name` stands for the document in messages. */
enum err sax_read(const struct sax_to *to, struct str xml, const char *name,
		  struct report *rep) MUST_CHECK;

#endif
