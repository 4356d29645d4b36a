/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/utf8.h"

#include "app.h"

/* The longest answer is a form's XML, every byte escaped. */
#define OUT_MAX ((size_t)128 << 20)

int app_print_json(struct json *j)
{
	struct buf b = BUF_INIT(OUT_MAX);
	enum err rc = j ? json_write(&b, j) : ERR_NOMEM;

	if (!rc)
		printf("%.*s\n", STR_ARG(buf_str(&b)));
	json_free(j);
	buf_release(&b);
	return rc ? EXIT_FAILED : EXIT_DONE;
}

void app_print(struct str text)
{
	struct buf b = BUF_INIT(OUT_MAX);

	utf8_clean(&b, text);
	printf("%.*s", STR_ARG(buf_str(&b)));
	buf_release(&b);
}

void app_print_cell(struct str text, size_t columns)
{
	struct str part = str_sub(text, 0, utf8_fit(text, columns));
	size_t used = utf8_width(part);

	app_print(part);
	printf("%*s", (int)(columns - used) + 1, "");
}
