/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/seal.h"

#include "app.h"

/* A passphrase longer than this is a mistake, one shorter is no help. */
#define PASS_MAX  1024
#define NEW_TRIES 3

/* ---- asking */

static enum err read_pass(struct app *app, struct buf *pass)
{
	char c;

	while (read(app->pass_fd, &c, 1) == 1 && c != '\n')
		buf_addc(pass, c);
	return pass->failed;
}

static enum err ask(const char *question, struct buf *pass)
{
	char *typed = getpass(question);

	*pass = BUF_INIT(PASS_MAX);
	if (!typed)
		return ERR_CANCELLED;
	buf_adds(pass, typed);
	seal_wipe(typed, strlen(typed));
	return pass->failed;
}

enum err app_pass(struct app *app, struct buf *pass)
{
	*pass = BUF_INIT(PASS_MAX);
	if (app->typed.n) {
		buf_addstr(pass, buf_str(&app->typed));
		return pass->failed;
	}
	if (app->pass_fd >= 0)
		return read_pass(app, pass);
	return ask(_("Kata sandi: "), pass);
}

void app_pass_wipe(struct buf *pass)
{
	if (pass->p)
		seal_wipe(pass->p, pass->cap);
	buf_release(pass);
}

enum err app_pass_new(struct app *app, struct buf *pass)
{
	struct buf again = { 0 };
	enum err rc = ERR_CANCELLED;

	if (app->pass_fd >= 0 || app->typed.n)
		return app_pass(app, pass);
	for (int i = 0; i < NEW_TRIES; i++) {
		const char *wrong = NULL;

		rc = ask(_("Kata sandi baru: "), pass);
		if (!rc && pass->n < APP_PASS_LEAST)
			wrong = N_("paling sedikit 8 huruf; tanpa kata sandi: "
				   "pilar init --no-pass\n");
		if (!rc && !wrong)
			rc = ask(_("Sekali lagi: "), &again);
		if (rc)
			break;
		if (!wrong && str_eq(buf_str(pass), buf_str(&again)))
			break;
		fputs(wrong ? _(wrong) : _("tidak sama\n"), stderr);
		app_pass_wipe(pass);
		app_pass_wipe(&again);
		rc = ERR_CANCELLED;
	}
	app_pass_wipe(&again);
	return rc;
}

/* ---- the wait after a wrong one */

/*
 * Beside the store, so that it outlives the program: how many wrong ones in
 * a row, and when the last was tried. Counted before it is tried, so killing
 * the program does not help.
 */
#define TRIES_FILE "tries"
#define WAIT_MOST  30

struct tries {
	uint64_t count, at; /* at: milliseconds UTC */
};

static char *tries_path(struct app *app)
{
	return path_join(&app->arena, app_store_dir(app), TRIES_FILE);
}

static struct tries tries_read(const char *path)
{
	struct buf b = BUF_INIT(64);
	struct tries t = { 0, 0 };
	struct str rest, count;

	if (!file_read(path, &b)) {
		rest = str_trim(buf_str(&b));
		if (!str_split(&rest, ' ', &count) ||
		    !str_to_u64(count, &t.count) || !str_to_u64(rest, &t.at))
			t = (struct tries){ 1, 0 };
	}
	buf_release(&b);
	return t;
}

static void tries_write(const char *path, const struct tries *t)
{
	struct buf b = BUF_INIT(64);

	buf_addf(&b, "%llu %llu\n", (unsigned long long)t->count,
		 (unsigned long long)t->at);
	/* Where the folder may only be read, nothing can be counted. */
	(void)!file_write(path, buf_str(&b));
	buf_release(&b);
}

/* 1, 2, 4 .. 30 s after the last one; a clock put back makes it no longer. */
static int64_t wait_ms(const struct tries *t, int64_t now)
{
	int64_t most = t->count > 5 ? WAIT_MOST : (int64_t)1 << (t->count - 1);
	int64_t since = now - (int64_t)t->at;

	most *= 1000;
	if (since < 0)
		return most;
	return since < most ? most - since : 0;
}

void app_try_begin(struct app *app)
{
	const char *dir = app_store_dir(app);
	char *data = path_join(&app->arena, dir, "data.mdb");
	char *path = tries_path(app);
	struct timespec ts;
	struct tries t;
	int64_t ms;

	if (!path || !data || !file_exists(data))
		return;
	t = tries_read(path);
	ms = t.count ? wait_ms(&t, sys_now(app->sys)) : 0;
	if (ms && !app->quiet)
		fprintf(stderr,
			_("Kata sandi tadi salah: tunggu %lld detik.\n"),
			(long long)((ms + 999) / 1000));
	ts = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	if (ms)
		nanosleep(&ts, NULL);
	t.count++;
	t.at = (uint64_t)sys_now(app->sys);
	tries_write(path, &t);
}

void app_try_end(struct app *app, enum err rc)
{
	char *path = tries_path(app);

	if (path && rc != ERR_LOCKED)
		unlink(path);
}
