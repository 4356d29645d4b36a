/* SPDX-License-Identifier: MIT */
#include "actions.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "open.h"
#include "text.h"

/* Where the list of actions opens. */
#define PICK_COLS 54
#define PICK_ROWS 15

static const char kind_new[] = "new";

void actions_reset(struct actions *as)
{
	arena_reset(&as->arena);
	as->n = 0;
}

void actions_release(struct actions *as)
{
	arena_release(&as->arena);
	as->n = 0;
}

static struct action *with_key(struct actions *as, uint32_t key)
{
	for (size_t i = 0; i < as->n; i++)
		if (as->list[i].key == key)
			return &as->list[i];
	return NULL;
}

static bool there(const struct actions *as, struct str entity)
{
	for (size_t i = 0; i < as->n; i++)
		if (str_eq(as->list[i].entity, entity))
			return true;
	return false;
}

static void add(struct actions *as, const struct dataset *d,
		const struct dataset_row *r, struct str entity)
{
	bool from_none = str_is(r->value, kind_new);
	uint32_t key = r->order.n ? (unsigned char)r->order.p[0] : 0;

	if (as->n == ACTIONS_MAX || (from_none && entity.n))
		return;
	if (with_key(as, key))
		key = 0;
	as->list[as->n++] = (struct action){
		.dataset = arena_dup(&as->arena, d->name),
		.entity = arena_dup(&as->arena, entity),
		.form = arena_dup(&as->arena, r->name),
		.label = arena_dup(&as->arena, dataset_label(r)),
		.kind = arena_dup(&as->arena, r->value),
		.key = key,
	};
}

void actions_add(struct actions *as, const struct dataset *d, struct str entity)
{
	const struct dataset_row *r;

	if (entity.n && there(as, entity))
		return;
	for (size_t i = 0; (r = dataset_row(d, DATASET_ACTION, i)) != NULL; i++)
		add(as, d, r, entity);
}

void actions_rekey(struct actions *as, const char *kind, uint32_t key)
{
	struct action *had = with_key(as, key);

	for (size_t i = 0; i < as->n; i++) {
		if (!str_is(as->list[i].kind, kind))
			continue;
		if (had)
			had->key = 0;
		as->list[i].key = key;
		as->list[i].early = true;
		return;
	}
}

void actions_quiet(struct actions *as, const char *kind)
{
	for (size_t i = 0; i < as->n; i++)
		if (str_is(as->list[i].kind, kind))
			as->list[i].quiet = true;
}

/* The hints are read from the left, and the last ones may have no room. */
static size_t rank_of(const struct action *a)
{
	static const char *const kinds[] = { "visit", kind_new, "update",
					     "refer", "event",  "postpone",
					     "merge", "part",   "conflict" };
	size_t i = 0;

	while (i < ARRAY_LEN(kinds) && !str_is(a->kind, kinds[i]))
		i++;
	return i;
}

static int by_rank(const void *x, const void *y)
{
	const struct action *a = x, *b = y;
	size_t ra = rank_of(a), rb = rank_of(b);

	if (a->early != b->early)
		return a->early ? -1 : 1;
	if (ra != rb)
		return ra < rb ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

size_t actions_bind(struct actions *as, struct binding *out,
		    void (*act)(struct screen *, struct ui *,
				const struct binding *))
{
	size_t n = 0;

	for (size_t i = 0; i < as->n; i++)
		as->list[i].at = i;
	if (as->n)
		qsort(as->list, as->n, sizeof(as->list[0]), by_rank);
	for (size_t i = 0; i < as->n; i++) {
		const struct action *a = &as->list[i];

		if (a->key)
			out[n++] =
				(struct binding){ .key = a->key,
						  .hint = a->quiet ? NULL
								   : a->label.p,
						  .help = a->label.p,
						  .act = act,
						  .arg = a };
	}
	return n;
}

bool action_from_none(const struct action *a)
{
	return str_is(a->kind, kind_new);
}

/* What has nothing to begin with says so instead. */
static const char *in_vain(struct cases *c, const struct action *a,
			   const struct entity *e)
{
	size_t n = 0;

	if (str_is(a->kind, "conflict") && e->conflict == CONFLICT_NONE)
		return _("Tidak ada isi yang berbeda pada kasus ini");
	if (str_is(a->kind, "part") && !cases_doubles(c, e, &n) && !n)
		return _("Tidak ada catatan yang digabung ke kasus ini");
	return NULL;
}

void action_start(struct ui *u, struct cases *c, const struct action *a)
{
	struct cases_start how = { .form = a->form,
				   .remark = a->remark,
				   .typed = a->typed,
				   .typed_in = a->dataset };
	struct entity e = { 0 };
	const char *says;
	enum err rc;

	if (action_from_none(a)) {
		entry_start(u, c, &how, STR(""));
		return;
	}
	if (!a->entity.n)
		return; /* no row under the marker */
	rc = cases_entity(c, a->dataset, a->entity, ui_scratch(u), &e);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	says = in_vain(c, a, &e);
	if (says) {
		ui_message(u, "%s", says);
		return;
	}
	if (str_is(a->kind, "conflict")) {
		conflict_open(u, c, a->dataset, a->entity);
		return;
	}
	how.dataset = a->dataset;
	how.entity = a->entity;
	entry_start(u, c, &how, cases_title(c, &e));
}

/* ---- all of them */
struct picking {
	struct cases *cases;
	struct actions all; /* a copy: the screen below may change */
	struct str lines[ACTIONS_MAX], folded[ACTIONS_MAX];
	size_t found[ACTIONS_MAX], n_found;
};

static bool fits(struct picking *p, size_t i, struct str typed, bool by_key)
{
	const struct action *a = &p->all.list[i];
	bool is_key = typed.n == 1 && a->key == (unsigned char)typed.p[0];

	if (by_key || is_key)
		return by_key && is_key;
	return str_find(p->folded[i], typed, 0) != SIZE_MAX;
}

/* The one whose key was typed stands first. */
static size_t narrow(void *self, struct str typed)
{
	struct picking *p = self;
	struct str folded = search_fold(&p->all.arena, str_trim(typed), true);

	p->n_found = 0;
	for (int by_key = 1; by_key >= 0; by_key--)
		for (size_t i = 0; i < p->all.n; i++)
			if (fits(p, i, folded, by_key != 0))
				p->found[p->n_found++] = i;
	return p->n_found;
}

static void row(void *self, size_t i, struct buf *out)
{
	const struct picking *p = self;
	const struct action *a = &p->all.list[p->found[i]];
	char letter = ' ';

	if (a->key)
		letter = (char)a->key;
	buf_addc(out, letter);
	buf_adds(out, "  ");
	buf_addstr(out, p->lines[p->found[i]]);
}

static void take(void *self, struct ui *u, size_t i)
{
	struct picking *p = self;

	action_start(u, p->cases, &p->all.list[p->found[i]]);
}

static void close_pick(void *self)
{
	struct picking *p = self;

	actions_release(&p->all);
	free(p);
}

/* "rujuk - Orang: Siti Aminah": of whom, for a household is called as its
 * head is. */
static struct str line_of(struct picking *p, const struct action *a)
{
	struct arena *arena = &p->all.arena;
	const struct dataset_row *kind;
	struct str of;
	struct entity e = { 0 };

	if (!a->entity.n ||
	    cases_entity(p->cases, a->dataset, a->entity, arena, &e))
		return arena_dup(arena, a->label);
	kind = dataset_row(datasets_find(cases_datasets(p->cases), a->dataset),
			   DATASET_TITLE, 0);
	of = kind ? dataset_label(kind) : STR("");
	return arena_printf(arena, "%.*s - %.*s%s%.*s", STR_ARG(a->label),
			    STR_ARG(of), of.n ? ": " : "",
			    STR_ARG(cases_title(p->cases, &e)));
}

void actions_pick(struct ui *u, struct cases *c, const struct actions *as)
{
	struct picking *p = calloc(1, sizeof(*p));
	struct pick pick = {
		.source = { .narrow = narrow,
			    .row = row,
			    .take = take,
			    .close = close_pick,
			    .self = p },
		.title = str_from(_("Tindakan")),
		.box = { 3, 26, PICK_ROWS, PICK_COLS },
	};

	if (!p)
		return;
	p->cases = c;
	for (size_t i = 0; i < as->n; i++) {
		struct action *to = &p->all.list[p->all.n++];

		*to = as->list[i];
		to->dataset = arena_dup(&p->all.arena, to->dataset);
		to->entity = arena_dup(&p->all.arena, to->entity);
		to->form = arena_dup(&p->all.arena, to->form);
		to->label = arena_dup(&p->all.arena, to->label);
		to->kind = arena_dup(&p->all.arena, to->kind);
		p->lines[i] = line_of(p, to);
		p->folded[i] = search_fold(&p->all.arena, p->lines[i], false);
	}
	if (ui_pick(u, &pick))
		ui_message(u, "%s", text_error(ERR_NOMEM));
}
