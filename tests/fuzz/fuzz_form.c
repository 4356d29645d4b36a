/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/session.h"

/*
 * A hostile form, then a short session in which the bytes behind the form
 * (after a NUL) choose what is done: answers, instances, undo, languages,
 * writing and taking back.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ACTS_MAX  40
#define STEPS_MAX 200

struct world {
	struct form *form;
	struct session *session;
	struct changes changes;
	struct arena arena;
	struct buf base;
	struct report rep;
	struct step steps[STEPS_MAX];
	size_t n;
};

static const char *const texts[] = { "",  "1",          "-1",      "a",
				     "b", "yes",        "a b",     "5",
				     "0", "2024-01-01", "1 2 3 4", "xyz" };

static void look(struct world *w)
{
	struct step *steps;
	size_t n;

	w->n = 0;
	arena_reset(&w->arena);
	if (session_walk(w->session, &w->arena, &steps, &n))
		return;
	w->n = n < STEPS_MAX ? n : STEPS_MAX;
	memcpy(w->steps, steps, w->n * sizeof(*steps));
}

static void show(struct world *w, const struct step *step)
{
	const struct choice *c;
	size_t n;

	(void)session_label(w->session, step->ref);
	(void)session_message(w->session, step->ref);
	(void)session_display(w->session, step->ref, &w->arena);
	if (session_choices(w->session, step->ref, &w->arena, &c, &n))
		return;
}

static void replay(struct world *w)
{
	struct report rep = { 0 };

	if (session_restore(w->session, buf_str(&w->base), false, &rep) ||
	    session_replay(w->session, w->changes.record) ||
	    session_resume(w->session))
		w->n = 0;
	report_release(&rep);
}

static void finish(struct world *w)
{
	struct submission sub;
	struct report rep = { 0 };

	if (!session_finalise(w->session, &sub, &rep))
		submission_release(&sub);
	report_release(&rep);
}

static enum err act(struct world *w, uint8_t what, const struct step *step,
		    struct str text)
{
	switch (what % 8) {
	case 0:
		return session_undo(w->session, &w->changes);
	case 1:
		return session_redo(w->session, &w->changes);
	case 2:
		if (step->kind == STEP_REPEAT)
			return session_remove(w->session, step->ref,
					      &w->changes);
		return session_add(w->session, step->item, step->ref, SIZE_MAX,
				   &w->changes);
	case 3:
		replay(w);
		return ERR_NONE;
	case 4:
		return session_set_language(w->session,
					    form_language(w->form, 1));
	default:
		return session_answer(w->session, step->ref, text, &w->changes);
	}
}

static void play(struct world *w, const uint8_t *acts, size_t n)
{
	if (session_save_xml(w->session, &w->base))
		return;
	for (size_t i = 0; i + 2 < n && i < 3 * ACTS_MAX; i += 3) {
		const struct step *step;

		look(w);
		if (!w->n)
			return;
		step = &w->steps[acts[i + 1] % w->n];
		show(w, step);
		if (act(w, acts[i], step,
			str_from(texts[acts[i + 2] % ARRAY_LEN(texts)])))
			continue;
	}
	finish(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form_options opt = { .allow_missing = true, .name = "f.xml" };
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	size_t n = end ? (size_t)(end - data) : size;
	struct world w = { .base = BUF_INIT(TREE_MAX_BYTES) };

	if (!form_new(&w.form, str_of((const char *)data, n), &opt, &w.rep) &&
	    !session_new(&w.session, w.form, NULL))
		play(&w, data + n + (end != NULL), size - n - (end != NULL));
	session_free(w.session);
	form_free(w.form);
	changes_release(&w.changes);
	arena_release(&w.arena);
	buf_release(&w.base);
	report_release(&w.rep);
	return 0;
}
