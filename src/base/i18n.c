/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/arena.h"
#include "pilar/file.h"

#define DOMAIN "pilar"

/* The msgids are Indonesian: that language needs no catalogue. */
static const char *const languages[] = { "id", "en" };

static const char *known(const char *lang)
{
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		if (strcmp(lang, languages[i]) == 0)
			return languages[i];
	return NULL;
}

/* What gettext looks at is kept here by libc, not by us. */
const char *i18n_lang(void)
{
	const char *lang = getenv("LANGUAGE");
	const char *found = lang ? known(lang) : NULL;

	return found ? found : languages[0];
}

/* UTF-8 letters, and a messages locale that is not "C": else no catalogue. */
static void choose_locale(void)
{
	static const char *const tries[] = { "", "C.UTF-8", "id_ID.UTF-8",
					     "en_US.UTF-8" };

	for (size_t i = 0; i < ARRAY_LEN(tries); i++)
		if (setlocale(LC_CTYPE, tries[i]) && MB_CUR_MAX > 1)
			break;
	for (size_t i = 1; i < ARRAY_LEN(tries); i++)
		if (setlocale(LC_MESSAGES, tries[i]))
			break;
}

enum err i18n_init(const char *lang)
{
	static const char *const places[] = { "locale", "../share/locale" };
	const char *name = known(lang), *catalogue;
	struct arena a = { 0 };

	if (!name)
		return ERR_INVALID;
	choose_locale();
	setenv("LANGUAGE", name, 1);
	catalogue = share_find(&a, places, ARRAY_LEN(places));
	bindtextdomain(DOMAIN,
		       catalogue ? catalogue : PILAR_PREFIX "/share/locale");
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
	arena_release(&a);
	return ERR_NONE;
}
