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

	if (str_find(keying_remark(k, path), why, 0) != SIZE_MAX)
		return ERR_NONE;
	return keying_add_remark(k, path, why);
}
