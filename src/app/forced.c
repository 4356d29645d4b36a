/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "app.h"

/* Longer than any command that is taken. */
#define ORIGINAL_MAX 300
#define WORDS_MAX    4

/*
 * As an SSH ForceCommand the program gets what the client asked for in
 * SSH_ORIGINAL_COMMAND. Exactly these are taken; "*" is the name of a form.
 */
static const char *const allowed[][WORDS_MAX] = {
	{ "sync", "import", "-" },
	{ "sync", "export", "-" },
	{ "fill", "*", "--line" },
};

static bool is_name(const char *word)
{
	return *word && *word != '-' &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
		       strlen(word);
}

static bool same(const char *const *row, char **words, int n)
{
	int i = 0;

	for (; i < n && row[i]; i++) {
		bool fits = strcmp(row[i], "*") == 0
				    ? is_name(words[i])
				    : strcmp(row[i], words[i]) == 0;

		if (!fits)
			return false;
	}
	return i == n && !row[i];
}

int app_forced(struct app *app, char *words[], int max)
{
	const char *original = getenv("SSH_ORIGINAL_COMMAND");
	struct str rest = str_from(original), word;
	int n = 0;

	if (!original || !*original)
		return 0;
	while (rest.n <= ORIGINAL_MAX && n < max && str_word(&rest, &word)) {
		words[n] = arena_cstr(&app->arena, word);
		if (!words[n++])
			return -1;
	}
	for (size_t i = 0; !rest.n && i < ARRAY_LEN(allowed); i++) {
		if (same(allowed[i], words, n))
			return n;
	}
	fprintf(stderr, "pilar: %s\n",
		_("lewat ssh hanya boleh: fill FORMULIR --line, sync import -, "
		  "sync export -, atau tanpa perintah"));
	return -1;
}
