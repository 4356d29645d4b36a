/* SPDX-License-Identifier: MIT */
#ifndef SYNC_KIT_H
#define SYNC_KIT_H

#include "incoming.h"

#define KIT_FORMAT "pilar-kit-1"

/* A list as one JSON object, and back; texts are lent from `j`. */
enum err list_to_json(const struct carried_list *l, struct buf *out) MUST_CHECK;
enum err list_from_json(const struct json *j, struct arena *a,
			struct carried_list *out) MUST_CHECK;

#endif
