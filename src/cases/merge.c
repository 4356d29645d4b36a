/* SPDX-License-Identifier: MIT */
#include "pilar/keying.h"

#include "internal.h"

/* The question that has no answer in "form what=merge other= why=seen". */
static struct str open_question(struct str words)
{
	struct str word;

	while (str_word(&words, &word))
		if (str_ends(word, STR("=")))
			return str_sub(word, 0, word.n - 1);
	return STR("");
}

enum err cases_merge(struct cases *c, const struct entity *e, struct str other,
		     struct arena *a, struct cases_start *out)
{
	const struct dataset *d = datasets_find(cases_datasets(c), e->dataset);
	const struct dataset_row *row = dataset_row(d, DATASET_MERGED, 0);
	struct entity_prop *answer = arena_array(a, 1, sizeof(*answer));
	struct str question = row ? open_question(row->name) : STR("");

	if (!question.n)
		return ERR_NOTFOUND;
	if (!answer)
		return ERR_NOMEM;
	*answer = (struct entity_prop){ arena_dup(a, question),
					arena_dup(a, other) };
	*out = (struct cases_start){ .form = arena_dup(a, row->name),
				     .dataset = arena_dup(a, e->dataset),
				     .entity = arena_dup(a, e->id),
				     .answers = answer,
				     .n_answers = 1 };
	return ERR_NONE;
}

static enum err save(struct cases *c, struct session *s, struct str remark,
		     struct submission *sub, struct report *rep)
{
	struct keying k = { .mode = KEYING_VISIT };
	enum err rc = session_finalise(s, sub, rep);

	if (!rc)
		rc = keying_remark_form(&k, s, remark);
	if (!rc)
		rc = keying_export(&k, sub);
	if (!rc)
		rc = cases_submit(c, sub, STR(""), rep);
	keying_release(&k);
	return rc;
}

enum err cases_act(struct cases *c, const struct cases_start *how,
		   struct arena *a, struct str *instance_id, struct report *rep)
{
	struct submission sub = { 0 };
	struct session *s = NULL;
	struct ref fixed;
	enum err rc = cases_start(c, how, &s, &fixed, rep);

	if (!rc)
		rc = save(c, s, how->remark, &sub, rep);
	if (!rc)
		*instance_id = arena_dup(a, sub.instance_id);
	session_free(s);
	submission_release(&sub);
	return !rc && !instance_id->p ? ERR_NOMEM : rc;
}
