/* SPDX-License-Identifier: MIT */
#ifndef STORE_MAKING_H
#define STORE_MAKING_H

#include "pilar/store.h"

/* A store being made in a sibling folder: new, from a backup, or from what
 * can still be read of a damaged one. */
struct making {
	const struct store_create *how;
	struct report *rep;
	/* Puts data.mdb into `tmp` and `drafts`, with what `from` says. */
	enum err (*envs)(struct making *m);
	void *from;
	struct arena arena;
	char *folder, *tmp, *drafts;
	int lock_fd;
	bool filling; /* then the caller says what went wrong */
};
enum err making_run(struct making *m) MUST_CHECK;

#endif
