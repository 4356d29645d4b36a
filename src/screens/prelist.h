/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_PRELIST_H
#define SCREENS_PRELIST_H

#include "pilar/prelist.h"
#include "pilar/ui.h"

#include "busy.h"

/* A list of the office: into which list here, from which file, and where its
 * columns go. What the files of this screen share. */
struct prelist_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;   /* of the file */
	struct str dataset;   /* empty: not chosen */
	char *path;           /* NULL: not chosen */
	struct prelist *list; /* NULL: not read */
	struct rows rows;
	struct arena said_arena;
	struct str said;
	struct prelist_done done;
	bool ran; /* `done` and its refusals are of the columns as they are */
	struct busy busy;
};

/* Reads it, its first sheet with `sheet` empty. Texts are copied. */
void prelist_read(struct prelist_screen *p, struct ui *u, struct str path,
		  struct str sheet);
void prelist_said(struct prelist_screen *p, struct str text);

/* ---- prelist_pick.c */
void prelist_pick_dataset(struct screen *s, struct ui *u,
			  const struct binding *b);
void prelist_pick_file(struct screen *s, struct ui *u, const struct binding *b);
void prelist_pick_sheet(struct screen *s, struct ui *u,
			const struct binding *b);
/* Where the column under the marker goes. */
void prelist_pick_property(struct screen *s, struct ui *u,
			   const struct binding *b);

#endif
