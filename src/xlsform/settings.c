/* SPDX-License-Identifier: MIT */
#include "column.h"
#include "conv.h"

void settings_read(struct conv *cv)
{
	struct sheet *s = book_sheet(&cv->book, "settings");
	const struct slot slots[N_FIELDS] = {
		[FIELD_SETTING] = { .attrs = &cv->settings },
		[FIELD_ATTRIBUTE] = { .attrs = &cv->root_attributes },
	};
	const struct column *columns;

	cv->default_language = STR("default");
	if (!s || !s->headers || !s->rows.n)
		return;
	columns = columns_read(cv, s, OF_SETTINGS, FIELD_IGNORED);
	if (!columns)
		return;
	cv->settings_at = s->rows.at[0].at;
	row_store(cv, s, columns, &s->rows.at[0], slots);
	if (setting(cv, "default_language").n)
		cv->default_language = setting(cv, "default_language");
	cv->keep_blanks = yes_no(setting(cv, "clean_text_values")) == 0;
}

bool prefix_known(const struct conv *cv, struct str prefix)
{
	struct str rest = setting(cv, "namespaces"), word;

	if (one_of("jr|orx|odk|h|ev|xsd", prefix) ||
	    (str_is(prefix, "entities") && cv->entities))
		return true;
	while (str_word(&rest, &word)) {
		size_t eq = str_find(word, STR("="), 0);

		if (eq != SIZE_MAX && str_eq(str_sub(word, 0, eq), prefix))
			return true;
	}
	return false;
}
