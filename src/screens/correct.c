/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "text.h"

/* What the edit of a record corrects of a case, until a person has said
 * whether the case is to say so, too. */
struct correct {
	struct cases *cases;
	struct arena arena;
	struct correction *list;
	size_t n;
};

static void forget(struct correct *k)
{
	arena_release(&k->arena);
	free(k);
}

/* The form that decides begins with the right values; one saves it there. */
static void yes(struct screen *owner, struct ui *u, void *arg)
{
	struct correct *k = arg;
	const struct correction *of = &k->list[0];
	struct cases_start how = { .n_answers = 0 };
	struct entity_prop *values =
		arena_array(&k->arena, of->n + 1, sizeof(*values));
	enum err rc = values ? ERR_NONE : ERR_NOMEM;

	(void)owner;
	for (size_t i = 0; i < of->n && !rc; i++)
		values[i] = (struct entity_prop){ of->changes[i].property,
						  of->changes[i].value };
	if (!rc)
		rc = cases_decide(k->cases, &of->entity, values, of->n,
				  &k->arena, &how);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		entry_start(u, k->cases, &how,
			    cases_title(k->cases, &of->entity));
	forget(k);
}

static void no(struct screen *owner, struct ui *u, void *arg)
{
	(void)owner;
	(void)u;
	forget(arg);
}

static bool decides(struct cases *c, const struct entity *e)
{
	return dataset_action(datasets_find(cases_datasets(c), e->dataset),
			      "conflict", 0) != NULL;
}

bool correct_ask(struct ui *u, struct cases *c, struct str edit)
{
	struct correct *k = calloc(1, sizeof(*k));
	struct ask ask = { .owner = ui_top(u), .yes = yes, .no = no, .arg = k };
	struct arena *a = ui_scratch(u);
	const struct prop_change *first;

	if (!k)
		return false;
	k->cases = c;
	if (cases_corrected(c, edit, &k->arena, &k->list, &k->n) || !k->n ||
	    !decides(c, &k->list[0].entity)) {
		forget(k);
		return false;
	}
	first = k->list[0].changes;
	ui_ask(u, &ask, _("Tersimpan. Ubah juga kasusnya? Masih %.*s: %.*s%s"),
	       STR_ARG(text_label(a, first->label)),
	       STR_ARG(first->was.n ? text_told(a, first->was_text) : STR("-")),
	       k->list[0].n > 1 ? ", ..." : "");
	return true;
}
