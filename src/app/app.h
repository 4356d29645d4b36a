/* SPDX-License-Identifier: MIT */
#ifndef APP_H
#define APP_H

#include <stdbool.h>

#include "pilar/cases.h"
#include "pilar/report.h"
#include "pilar/store.h"
#include "pilar/sys.h"

/* Exit status of the program (DESIGN 9). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* What every command gets: the global options and the seam. */
struct app {
	const char *store_dir; /* --store, else $XDG_DATA_HOME/pilar */
	const char *data_dir;  /* shipped forms: --data, else found */
	const char *worker, *lang;
	bool json, quiet;
	int pass_fd; /* -1: ask the terminal */
	const struct sys *sys;
	struct store *store; /* after app_open() */
	struct cases *cases;
	struct arena arena;
	struct report report;
};

/* Opens the store and its cases; says why when it cannot. */
enum err app_open(struct app *app);
/*
 * Prints the problems of the report, one a line, on standard error, cleaned
 * for the terminal; when there are none and rc is a failure, the reason in
 * general words. Returns the exit status.
 */
int app_fail(struct app *app, enum err rc);

/* One row is one command: its words, function, usage line and an example. */
struct command {
	const char *words; /* "form try"; "" is the program without command */
	int (*run)(struct app *app, int argc, char **argv);
	const char *usage;   /* after "pilar [options] " */
	const char *example; /* a whole line */
	const char *help;    /* one sentence, N_() */
};

/* Each file of commands exports its rows, ended by a row of NULLs. */

/* One function a file of commands; the rows end with words == NULL. */
const struct command *commands_form(void);  /* cmd_form.c: list ... remove */
const struct command *commands_try(void);   /* cmd_try.c: form try, xpath */
const struct command *commands_store(void); /* cmd_store.c: init, store ... */
const struct command *commands_case(void);  /* cmd_case.c: find, fill ... */
const struct command *commands_sync(void);  /* cmd_sync.c */
const struct command *commands_demo(void);  /* cmd_demo.c */
/* The program without a command: the screens. */
int app_screens(struct app *app);

#endif
