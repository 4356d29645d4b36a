/* SPDX-License-Identifier: MIT */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/json.h"
#include "pilar/report.h"
#include "pilar/store.h"
#include "pilar/sys.h"

/* Exit status of the program (DESIGN 9). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct command;
struct xlsform_rows;

/* What every command gets: the global options and the seam. */
struct app {
	const char *store_dir, *data_dir; /* ask app_store_dir, app_data_dir */
	const char *worker, *lang;
	bool json, quiet;
	const char *kit;  /* a new store is made of it; NULL: as shipped */
	int pass_fd;      /* -1: ask the terminal */
	bool new_pass;    /* a new store gets one, also from the terminal */
	struct buf typed; /* a passphrase given on the first screens */
	const struct sys *sys;
	const struct command *command; /* the one that runs */
	struct store *store;           /* after app_open() */
	struct cases *cases;
	struct arena arena;
	struct report report;
	int progress; /* percent shown, 0: no bar */
};

/*
 * Opens the store and its cases; the report says why when it cannot. From then
 * on the worker's language is spoken, unless --lang chose.
 */
enum err app_open(struct app *app) MUST_CHECK;
/* The same where it does not matter which worker asks. */
enum err app_open_any(struct app *app) MUST_CHECK;
/* The store alone; folder, clock and passphrase are the program's. */
enum err app_open_store(struct app *app, struct store_open how) MUST_CHECK;
void app_close(struct app *app);
/*
 * Makes the store with its first worker and what ships with the program:
 * forms, lists, datasets.csv; then, unless NULL, what `then` puts in. All of
 * it or nothing.
 */
enum err app_create(struct app *app, const struct cases_setup *how,
		    enum err (*then)(void *arg, struct cases *c),
		    void *arg) MUST_CHECK;
/* --store, else $XDG_DATA_HOME/pilar; NULL when neither is known. */
const char *app_store_dir(struct app *app);
/* The shipped forms: --data, else beside the program, else installed. */
const char *app_data_dir(struct app *app);
/*
 * The words an SSH client asked for where the server forces this program:
 * their number, 0 when it asked for none, -1 after saying that they are not
 * taken. In the arena.
 */
#define FORCED_WORDS 4
int app_forced(struct app *app, char *words[], int max);
/* A passphrase from --pass-fd or the terminal; wipe it after use. */
enum err app_pass(struct app *app, struct buf *pass) MUST_CHECK;
/* A new one: the terminal is asked twice. */
enum err app_pass_new(struct app *app, struct buf *pass) MUST_CHECK;
void app_pass_wipe(struct buf *pass);
#define APP_PASS_LEAST 8
/* cmd_pass.c: a new code on standard output, why on standard error. */
void app_print_paper(struct app *app, const char *code);
/* Around trying one on the store: waits longer after each wrong one. */
void app_try_begin(struct app *app);
void app_try_end(struct app *app, enum err rc);

/*
 * Takes the global options off the front: how many words, or -1. --help and
 * --version are left: they are commands.
 */
int app_options(struct app *app, int argc, char **argv);
/*
 * A command's own options, anywhere among its words: `value` gets the next
 * word, or `on` becomes true. Ended by a row without name. What is left moves
 * to the front of argv; its number, or -1 after saying what is unknown or which
 * word is one more than `most`.
 */
struct app_flag {
	const char *name;
	const char **value;
	bool *on;
};
int app_flags(struct app *app, int argc, char **argv,
	      const struct app_flag *flags, int most);
/* The same of a command that has no options of its own. */
int app_words(struct app *app, int argc, char **argv, int most);

/*
 * Prints the problems of the report, one a line, on standard error, cleaned
 * for the terminal; when there is no error among them and rc is a failure, the
 * reason in general words. Returns the exit status.
 */
int app_fail(struct app *app, enum err rc);
/* The same for warnings on the way: prints and forgets them. */
void app_warn(struct app *app);
/* Prints one line of JSON and gives the reference back; the exit status. */
int app_print_json(struct json *j);
/* Text for a person on standard output, cleaned for the terminal; the last
 * in a column of that width, with one blank behind it. */
void app_print(struct str text);
/* The same for a sentence, to either output; longer than 4 KiB it is cut. */
void app_say(FILE *to, const char *format, ...) PRINTF_LIKE(2, 3);
void app_print_cell(struct str text, size_t columns);
/*
 * A list on standard output: one line of JSON with --json, else a line of text
 * each. `json` gives a new object or NULL; `text` prints one row.
 */
struct app_rows {
	const void *at; /* array of `n` rows of `size` bytes */
	size_t n, size;
	struct json *(*json)(struct app *app, const void *row);
	void (*text)(struct app *app, const void *row);
};
int app_print_rows(struct app *app, const struct app_rows *rows);
/* A command without options that does nothing but that; `read` sets `at` and
 * `n` of the rows. */
struct app_list {
	enum err (*open)(struct app *app);
	enum err (*read)(struct app *app, struct app_rows *rows);
	struct app_rows rows;
};
int app_list(struct app *app, int argc, char **argv,
	     const struct app_list *list);
/* A row of the agenda, filled here; NULL when there is no memory. */
struct agenda_row;
struct json *app_agenda_json(struct app *app, const struct agenda_row *row);
/* "2026-11-21" of a day counted from 1970-01-01. */
struct str app_day(struct app *app, int64_t day);
/* "2026-11-21 14.02  " of a moment, local. */
void app_print_moment(struct app *app, int64_t at);
/* Usage of the commands that begin with `words` (NULL: all); EXIT_USAGE. */
int app_usage(const char *words, FILE *to);

/*
 * One file that is no form: a list (wilayah.csv), datasets.csv, recaps.csv,
 * under its own name. Problems name the file.
 */
bool app_is_list(const char *path);
enum err app_put_list(struct app *app, const char *path) MUST_CHECK;

/*
 * A bar on standard error while something long runs: nothing where that is no
 * terminal, nor with -q. A store_progress with the app as its `arg`.
 */
void app_progress(void *arg, size_t done, size_t total);
void app_progress_end(struct app *app);
/* From now on Ctrl-C does not end the program: app_cancelled() tells of it. */
void app_cancel_begin(struct app *app);
bool app_cancelled(void *arg);
/* Both for something long; and the sentence when it was ended so. */
struct store_watch app_watch(struct app *app);
void app_say_cancelled(struct app *app, enum err rc);

/* Beside the store's folder: what was exported and waits for its answer. */
#define EXPORT_SUFFIX "-ekspor"

/*
 * For whom an export is sealed: `to` names an office of the list or a device
 * whose files we take, or is a key itself; NULL: all offices. (cmd_sync.c)
 */
struct sync_office;
struct app_readers {
	const struct sync_office *to;
	size_t n;
	bool device; /* no office of ours */
};
enum err app_offices(struct app *app, const char *to,
		     struct app_readers *out) MUST_CHECK;

/*
 * The XForm of a file: an XLSForm is converted. Problems name the file. `rows`
 * is to be freed, NULL for what was XML already.
 */
enum err app_xform(struct app *app, const char *path, struct buf *xform,
		   struct xlsform_rows **rows) MUST_CHECK;

/* Problems found in that XForm name the file and the cells they come from. */
void app_xform_checked(struct app *app, const char *path,
		       struct xlsform_rows *rows);

/* One row is one command: its words, function, usage line and an example. */
struct command {
	const char *words; /* "form try" */
	int (*run)(struct app *app, int argc, char **argv);
	const char *usage;   /* after the words, N_() where it has words */
	const char *example; /* a whole line */
	const char *help;    /* one sentence, N_() */
};

/* One function a file of commands; the rows end with words == NULL. */
const struct command *commands_acts(void);
const struct command *commands_due(void);
const struct command *commands_alike(void);
const struct command *commands_case(void);
const struct command *commands_conflict(void);
const struct command *commands_demo(void);
const struct command *commands_doctor(void);
const struct command *commands_draft(void);
const struct command *commands_fill(void);
const struct command *commands_form(void);
const struct command *commands_forms(void);
const struct command *commands_help(void);
const struct command *commands_import(void);
const struct command *commands_keep(void);
const struct command *commands_key(void);
const struct command *commands_pass(void);
const struct command *commands_recap(void);
const struct command *commands_stats(void);
const struct command *commands_store(void);
const struct command *commands_sync_send(void); /* cmd_sync_send.c */
const struct command *commands_kit(void);       /* cmd_kit.c */
/* Takes the kit into a store that is being made; the app is the argument. */
enum err app_take_kit(void *arg, struct cases *c) MUST_CHECK;
const struct command *commands_sync_load(void); /* cmd_sync_load.c */
const struct command *commands_sync(void);
const struct command *commands_sync_in(void);
const struct command *commands_try(void);
const struct command *commands_worker(void);
int app_history(struct app *app, const struct entity *e); /* cmd_acts.c */
/*
 * first.c: no store is there after app_open(); not when only the worker was
 * not found in one, nor when it is not known where to look.
 */
bool app_first_wanted(struct app *app, enum err rc);
/*
 * Asks on screens what a new store wants to know and makes it, or practice.
 * ERR_CANCELLED: left, or `status` is a failure whose reason was printed.
 */
enum err app_first(struct app *app, int *status) MUST_CHECK;
/* The program without a command: the screens. */
int app_screens(struct app *app);
/* The screens, at a draft. */
int app_screens_draft(struct app *app, struct str draft);

#endif
