/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include "pilar/formula.h"
#include "pilar/i18n.h"

/*
 * A letter, a summary, a monthly report: lines of recaps.csv from top to
 * bottom, about an entity or about the worker.
 */
#define SIGNATURES_MAX 6

struct paper {
	const struct recap_ask *ask;
	struct doc *doc;
	struct report *rep;
	struct record record;
	struct recap_ask *parts; /* and their tables, in their order */
	struct grids *grids;
	size_t n_parts, part;
	struct doc_signature signs[SIGNATURES_MAX];
	size_t n_signs;
};

static enum err write_part(struct paper *p)
{
	size_t i = p->part++;

	return grids_write(&p->parts[i], &p->grids[i], p->doc, 2);
}

static void write_text(struct paper *p, const struct line *l)
{
	struct str text =
		l->formula ? record_text(&p->record, l) : line_label(l);

	if (text.n)
		doc_text(p->doc, text);
}

static void write_pair(struct paper *p, const struct line *l)
{
	struct str text = record_text(&p->record, l);

	if (text.n)
		doc_pair(p->doc, line_label(l), text);
}

static enum err write_line(struct paper *p, const struct line *l)
{
	switch ((int)l->kind) {
	case LINE_TITLE:
		doc_heading(p->doc, 1, line_label(l));
		break;
	case LINE_HEADING:
		doc_heading(p->doc, 2, line_label(l));
		break;
	case LINE_NOTE:
		doc_note(p->doc, line_label(l));
		break;
	case LINE_TEXT:
		write_text(p, l);
		break;
	case LINE_PAIR:
		write_pair(p, l);
		break;
	case LINE_PART:
		return write_part(p);
	case LINE_SIGN:
		if (p->n_signs < SIGNATURES_MAX)
			p->signs[p->n_signs++] = (struct doc_signature){
				line_label(l), record_text(&p->record, l)
			};
		break;
	default:
		break;
	}
	return ERR_NONE;
}

static enum err worker_props(const struct recap_ask *ask, struct arena *a,
			     struct entity_prop **props, size_t *n)
{
	const struct worker *w = cases_worker(ask->cases);
	const struct entity_prop all[] = { { STR("code"), w->code },
					   { STR("name"), w->name },
					   { STR("role"), w->role },
					   { STR("village"), w->village } };
	struct entity_prop *p =
		arena_array(a, PROPS_ASKED + ARRAY_LEN(all), sizeof(*p));

	if (!p)
		return ERR_NOMEM;
	record_asked(ask, a, p);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		p[PROPS_ASKED + i] = all[i];
	*props = p;
	*n = PROPS_ASKED + ARRAY_LEN(all);
	return ERR_NONE;
}

static enum err prepare(struct paper *p, const struct formula_env *env)
{
	const struct recap_ask *ask = p->ask;
	struct str about = recap_dataset(ask->recap);
	struct entity_prop *props = NULL;
	size_t n = 0;
	enum err rc;

	if (about.n && (!ask->about || !str_eq(ask->about->dataset, about))) {
		report_add(p->rep, PROBLEM_ERROR, ask->recap->name,
			   _("surat ini tentang satu catatan %.*s: sebut "
			     "nomornya"),
			   STR_ARG(about));
		return ERR_INVALID;
	}
	rc = about.n ? recap_props(ask, ask->about, &p->record.arena, &props,
				   &n)
		     : worker_props(ask, &p->record.arena, &props, &n);
	return rc ? rc : record_of(&p->record, props, n, env);
}

/* All that the parts count, in one walk. */
static enum err count_parts(struct paper *p)
{
	const struct recap *r = p->ask->recap;
	struct arena *a = &p->record.arena;

	p->parts = arena_array(a, r->n + 1, sizeof(*p->parts));
	p->grids = arena_array(a, r->n + 1, sizeof(*p->grids));
	if (!p->parts || !p->grids)
		return ERR_NOMEM;
	for (size_t i = 0; i < r->n; i++) {
		const struct line *l = &r->lines[i];
		struct recap_ask *part = &p->parts[p->n_parts];

		if (l->kind != LINE_PART)
			continue;
		*part = *p->ask;
		part->recap = recaps_find(p->ask->recaps, l->name);
		part->by = l->value.n ? l->value : STR("-");
		if (!part->recap)
			return ERR_NOTFOUND;
		p->n_parts++;
	}
	return recap_grids(p->parts, p->n_parts, p->grids, p->rep);
}

enum err paper_write(const struct recap_ask *ask, struct doc *d,
		     struct report *rep)
{
	struct paper p = { .ask = ask, .doc = d, .rep = rep };
	struct formula_env env = { .sys = cases_sys(ask->cases),
				   .lists = cases_lists(ask->cases),
				   .lang = str_from(i18n_lang()),
				   .cache = formula_cache_new() };
	enum err rc = env.cache ? prepare(&p, &env) : ERR_NOMEM;

	if (!rc)
		rc = count_parts(&p);
	for (size_t i = 0; i < ask->recap->n && !rc; i++)
		rc = write_line(&p, &ask->recap->lines[i]);
	if (!rc && p.n_signs)
		doc_signatures(d, p.signs, p.n_signs);
	for (size_t i = 0; i < p.n_parts; i++)
		grids_release(&p.grids[i]);
	record_end(&p.record);
	formula_cache_free(env.cache);
	return rc ? rc : d->out->failed;
}
