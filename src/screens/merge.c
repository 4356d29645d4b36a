/* SPDX-License-Identifier: MIT */
#include "alike.h"

#include "open.h"

bool alike_merge(struct ui *u, struct cases *c, const struct alike_merge *m,
		 struct arena *a, struct str *made)
{
	struct arena *scratch = ui_scratch(u);
	struct cases_start how;
	struct report rep = { 0 };
	struct entity e;
	struct str id;
	enum err rc = cases_entity(c, m->dataset, m->stays, scratch, &e);

	if (!rc)
		rc = cases_merge(c, &e, m->goes, scratch, &how);
	if (!rc) {
		how.remark = m->why;
		rc = cases_act(c, &how, a, &id, &rep);
	}
	if (rc == ERR_CONSTRAINT)
		entry_start(u, c, &how, cases_title(c, &e));
	else if (rc)
		screen_says(u, &rep, rc);
	else if (made)
		*made = id;
	report_release(&rep);
	return !rc;
}
