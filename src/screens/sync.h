/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_SYNC_H
#define SCREENS_SYNC_H

#include "pilar/cases.h"
#include "pilar/sync.h"
#include "pilar/ui.h"

#include "busy.h"

/* What the files of the sync screen share. */
struct sync_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct sync_status status;
	struct sync_self self;
	struct sync_office *offices;
	struct sync_device *devices; /* whose files are taken */
	size_t n_offices, n_devices, n_conflicts;
	struct arena said_arena;
	struct str said; /* what came of the last act; lines */
	struct busy busy;
	struct arena file_arena;
	char *file; /* that is being taken in */
};

/* Long work begins: what was said before goes. */
void sync_busy(struct sync_screen *y, struct ui *u, const char *doing);
/* Shows what came of it. */
void sync_said(struct sync_screen *y, struct ui *u, struct str text);
/* The folder beside the store; in the scratch of the screen. */
struct str sync_folder(const struct sync_screen *y, struct arena *a);

/* Who can open what is exported for the offices. */
struct str sync_readers(const struct sync_screen *y, struct arena *a);

/* sync_out.c: files for the offices; for somebody's device. */
void sync_put(struct screen *s, struct ui *u, const struct binding *b);
void sync_share(struct screen *s, struct ui *u, const struct binding *b);
/* sync_files.c: files that lie about, each called what it is. */
void sync_take(struct screen *s, struct ui *u, const struct binding *b);
/* sync_take.c: one of them is checked, asked about, taken in. */
void sync_look(struct sync_screen *y, struct ui *u, struct str path);
/* The acknowledgement beside the file, so that it travels back on the same
 * stick: where it is; or that it could not be written. */
struct str sync_answer(struct sync_screen *y, struct arena *a, const char *file,
		       const struct sync_incoming *in);

#endif
