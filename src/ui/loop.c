/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "internal.h"

/* Between two parts of what is done while nobody types. */
#define SPARE_MS 1

static void take_size(struct ui *u)
{
	struct winsize w;

	if (ioctl(fileno(u->out), TIOCGWINSZ, &w) == 0)
		ui_resized(u, w.ws_row, w.ws_col);
}

static void take_signals(struct ui *u)
{
	struct signalfd_siginfo si;

	while (read(u->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGWINCH)
			take_size(u);
		else if (si.ssi_signo != SIGQUIT) /* as its key */
			u->terminated = true;     /* hung: the line tells */
	}
}

static int sooner(int wait, int64_t at)
{
	int64_t left = at ? at - ui_now() : -1;

	if (!at)
		return wait;
	if (left < 0)
		left = 0;
	return wait < 0 || left < wait ? (int)left : wait;
}

/* Milliseconds to wait: to the timer or to what the input must decide. */
static int timeout_of(const struct ui *u)
{
	int wait = u->ahead.n ? 0 : input_timeout(u);

	wait = sooner(wait, u->wake_at);
	return sooner(wait, u->idle_at);
}

static bool too_small(const struct ui *u)
{
	return ui_rows(u) < UI_MIN_ROWS || ui_cols(u) < UI_MIN_COLS;
}

/* What was read ahead comes first. */
static struct key next_key(struct ui *u)
{
	if (u->ahead_at < u->ahead.n)
		return u->ahead.at[u->ahead_at++];
	vec_reset(&u->ahead);
	u->ahead_at = 0;
	return input_next(u);
}

/* True when there was at least one key. */
static bool take_keys(struct ui *u)
{
	bool any = false;

	for (int i = 0; i < KEYS_A_ROUND && !u->quit && u->top; i++) {
		struct key k = next_key(u);

		if (k.code == KEY_CODE_NONE)
			return any;
		any = true;
		u->idle_at = u->idle_ms ? ui_now() + u->idle_ms : 0;
		if (k.code == KEY_CODE_SKIP || too_small(u))
			continue;
		stack_key(u, k);
		/* What was answered is stored before the next is seen. */
		if (u->settle)
			stack_settle(u);
	}
	return any;
}

static void take_timer(struct ui *u)
{
	if (u->wake_at && ui_now() >= u->wake_at)
		ui_ticked(u);
	if (u->idle_at && ui_now() >= u->idle_at)
		ui_idled(u);
}

void ui_ticked(struct ui *u)
{
	u->wake_at = 0;
	stack_tick(u);
}

void ui_idled(struct ui *u)
{
	stack_lock(u);
}

void ui_hangup(struct ui *u)
{
	u->hung = true;
	stack_store(u);
}

void ui_step(struct ui *u)
{
	take_keys(u);
	if (u->top && !u->quit)
		stack_paint(u);
}

bool ui_stopped(struct ui *u)
{
	bool stop = false;

	if (u->signals >= 0)
		take_signals(u);
	while (!stop && u->ahead.n < KEYS_A_ROUND) {
		struct key k = input_next(u), *slot;

		if (k.code == KEY_CODE_NONE)
			break;
		stop = k.code == UI_ESC && !k.pasted;
		slot = stop ? NULL : vec_push(&u->ahead);
		if (slot)
			*slot = k;
	}
	return stop || u->hung || u->terminated;
}

/* The descriptor may tell of the end before the signal does. */
static bool gone(const struct pollfd *p)
{
	return (p->revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* While nobody types there is time for what is not urgent. */
static int wait_for(struct ui *u, struct pollfd p[2])
{
	while (u->spare) {
		int wait = timeout_of(u);
		bool soon = wait >= 0 && wait <= SPARE_MS;
		int n = poll(p, 2, soon ? wait : SPARE_MS);

		if (n || soon)
			return n;
		if (!u->spare(u->spare_arg))
			u->spare = NULL;
	}
	return poll(p, 2, timeout_of(u));
}

void ui_spare(struct ui *u, bool (*work)(void *arg), void *arg)
{
	u->spare = work;
	u->spare_arg = arg;
}

enum err ui_run(struct ui *u)
{
	int empty = 0;

	while (u->top && !u->quit) {
		struct pollfd p[2] = {
			{ .fd = fileno(u->in), .events = POLLIN },
			{ .fd = u->signals, .events = POLLIN },
		};
		bool readable;

		stack_paint(u);
		if (wait_for(u, p) < 0)
			p[0].revents = p[1].revents = 0;
		if (p[1].revents)
			take_signals(u);
		readable = (p[0].revents & POLLIN) != 0;
		if (!u->hung && !u->terminated) {
			/* Readable without a byte, twice: it is closed. */
			empty = take_keys(u) || !readable ? 0 : empty + 1;
			u->hung = empty > 1;
			take_timer(u);
		}
		u->hung = u->hung || gone(&p[0]);
		if (u->hung || u->terminated) {
			stack_store(u);
			return ERR_CANCELLED;
		}
	}
	return ERR_NONE;
}
