/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_OPEN_H
#define SCREENS_OPEN_H

#include "pilar/cases.h"
#include "pilar/i18n.h"
#include "pilar/ui.h"

/*
 * How one screen opens another. Each says in a message why it could not; the
 * texts passed are copied.
 */
void list_open(struct ui *u, struct cases *c, struct str dataset);
/* Searches every dataset. */
void find_open(struct ui *u, struct cases *c);
void case_open(struct ui *u, struct cases *c, struct str dataset,
	       struct str id);
/* The same with the marker on that member; empty: on the first line. */
void case_open_on(struct ui *u, struct cases *c, struct str dataset,
		  struct str id, struct str member);
/* Who set what of it, and when. */
void changes_open(struct ui *u, struct cases *c, struct str dataset,
		  struct str id);
/* Cases of which people said different things; one of them, side by side. */
void conflicts_open(struct ui *u, struct cases *c);
void conflict_open(struct ui *u, struct cases *c, struct str dataset,
		   struct str id);
void newform_open(struct ui *u, struct cases *c);
void drafts_open(struct ui *u, struct cases *c);
void follow_open(struct ui *u, struct cases *c);
void settings_open(struct ui *u, struct cases *c);
/* What filling forms cost: keys an hour, errors, time. */
void stats_open(struct ui *u, struct cases *c);
/* Records that are keyed a second time. */
void verify_open(struct ui *u, struct cases *c);
void forms_open(struct ui *u, struct cases *c);
/* Lists of the office that come in. */
void prelist_screen_open(struct ui *u, struct cases *c);
/* Everything the report says; it and the title are copied. */
void problems_open(struct ui *u, const char *title, const struct report *rep);
/* ^X, and nobody at the keyboard: the screen hides until it is opened. */
void screen_lock(struct ui *u, struct cases *c);
void screen_lock_arm(struct ui *u, struct cases *c);
/* What is counted and listed; letters and summaries about one record. */
void recap_open(struct ui *u, struct cases *c);
void papers_open(struct ui *u, struct cases *c, const struct entity *about);
void sync_open(struct ui *u, struct cases *c);
/* A past submission, read-only. */
void view_open(struct ui *u, struct cases *c, struct str instance_id);

/* A form, new; from an entity when `how` names one, with its title. */
void entry_start(struct ui *u, struct cases *c, const struct cases_start *how,
		 struct str title);
/* A draft; when a living process holds it, asks before taking it over. */
void entry_resume(struct ui *u, struct cases *c, struct str draft);

/* For binding rows that only go one step back. */
void screen_back(struct screen *s, struct ui *u, const struct binding *b);
/* For keys that the screen itself takes: the row is there for its help. */
void screen_stay(struct screen *s, struct ui *u, const struct binding *b);
void screen_help(struct screen *s, struct ui *u, const struct binding *b);
/* How the bindings end of a screen that one key leaves: help, back, end. */
/* clang-format off */
#define BINDINGS_BACK                                                         \
	{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false, NULL },  \
	{ UI_ESC, 'q', N_("kembali"), NULL, screen_back, NULL, false, NULL }, \
	BINDING_END
/* clang-format on */
/* After the edit of a record was saved: where the case still says what was
 * corrected, asks whether it is to say what is right, too; else false. */
bool correct_ask(struct ui *u, struct cases *c, struct str edit);
/* Asks whether what this worker finalised last is taken back, naming it and
 * whom it was about; it becomes a draft again. */
void undo_ask(struct ui *u, struct cases *c);
/* The reason in a message: the report's first problem, else in general. */
void screen_says(struct ui *u, const struct report *rep, enum err rc);

#endif
