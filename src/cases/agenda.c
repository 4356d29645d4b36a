/* SPDX-License-Identifier: MIT */
#include "pilar/agenda.h"

#include <stdlib.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/map.h"
#include "pilar/when.h"

/* A place is asked of parents, and of theirs, this far. */
#define PARENTS_MAX 4

/* ---- drafts */
static int64_t due_day(struct cases *c, const struct draft_row *d)
{
	struct when w;

	when_local(cases_sys(c), d->at, &w);
	return when_days(w.year, w.month, w.day) + AGENDA_DRAFT_DAYS;
}

static int64_t today_of(struct cases *c)
{
	struct when w;

	when_local(cases_sys(c), sys_now(cases_sys(c)), &w);
	return when_days(w.year, w.month, w.day);
}

static bool lies(struct cases *c, const struct draft_row *d, int64_t from,
		 int64_t to)
{
	int64_t day = due_day(c, d), today = today_of(c);

	return str_eq(d->worker, cases_worker(c)->code) && !d->held &&
	       day >= from && day <= (to < today ? to : today);
}

enum err agenda_drafts(struct cases *c, int64_t from, int64_t to, size_t *n)
{
	struct arena a = { 0 };
	struct draft_row *rows = NULL;
	size_t all = 0;
	enum err rc = draft_list(c, &a, &rows, &all);

	*n = 0;
	for (size_t i = 0; !rc && i < all; i++)
		*n += lies(c, &rows[i], from, to);
	arena_release(&a);
	return rc;
}

static struct agenda_row of_draft(struct cases *c, const struct draft_row *d,
				  struct arena *a)
{
	struct str label = str_from(_("Draf"));

	return (struct agenda_row){
		.day = due_day(c, d),
		.dataset = d->dataset,
		.id = d->entity,
		.draft = d->id,
		.label = label,
		.title = d->title.n ? arena_printf(a, "%.*s: %.*s",
						   STR_ARG(d->title),
						   STR_ARG(d->form_title))
				    : d->form_title
	};
}

/* ---- all of it */
static int by_day(const void *x, const void *y)
{
	const struct agenda_row *a = x, *b = y;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (str_cmp(a->id, b->id))
		return str_cmp(a->id, b->id);
	return str_cmp(a->label, b->label);
}

struct agenda_row agenda_of_due(struct cases *c, const struct due *d,
				struct arena *a)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), d->dataset);
	const struct dataset_row *r = dataset_row(ds, DATASET_DUE, d->row);

	return (struct agenda_row){
		.day = d->day,
		.dataset = d->dataset,
		.id = d->id,
		.label = arena_dup(a, cases_due_label(c, d)),
		.name = r ? arena_dup(a, r->name) : STR(""),
	};
}

enum err cases_agenda(struct cases *c, int64_t to, struct arena *a,
		      struct agenda_row **out, size_t *n)
{
	struct due *due = NULL;
	struct draft_row *drafts = NULL;
	size_t n_due = 0, n_drafts = 0;
	enum err rc = cases_due(c, INT64_MIN, to, a, &due, &n_due);

	*n = 0;
	if (!rc)
		rc = draft_list(c, a, &drafts, &n_drafts);
	*out = arena_array(a, n_due + n_drafts + 1, sizeof(**out));
	if (rc || !*out)
		return rc ? rc : ERR_NOMEM;
	for (size_t i = 0; i < n_due; i++)
		(*out)[(*n)++] = agenda_of_due(c, &due[i], a);
	for (size_t i = 0; i < n_drafts; i++)
		if (lies(c, &drafts[i], INT64_MIN, to))
			(*out)[(*n)++] = of_draft(c, &drafts[i], a);
	if (*n)
		qsort(*out, *n, sizeof(**out), by_day);
	return ERR_NONE;
}

/* ---- who and where */
static const struct dataset_row *place_row(struct cases *c, struct str dataset)
{
	const struct dataset *d = datasets_find(cases_datasets(c), dataset);
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, DATASET_COLUMN, i)) != NULL; i++)
		if (r->searched == DATASET_PLACE)
			return r;
	return NULL;
}

static enum err place_of(struct cases *c, const struct entity *e,
			 struct arena *a, struct str *out)
{
	struct entity at = *e;

	*out = STR("");
	for (int i = 0; i < PARENTS_MAX; i++) {
		const struct dataset_row *r = place_row(c, at.dataset);
		struct entity parent = { 0 };
		enum err rc;

		if (r)
			return cases_shown(c, &at, r, true, a, out);
		rc = cases_parent(c, &at, a, &parent);
		if (rc)
			return rc == ERR_NOTFOUND ? ERR_NONE : rc;
		at = parent;
	}
	return ERR_NONE;
}

enum err agenda_fill(struct cases *c, struct agenda_row *row, struct arena *a)
{
	struct entity e = { 0 };
	enum err rc;

	row->place = STR("");
	if (!row->id.n)
		return ERR_NONE;
	rc = cases_entity(c, row->dataset, row->id, a, &e);
	if (!rc && !row->draft.n)
		row->title = cases_title(c, &e);
	if (!rc)
		rc = place_of(c, &e, a, &row->place);
	if (rc == ERR_NOTFOUND || rc == ERR_CORRUPT) {
		row->title = row->title.n ? row->title : STR("?");
		rc = ERR_NONE;
	}
	return rc;
}

/* ---- by place */
struct placed {
	struct agenda_row row;
	const size_t *due; /* how much is due there */
};

static int by_place(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (!a->row.place.n != !b->row.place.n)
		return a->row.place.n ? -1 : 1;
	if (*a->due != *b->due)
		return *a->due > *b->due ? -1 : 1;
	if (str_cmp(a->row.place, b->row.place))
		return str_cmp(a->row.place, b->row.place);
	return by_day(&a->row, &b->row);
}

static enum err count_place(struct map *places, struct placed *p, bool is_due,
			    struct arena *a)
{
	size_t *n = map_get(places, p->row.place);
	enum err rc = ERR_NONE;

	if (!n) {
		n = arena_array(a, 1, sizeof(*n));
		rc = n ? map_put(places, p->row.place, n) : ERR_NOMEM;
	}
	if (rc)
		return rc;
	*n += is_due;
	p->due = n;
	return ERR_NONE;
}

enum err agenda_by_place(struct agenda_row *rows, size_t n, int64_t today,
			 struct arena *a)
{
	struct placed *all = arena_array(a, n + 1, sizeof(*all));
	struct map places = { 0 };
	enum err rc = all ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; i < n && !rc; i++) {
		all[i].row = rows[i];
		rc = count_place(&places, &all[i], rows[i].day <= today, a);
	}
	if (!rc && n)
		qsort(all, n, sizeof(*all), by_place);
	for (size_t i = 0; i < n && !rc; i++)
		rows[i] = all[i].row;
	map_release(&places);
	return rc;
}
