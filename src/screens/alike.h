/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_ALIKE_H
#define SCREENS_ALIKE_H

#include "actions.h"

/*
 * Before one is registered: those that may be the same, with why. Open one, or
 * go on with a reason. Where there are none the form begins at once.
 */
void alike_open(struct ui *u, struct cases *c, const struct action *a,
		struct str typed);

#endif
