/* SPDX-License-Identifier: MIT */
#include "holder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* /proc/PID/stat is one line of some 300 bytes. */
#define PROC_BYTES 1024
/* Field 22 of it, counted from behind the name, which may hold anything. */
#define START_FIELD 20

static size_t read_proc(const char *path, char out[PROC_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, out, PROC_BYTES);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

/* Clock ticks since boot at which the process began; 0: not known. */
static uint64_t started(int64_t pid)
{
	char path[64], text[PROC_BYTES];
	struct str rest, field;
	uint64_t ticks = 0;
	size_t at;

	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
	rest = str_of(text, read_proc(path, text));
	for (at = rest.n; at && rest.p[at - 1] != ')'; at--)
		;
	rest = str_sub(rest, at, rest.n);
	for (size_t i = 0; i < START_FIELD; i++)
		if (!str_word(&rest, &field) ||
		    (i == 0 && str_is(field, "Z"))) /* dead, not yet reaped */
			return 0;
	return str_to_u64(field, &ticks) ? ticks : 0;
}

static struct str boot(char text[PROC_BYTES])
{
	return str_trim(str_of(
		text, read_proc("/proc/sys/kernel/random/boot_id", text)));
}

int64_t holder_pid(void)
{
	return getpid();
}

struct holder holder_self(const struct sys *sys, struct arena *a)
{
	char text[PROC_BYTES], tty[128];
	struct holder h = { .pid = getpid() };

	h.started = started(h.pid);
	h.boot = arena_dup(a, boot(text));
	if (ttyname_r(STDIN_FILENO, tty, sizeof(tty)) == 0)
		h.tty = arena_dup(a, str_from(tty));
	sys->random(sys->self, h.token, sizeof(h.token));
	return h;
}

bool holder_same(const struct holder *a, const struct holder *b)
{
	return a->pid == b->pid && a->started == b->started &&
	       memcmp(a->token, b->token, HOLDER_TOKEN) == 0;
}

bool holder_alive(const struct holder *h)
{
	char text[PROC_BYTES];

	if (h->pid <= 0 || !str_eq(boot(text), h->boot))
		return false;
	if (kill((pid_t)h->pid, 0) != 0 && errno == ESRCH)
		return false;
	return h->started && started(h->pid) == h->started;
}

void holder_write(struct buf *b, const struct holder *h)
{
	buf_u64(b, (uint64_t)h->pid);
	buf_u64(b, h->started);
	buf_text(b, h->boot);
	buf_text(b, h->tty);
	buf_add(b, h->token, sizeof(h->token));
}

struct holder rd_holder(struct rd *r)
{
	struct holder h = { .pid = (int64_t)rd_u64(r) };
	struct str token;

	h.started = rd_u64(r);
	h.boot = rd_text(r);
	h.tty = rd_text(r);
	token = rd_bytes(r, sizeof(h.token));
	if (token.n)
		memcpy(h.token, token.p, token.n);
	return h;
}
