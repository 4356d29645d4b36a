/* SPDX-License-Identifier: MIT */
#include "special.h"

#include "pilar/i18n.h"

static const struct {
	const char *word, *remark;
} specials[] = {
	[SPECIAL_UNKNOWN] = { "unknown", N_("tidak tahu") },
	[SPECIAL_REFUSED] = { "refused", N_("menolak menjawab") },
};

bool special_value(const struct item *i, enum special which, struct str *value)
{
	struct str word = str_from(specials[which].word);
	struct str rest = i->appearance, have;

	while (str_word(&rest, &have)) {
		if (!str_starts(have, word))
			continue;
		*value = str_sub(have, word.n, have.n);
		return true;
	}
	return false;
}

enum err special_remark(struct keying *k, struct str path, enum special which)
{
	struct str why = str_from(_(specials[which].remark));
	struct str had = keying_remark(k, path);
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	if (str_find(had, why, 0) == SIZE_MAX) {
		if (had.n)
			why = arena_printf(&a, "%.*s; %.*s", STR_ARG(had),
					   STR_ARG(why));
		rc = why.p ? keying_set_remark(k, path, why) : ERR_NOMEM;
	}
	arena_release(&a);
	return rc;
}
