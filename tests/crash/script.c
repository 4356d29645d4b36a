/* SPDX-License-Identifier: MIT */
/*
 * What the crash tests run: makes a store and commits to it, step by step, and
 * says "ack N" when step N is on the disk; and looks whether a store still
 * holds what was acknowledged.
 *
 *   script run DIR FROM TO     step 0 makes the store, if there is none
 *   script check               reads lines "DIR ACKED": a line "ok" or
 *                              "bad: ..." for each; ACKED -1: nothing yet
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/store.h"

/* Step i > 0 is of kind i % 3. */
enum { IN_STORE, IN_DRAFTS, IN_JOURNAL, KINDS };

/* ---- what step i leaves */

static struct str number(int i, char room[16])
{
	snprintf(room, 16, "%08d", i);
	return str_from(room);
}

/* Now and then longer than a page. */
static struct str value_of(int i)
{
	static char text[12000];
	size_t n = i % 12 == 0 ? 9000 : (size_t)(i * 131 % 900);

	memset(text, 'a' + i % 26, n);
	return str_of(text, n);
}

/* Of 16 events a place is used again and again: pages get free and reused. */
static struct str event_key(int i, char room[16])
{
	return number(i % 48, room);
}

static enum err step_store(struct store *st, int i)
{
	char a[16], b[16];
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_WRITE);

	if (!rc)
		rc = txn_put(t, TABLE_EVENT, event_key(i, a), value_of(i));
	if (!rc)
		rc = txn_put(t, TABLE_ENTITY, event_key(i, a), number(i, b));
	if (!rc)
		rc = txn_put(t, TABLE_META, STR("last"), number(i, b));
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

static enum err step_drafts(struct store *st, int i)
{
	char a[16], b[16];
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_DRAFTS, TXN_WRITE);

	if (!rc)
		rc = txn_put(t, TABLE_DRAFT_ACT, number(i, a), value_of(i));
	if (!rc && i > 30)
		rc = txn_del(t, TABLE_DRAFT_ACT, number(i - 30, a));
	if (rc == ERR_NOTFOUND)
		rc = ERR_NONE;
	if (!rc)
		rc = txn_put(t, TABLE_DRAFT, STR("last"), number(i, b));
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

static enum err step_journal(struct store *st, int i)
{
	char a[16];

	return journal_put(st, STR("draft"), number(i, a));
}

static enum err (*const steps[KINDS])(struct store *, int) = { step_store,
							       step_drafts,
							       step_journal };

/* ---- run */

static void say(const char *word, int i, enum err rc)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %d %d\n", word, i, rc);

	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		_exit(3);
}

static enum err fill(void *arg, struct store *st)
{
	(void)arg;
	return step_store(st, 0);
}

static enum err open_store(struct store **st, const char *dir)
{
	const struct store_open how = { .dir = dir, .sys = sys_real() };

	return store_open(st, &how, NULL);
}

/* Every step once more when it failed: what failed may be said again. */
static int run(const char *dir, int from, int to)
{
	const struct store_create how = { .dir = dir,
					  .sys = sys_real(),
					  .fill = fill };
	struct store *st = NULL;
	int failed = 0;
	enum err rc = open_store(&st, dir);

	if (rc == ERR_NOTFOUND) {
		rc = store_create(&how, NULL);
		if (!rc)
			say("ack", 0, rc);
		if (!rc)
			rc = open_store(&st, dir);
	}
	if (rc) {
		say("err", 0, rc);
		return 1;
	}
	for (int i = from; i <= to; i++) {
		rc = steps[i % KINDS](st, i);
		if (rc) {
			say("err", i, rc);
			failed = 1;
			rc = steps[i % KINDS](st, i);
		}
		if (rc)
			break;
		say("ack", i, rc);
	}
	store_close(st);
	return failed;
}

/* ---- check */

static char why[200];

#define BAD(...) (snprintf(why, sizeof(why), __VA_ARGS__), ERR_INVALID)

/* The last step of a kind up to `i`; step 0 was in the store. */
static int last_of(int kind, int i)
{
	while (i > 0 && i % KINDS != kind)
		i--;
	return i;
}

/* The number stored must be of the last step acknowledged, or the one after. */
static enum err check_last(struct str v, int kind, int acked, int *last)
{
	int64_t got = -1;
	int want = last_of(kind, acked);

	if (!str_to_i64(str_trim(v), &got))
		got = -1;
	*last = (int)got;
	if (got == want || (got == acked + 1 && got % KINDS == kind))
		return ERR_NONE;
	return BAD("kind %d: last %d, acknowledged %d", kind, (int)got, want);
}

static enum err check_event(struct txn *t, int i)
{
	char a[16], b[16];
	struct str v;

	if (txn_get(t, TABLE_EVENT, event_key(i, a), &v) ||
	    !str_eq(v, value_of(i)))
		return BAD("event of step %d", i);
	if (txn_get(t, TABLE_ENTITY, event_key(i, a), &v) ||
	    !str_eq(v, number(i, b)))
		return BAD("entity of step %d", i);
	return ERR_NONE;
}

static enum err check_store(struct store *st, int acked)
{
	struct txn *t = NULL;
	struct str v;
	int last = 0;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_READ);

	if (!rc)
		rc = txn_get(t, TABLE_META, STR("last"), &v);
	if (!rc)
		rc = check_last(v, IN_STORE, acked < 0 ? 0 : acked, &last);
	for (int i = last; !rc && i >= 0 && i > last - 48; i -= KINDS)
		rc = check_event(t, i);
	txn_abort(&t);
	return rc;
}

static enum err check_drafts(struct store *st, int acked)
{
	char a[16];
	struct txn *t = NULL;
	struct str v;
	int last = 0;
	enum err rc = txn_begin(&t, st, STORE_DRAFTS, TXN_READ);

	if (!rc)
		rc = txn_get(t, TABLE_DRAFT, STR("last"), &v);
	if (rc == ERR_NOTFOUND && last_of(IN_DRAFTS, acked) <= 0)
		rc = ERR_NONE;
	else if (!rc)
		rc = check_last(v, IN_DRAFTS, acked, &last);
	for (int i = last; !rc && i > 0 && i > last - 30; i -= KINDS) {
		if (txn_get(t, TABLE_DRAFT_ACT, number(i, a), &v) ||
		    !str_eq(v, value_of(i)))
			rc = BAD("draft act of step %d", i);
	}
	txn_abort(&t);
	return rc;
}

static enum err check_journal(struct store *st, int acked)
{
	struct arena a = { 0 };
	struct str v;
	int last;
	enum err rc = journal_get(st, STR("draft"), &a, &v);

	if (rc == ERR_NOTFOUND)
		rc = last_of(IN_JOURNAL, acked) <= 0 ? ERR_NONE
						     : BAD("journal lost");
	else if (!rc)
		rc = check_last(v, IN_JOURNAL, acked, &last);
	arena_release(&a);
	return rc;
}

/* What is left can be written to as well. */
static enum err check_writable(struct store *st)
{
	enum err rc = step_store(st, 3000);

	if (!rc)
		rc = step_drafts(st, 3001);
	return rc ? BAD("not writable: %d", rc) : rc;
}

static enum err check(const char *dir, int acked)
{
	struct report rep = { 0 };
	struct store *st = NULL;
	size_t n = 0;
	enum err rc = open_store(&st, dir);

	if (rc == ERR_NOTFOUND && acked < 0)
		return ERR_NONE; /* none: as good as whole */
	if (rc)
		return BAD("does not open: %d", rc);
	rc = store_check(st, &rep, NULL, NULL, &n);
	if (rc)
		rc = BAD("check: %.*s",
			 STR_ARG(report_first(&rep, &rep.arena)));
	if (!rc)
		rc = check_store(st, acked);
	if (!rc)
		rc = check_drafts(st, acked);
	if (!rc)
		rc = check_journal(st, acked);
	if (!rc)
		rc = check_writable(st);
	if (rc && !why[0])
		rc = BAD("error %d", rc);
	store_close(st);
	report_release(&rep);
	return rc;
}

/* In a process of its own, so that a crash is a finding. */
static void check_one(const char *dir, int acked)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (check(dir, acked)) {
			printf("bad: %s\n", why);
			fflush(stdout);
			_exit(1);
		}
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("bad: signal %d\n", WTERMSIG(status));
	else if (!status)
		printf("ok\n");
	fflush(stdout);
}

static int check_lines(void)
{
	char line[4200], dir[4096];
	int acked;

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%4095s %d", dir, &acked) != 2)
			return 2;
		check_one(dir, acked);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "run") == 0)
		return run(argv[2], (int)strtol(argv[3], NULL, 10),
			   (int)strtol(argv[4], NULL, 10));
	if (argc == 2 && strcmp(argv[1], "check") == 0)
		return check_lines();
	fprintf(stderr, "usage: script run DIR FROM TO | script check\n");
	return 2;
}
