/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "keys.h"

#define ANSWER_MAX ((size_t)4 << 20)
#define FILE_MAX   ((size_t)512 << 20)
#define BLOCK      16384
/* Of user, host and port together. */
#define HOST_MAX 255

struct sending {
	struct cases *cases;
	const struct sync_send *how;
	struct sync_sent *out;
	struct report *rep;
	struct arena *arena;
	char *host, *port; /* port: NULL for the usual one */
	uint64_t total;
};

/* One run of ssh. */
struct line {
	int fd;
	pid_t pid;
};

static enum err say(struct sending *s, enum err rc, const char *text)
{
	if (rc && !s->rep->errors)
		report_add(s->rep, PROBLEM_ERROR, str_from(s->host), "%s",
			   text);
	return rc;
}

/* ---- the host */
static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("@._-", c));
}

static enum err read_host(struct sending *s)
{
	struct str host = s->how->host, port = { NULL, 0 };
	size_t colon;
	uint64_t n;

	if (str_starts(host, STR("ssh://")))
		host = str_sub(host, 6, host.n);
	if (str_ends(host, STR("/")))
		host.n--;
	colon = str_find(host, STR(":"), 0);
	if (colon != SIZE_MAX) {
		port = str_sub(host, colon + 1, host.n);
		host = str_sub(host, 0, colon);
	}
	s->host = arena_cstr(s->arena, host);
	s->port = port.n ? arena_cstr(s->arena, port) : NULL;
	if (!s->host)
		return ERR_NOMEM;
	for (size_t i = 0; i < host.n; i++)
		if (!host_char(host.p[i]))
			host.n = 0;
	if (!host.n || host.n > HOST_MAX || host.p[0] == '-' ||
	    (s->port && (!str_to_u64(port, &n) || n > 65535)))
		return say(s, ERR_INVALID,
			   _("alamat tidak dapat dipakai: ssh://HOST, "
			     "ssh://USER@HOST atau ssh://USER@HOST:PORT"));
	return ERR_NONE;
}

/* ---- the line */
static enum err spawn(struct sending *s, int fd, pid_t *pid)
{
	char ssh[] = "ssh", no_tty[] = "-T", p[] = "-p";
	char sync[] = "sync", import[] = "import", input[] = "-";
	char *plain[] = { ssh, no_tty, s->host, sync, import, input, NULL };
	char *port[] = { ssh,  no_tty, p,     s->port, s->host,
			 sync, import, input, NULL };
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	sigset_t none;
	int e;

	sigemptyset(&none);
	if (posix_spawn_file_actions_init(&acts))
		return ERR_NOMEM;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&acts);
		return ERR_NOMEM;
	}
	e = posix_spawnattr_setsigmask(&attr, &none);
	if (!e)
		e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	if (!e)
		e = posix_spawn_file_actions_adddup2(&acts, fd, STDIN_FILENO);
	if (!e)
		e = posix_spawn_file_actions_adddup2(&acts, fd, STDOUT_FILENO);
	if (!e)
		e = posix_spawnp(pid, "ssh", &acts, &attr,
				 s->port ? port : plain, __environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&acts);
	return err_from_errno(e);
}

static enum err line_open(struct sending *s, struct line *l)
{
	int fds[2];
	enum err rc;

	*l = (struct line){ .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return err_from_errno(errno);
	rc = spawn(s, fds[1], &l->pid);
	close(fds[1]);
	if (rc)
		close(fds[0]);
	else
		l->fd = fds[0];
	return say(s, rc, _("ssh tidak dapat dijalankan di sini"));
}

/* Ends ssh when it was not done; its exit status. */
static int line_close(struct line *l, bool done)
{
	int status = -1;

	if (l->fd < 0)
		return status;
	close(l->fd);
	l->fd = -1;
	if (!done)
		kill(l->pid, SIGTERM);
	while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static enum err put(const struct line *l, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(l->fd, p, n, MSG_NOSIGNAL);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return ERR_IO;
		p += k;
		n -= (size_t)k;
	}
	return ERR_NONE;
}

static ssize_t get(const struct line *l, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(l->fd, p, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* ---- one file */
static enum err greet(struct line *l, struct str file, uint64_t *have)
{
	struct buf b = BUF_INIT(256);
	char answer[64];
	uint8_t hash[32];
	size_t n = 0;
	enum err rc;

	sha256(hash, file);
	buf_adds(&b, "pilar-send ");
	hex(&b, hash, sizeof(hash));
	buf_addf(&b, " %zu\n", file.n);
	rc = b.failed ? b.failed : put(l, b.p, b.n);
	buf_release(&b);
	while (!rc && n < sizeof(answer)) {
		if (get(l, answer + n, 1) != 1)
			return ERR_IO;
		if (answer[n] == '\n')
			break;
		n++;
	}
	if (!rc &&
	    (!str_starts(str_of(answer, n), STR("have ")) ||
	     !str_to_u64(str_of(answer + 5, n - 5), have) || *have > file.n))
		rc = ERR_SYNTAX;
	return rc;
}

static enum err put_rest(struct sending *s, struct line *l, struct str rest)
{
	const struct sync_send *how = s->how;
	enum err rc = ERR_NONE;

	while (rest.n && !rc) {
		size_t k = rest.n < BLOCK ? rest.n : BLOCK;

		if (how->cancelled && how->cancelled(how->arg))
			return ERR_CANCELLED;
		rc = put(l, rest.p, k);
		rest = str_sub(rest, k, rest.n);
		s->out->bytes += k;
		if (how->progress)
			how->progress(how->arg, (size_t)s->out->bytes,
				      (size_t)s->total);
	}
	if (!rc && shutdown(l->fd, SHUT_WR))
		rc = ERR_IO;
	return rc;
}

static enum err take_answer(struct line *l, struct buf *answer)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = get(l, block, sizeof(block))) > 0)
		buf_add(answer, block, (size_t)n);
	return n < 0 ? ERR_IO : answer->failed;
}

/* What came back is taken in like any acknowledgement. */
static enum err take_ack(struct sending *s, struct str answer)
{
	const char *dir = store_dir(cases_store(s->cases));
	struct sync_import how = { .path = path_join(s->arena, dir, "ack.tmp"),
				   .shown = STR("ssh") };
	struct sync_incoming in;
	enum err rc = how.path ? file_write(how.path, answer) : ERR_NOMEM;

	if (!rc)
		rc = sync_import(s->cases, &how, s->arena, &in, s->rep);
	if (how.path)
		unlink(how.path);
	if (!rc && in.kind != SYNC_ACK)
		rc = ERR_SYNTAX;
	if (!rc)
		s->out->received += in.acked;
	return rc;
}

static enum err send_bytes(struct sending *s, struct str file)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct line l;
	uint64_t have = 0;
	enum err rc = line_open(s, &l);
	int status;

	if (!rc)
		rc = greet(&l, file, &have);
	if (!rc)
		rc = put_rest(s, &l, str_sub(file, (size_t)have, file.n));
	if (!rc)
		rc = take_answer(&l, &answer);
	status = line_close(&l, !rc);
	if (!rc && (!WIFEXITED(status) || WEXITSTATUS(status)))
		rc = say(s, ERR_REFUSED,
			 _("kantor menolak berkas itu; alasannya di atas"));
	if (!rc)
		rc = take_ack(s, buf_str(&answer));
	buf_release(&answer);
	if (rc == ERR_CANCELLED)
		return say(s, rc, _("dibatalkan; kirim lagi untuk meneruskan"));
	return say(s, rc, _("sambungan terputus; kirim lagi untuk meneruskan"));
}

/* The file as it was written; when it is gone it is written again. */
static enum err read_or_again(struct sending *s, const struct batch *b,
			      struct buf *file)
{
	struct sync_export again = { .folder = s->how->folder,
				     .again = b->seq,
				     .to = s->how->to,
				     .n_to = s->how->n_to };
	struct str path =
		arena_printf(s->arena, "%.*s/%.*s", STR_ARG(s->how->folder),
			     STR_ARG(b->file));
	struct report said = { 0 };
	struct sync_result r;
	enum err rc = path.p ? file_read(path.p, file) : ERR_NOMEM;

	if (rc != ERR_NOTFOUND)
		return rc;
	rc = sync_export(s->cases, &again, s->arena, &r, &said);
	if (rc)
		report_add(s->rep, PROBLEM_WARNING, b->file,
			   _("tidak dikirim: %.*s"),
			   STR_ARG(report_first(&said, s->arena)));
	report_release(&said);
	return rc ? rc : file_read(path.p, file);
}

static enum err send_file(struct sending *s, const struct batch *b)
{
	struct buf file = BUF_INIT(FILE_MAX);
	enum err rc = read_or_again(s, b, &file);

	/* One for somebody else does not hold up the others. */
	if (rc == ERR_NOTFOUND) {
		buf_release(&file);
		return ERR_NONE;
	}
	if (!rc)
		rc = send_bytes(s, buf_str(&file));
	if (!rc) {
		s->out->files++;
		s->out->events += b->events;
	}
	buf_release(&file);
	return rc;
}

/* What others made goes behind our own. */
static enum err send_others(struct sending *s)
{
	const struct sync_forward how = { .folder = s->how->folder,
					  .to = s->how->to,
					  .n_to = s->how->n_to,
					  .cancelled = s->how->cancelled,
					  .arg = s->how->arg };
	struct buf file = BUF_INIT(FILE_MAX);
	struct sync_forwarded f = { .files = 0 };
	enum err rc = sync_forward(s->cases, &how, s->arena, &f, s->rep);

	if (!rc && f.file.n)
		rc = file_read(f.file.p, &file);
	s->total += file.n;
	if (!rc && file.n)
		rc = send_bytes(s, buf_str(&file));
	if (!rc && file.n) {
		s->out->others += f.files;
		s->out->events += f.events;
		unlink(f.file.p); /* they have it and said so */
	}
	buf_release(&file);
	return rc;
}

/* ---- all that nobody has acknowledged */
static bool acked(struct sending *s, uint64_t seq)
{
	struct str value;

	return cases_note(s->cases, note_name(s->arena, "ack/", seq), s->arena,
			  &value) == ERR_NONE;
}

static enum err export_waiting(struct sending *s)
{
	struct sync_export how = { .folder = s->how->folder,
				   .to = s->how->to,
				   .n_to = s->how->n_to,
				   .cancelled = s->how->cancelled,
				   .arg = s->how->arg };
	struct sync_result r;
	enum err rc;

	do
		rc = sync_export(s->cases, &how, s->arena, &r, s->rep);
	while (!rc && r.file.n);
	return rc;
}

#define NOTE_HOST STR("host")

enum err sync_host(struct cases *c, struct arena *a, struct str *host)
{
	return cases_note(c, NOTE_HOST, a, host);
}

/* Kept once it has worked, so that nobody types it twice. */
static enum err keep_host(struct sending *s)
{
	const struct note n = { NOTE_HOST, s->how->host };
	struct str known = { NULL, 0 };
	enum err rc = sync_host(s->cases, s->arena, &known);

	if (rc && rc != ERR_NOTFOUND)
		return rc;
	return str_eq(known, n.value) ? ERR_NONE
				      : cases_notes_put(s->cases, &n, 1);
}

enum err sync_send(struct cases *c, const struct sync_send *how,
		   struct arena *a, struct sync_sent *out, struct report *rep)
{
	struct sending s = { c, how, out, rep, a, NULL, NULL, 0 };
	struct batch *b = NULL;
	size_t n = 0;
	enum err rc = read_host(&s);

	*out = (struct sync_sent){ 0 };
	if (!rc)
		rc = dir_make(arena_cstr(a, how->folder));
	if (!rc)
		rc = export_waiting(&s);
	if (!rc)
		rc = cases_batches(c, a, &b, &n);
	for (size_t i = 0; !rc && i < n; i++)
		s.total += acked(&s, b[i].seq) ? 0 : b[i].bytes;
	for (size_t i = 0; !rc && i < n; i++)
		if (!acked(&s, b[i].seq))
			rc = send_file(&s, &b[i]);
	if (!rc)
		rc = send_others(&s);
	return rc || !(out->files || out->others) ? rc : keep_host(&s);
}
