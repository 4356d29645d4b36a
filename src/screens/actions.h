/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_ACTIONS_H
#define SCREENS_ACTIONS_H

#include "pilar/cases.h"
#include "pilar/ui.h"

/*
 * What datasets.csv offers to do with a case: keys of a screen, and a list of
 * all of them. The kinds of actions are known here, the forms are not: each
 * begins its form from its case.
 *
 * Copied: datasets.csv may be read anew under an open screen.
 */
#define ACTIONS_MAX 64
/* More than this many: one key lists them, for the hints have no room. */
#define ACTIONS_SHOWN 3
#define ACTIONS_KEY   '.'

struct action {
	struct str dataset, entity; /* entity empty: not from a case */
	struct str form, label, kind;
	struct str remark; /* on the form it begins; or empty */
	struct str typed;  /* what was searched for before; or empty */
	size_t at;         /* as they were added */
	bool early;        /* the screen's own key: among the first hints */
	bool quiet;        /* there is nothing for it here: no hint */
	uint32_t key;      /* 0: another one has it; only in the list */
};

struct actions {
	struct arena arena;
	struct action list[ACTIONS_MAX];
	size_t n;
};

void actions_reset(struct actions *as);
void actions_release(struct actions *as);
/*
 * Those of this case, unless it is there already; a key that is taken stays
 * with who has it. `entity` empty: of whichever case the marker is on, with
 * what begins from none (`new`).
 */
void actions_add(struct actions *as, const struct dataset *d,
		 struct str entity);
/* The first action of that kind answers to `key`, whoever had it. */
void actions_rekey(struct actions *as, const char *kind, uint32_t key);
/* Those of that kind have no hint; the key stays, and the list has them. */
void actions_quiet(struct actions *as, const char *kind);
/* Visits first. Rows of keys into `out`, which has room for ACTIONS_MAX: how
 * many. */
size_t actions_bind(struct actions *as, struct binding *out,
		    void (*act)(struct screen *, struct ui *,
				const struct binding *));
/* It begins a case instead of starting from one. */
bool action_from_none(const struct action *a);
/* Begins the form, from the case with its title. */
void action_start(struct ui *u, struct cases *c, const struct action *a);
/* All of them in a list; Enter begins. */
void actions_pick(struct ui *u, struct cases *c, const struct actions *as);

#endif
