/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fn.h"

/* Answers: several choices in one text, and lists of yes and no. */

static enum err fn_boolean_from_string(struct eval *e, const struct val *args,
				       size_t n, struct val *out)
{
	struct str s = val_str(e, &args[0]);

	(void)n;
	return val_set_bool(out,
			    str_is(s, "1") || str_eq_nocase(s, STR("true")));
}

/* Nothing is selected in the empty text, as in JavaRosa. */
static enum err fn_selected(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct str rest = val_str(e, &args[0]), word;
	struct str want = str_trim(val_str(e, &args[1]));

	(void)n;
	if (!want.n)
		return val_set_bool(out, !rest.n);
	while (str_word(&rest, &word))
		if (str_eq(word, want))
			return val_set_bool(out, true);
	return val_set_bool(out, false);
}

static enum err fn_selected_at(struct eval *e, const struct val *args, size_t n,
			       struct val *out)
{
	struct str rest = val_str(e, &args[0]), word;
	double at = trunc(val_num(e, &args[1]));

	(void)n;
	for (double i = 0; str_word(&rest, &word); i++)
		if (i == at)
			return val_set_str(out, word);
	return val_set_str(out, STR(""));
}

static enum err fn_count_selected(struct eval *e, const struct val *args,
				  size_t n, struct val *out)
{
	struct str rest = val_str(e, &args[0]), word;
	double count = 0;

	(void)n;
	while (str_word(&rest, &word))
		count++;
	return val_set_num(out, count);
}

/* Between the first two arguments; -1 there is no limit. */
static enum err within(struct eval *e, const struct val *args, double sum,
		       struct val *out)
{
	double min = val_num(e, &args[0]), max = val_num(e, &args[1]);

	return val_set_bool(out, (min == -1 || sum >= min) &&
					 (max == -1 || sum <= max));
}

static enum err fn_checklist(struct eval *e, const struct val *args, size_t n,
			     struct val *out)
{
	double yes = 0;

	for (size_t a = 2; a < n; a++)
		for (size_t i = 0; i < val_count(&args[a]); i++)
			yes += val_bool_at(e, &args[a], i);
	return within(e, args, yes, out);
}

/* Values and weights alternate; node-sets go in step. */
static enum err fn_weighted_checklist(struct eval *e, const struct val *args,
				      size_t n, struct val *out)
{
	double sum = 0;

	for (size_t a = 2; a + 1 < n; a += 2)
		for (size_t i = 0;
		     i < val_count(&args[a]) && i < val_count(&args[a + 1]);
		     i++)
			if (val_bool_at(e, &args[a], i))
				sum += val_num_at(e, &args[a + 1], i);
	return within(e, args, sum, out);
}

static const struct func rows[] = {
	{ STR_INIT("boolean-from-string"), 1, 1, FN_BOOLEAN, 0,
	  fn_boolean_from_string, NULL },
	{ STR_INIT("selected"), 2, 2, FN_BOOLEAN, 0, fn_selected, NULL },
	{ STR_INIT("is-selected"), 2, 2, FN_BOOLEAN, 0, fn_selected, NULL },
	{ STR_INIT("selected-at"), 2, 2, FN_STRING, 0, fn_selected_at, NULL },
	{ STR_INIT("count-selected"), 1, 1, FN_NUMBER, 0, fn_count_selected,
	  NULL },
	{ STR_INIT("checklist"), 2, FN_MANY, FN_BOOLEAN, 0, fn_checklist,
	  NULL },
	{ STR_INIT("weighted-checklist"), 2, FN_MANY, FN_BOOLEAN, FN_PAIRS,
	  fn_weighted_checklist, NULL },
	{ .min = 0 },
};

const struct func *func_select(void)
{
	return rows;
}
