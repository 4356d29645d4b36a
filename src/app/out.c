/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "pilar/utf8.h"
#include "pilar/when.h"

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

void app_say(FILE *to, const char *format, ...)
{
	struct buf b = BUF_INIT(OUT_MAX);
	char text[4096];
	struct str s;
	va_list ap;
	bool line;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	s = str_from(text);
	line = str_ends(s, STR("\n"));
	utf8_clean(&b, line ? str_sub(s, 0, s.n - 1) : s);
	fprintf(to, "%.*s%s", STR_ARG(buf_str(&b)), line ? "\n" : "");
	buf_release(&b);
}

void app_print_cell(struct str text, size_t columns)
{
	struct str part = str_sub(text, 0, utf8_fit(text, columns));
	size_t used = utf8_width(part);

	app_print(part);
	printf("%*s", (int)(columns - used) + 1, "");
}

int app_print_rows(struct app *app, const struct app_rows *rows)
{
	struct json *list = app->json ? json_array_new() : NULL;
	enum err rc = app->json && !list ? ERR_NOMEM : ERR_NONE;

	for (size_t i = 0; !rc && i < rows->n; i++) {
		const void *row = (const char *)rows->at + i * rows->size;

		if (list)
			rc = json_push(list, rows->json(app, row));
		else
			rows->text(app, row);
	}
	if (!rc)
		return list ? app_print_json(list) : EXIT_DONE;
	json_free(list);
	return app_fail(app, rc);
}

int app_list(struct app *app, int argc, char **argv,
	     const struct app_list *list)
{
	const struct app_flag none[] = { { 0 } };
	struct app_rows rows = list->rows;
	enum err rc;

	if (app_flags(app, argc, argv, none, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = list->open(app);
	if (!rc)
		rc = list->read(app, &rows);
	return rc ? app_fail(app, rc) : app_print_rows(app, &rows);
}

struct str app_day(struct app *app, int64_t day)
{
	char text[WHEN_MAX];
	struct when w = { 0 };

	when_from_days(day, &w.year, &w.month, &w.day);
	return arena_dup(&app->arena, when_date_text(&w, text));
}

void app_print_moment(struct app *app, int64_t at)
{
	char date[WHEN_MAX];
	struct when w;

	when_local(app->sys, at, &w);
	printf("%.*s %02d.%02d  ", STR_ARG(when_date_text(&w, date)), w.hour,
	       w.minute);
}
