/* SPDX-License-Identifier: MIT */
#ifndef APP_TRY_H
#define APP_TRY_H

#include "pilar/json.h"
#include "pilar/tree.h"
#include "pilar/xpath.h"

#include "app.h"

/* The commands of TRY.md, one file each, and what they share. */
int try_xpath(struct app *app, int argc, char **argv);
int try_form(struct app *app, int argc, char **argv);

/* A clock that stands at the time of `--now`; NULL: the real one. */
enum err try_clock(struct sys_fixed *clock, const char *now,
		   struct report *rep) MUST_CHECK;

/*
 * Reads standard input line by line and answers each with what `answer`
 * makes of it, at once. `answer` gets NULL for a line that is no JSON.
 */
typedef struct json *(*try_answer)(void *self, const struct json *question);
enum err try_lines(try_answer answer, void *self) MUST_CHECK;
/* Takes the reference. */
enum err try_print(struct json *line) MUST_CHECK;

struct json *try_error(struct str why); /* {"error":..} */
/* The answer of `eval`: type, string, number, boolean, count, values; and
 * nodes, when all of them are below `top`. */
struct json *try_value(const struct xpath_value *v, const struct sys *sys,
		       const struct node *top, struct arena *a);

#endif
