/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/seal.h"

#include "app.h"

typedef const struct command *(*command_group)(void);

/* Every command of the program, by file. */
static const command_group groups[] = {
	NULL,
};

static const struct command *match(const struct command *rows, int argc,
				   char **argv, int *used)
{
	for (; rows->words; rows++) {
		const char *w = rows->words;
		int n = 0;

		while (n < argc && *w) {
			size_t len = strcspn(w, " ");

			if (strlen(argv[n]) != len ||
			    strncmp(argv[n], w, len) != 0)
				break;
			w += len;
			w += *w == ' ';
			n++;
		}
		if (!*w) {
			*used = n;
			return rows;
		}
	}
	return NULL;
}

static const struct command *find_command(int argc, char **argv, int *used)
{
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		const struct command *c;

		if (!groups[i])
			continue;
		c = match(groups[i](), argc, argv, used);
		if (c)
			return c;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct app app = { .pass_fd = -1, .sys = sys_real() };
	const struct command *c;
	int used = 0;

	c = find_command(argc - 1, argv + 1, &used);
	if (!c)
		return EXIT_USAGE;
	return c->run(&app, argc - 1 - used, argv + 1 + used);
}
