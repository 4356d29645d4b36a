/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
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
#include "pilar/utf8.h"

#include "keys.h"

#define ANSWER_MAX ((size_t)4 << 20)
#define FILE_MAX   ((size_t)512 << 20)
#define BLOCK      16384
/* How often a person who wants to stop is looked for, milliseconds. */
#define LOOK_MS 100
/* Of what ssh says, and its status when it did not get there. */
#define SAID_MAX   ((size_t)4096)
#define SSH_FAILED 255
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
	FILE *said; /* what it wrote to standard error */
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
	return ascii_letter(c) || ascii_digit(c) || (c && strchr("@._-", c));
}

static bool host_ok(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!host_char(host.p[i]))
			return false;
	/* what begins with a dash is an option to ssh */
	return host.n && host.n <= HOST_MAX && host.p[0] != '-';
}

static bool port_ok(struct str port)
{
	uint64_t n;

	return str_to_u64(port, &n) && n <= 65535;
}

static enum err read_host(struct sending *s)
{
	struct str host = s->how->host, port = { NULL, 0 };
	size_t colon;

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
	if (!host_ok(host) || (s->port && !port_ok(port)))
		return say(s, ERR_INVALID,
			   _("alamat tidak dapat dipakai: ssh://HOST, "
			     "ssh://USER@HOST atau ssh://USER@HOST:PORT"));
	return ERR_NONE;
}

/* ---- the line */
#define SSH_WORDS 12

static void ssh_words(const struct sending *s, char *out[SSH_WORDS])
{
	static char ssh[] = "ssh", no_tty[] = "-T", p[] = "-p", o[] = "-o";
	static char batch[] = "BatchMode=yes", sync[] = "sync";
	static char import[] = "import", input[] = "-";
	size_t n = 0;

	out[n++] = ssh;
	out[n++] = no_tty;
	if (s->how->quiet) {
		out[n++] = o;
		out[n++] = batch;
	}
	if (s->port) {
		out[n++] = p;
		out[n++] = s->port;
	}
	out[n++] = s->host;
	out[n++] = sync;
	out[n++] = import;
	out[n++] = input;
	out[n] = NULL;
}

static enum err spawn(struct sending *s, int fd, int said, pid_t *pid)
{
	const int to[][2] = { { fd, STDIN_FILENO },
			      { fd, STDOUT_FILENO },
			      { said, STDERR_FILENO } };
	posix_spawn_file_actions_t acts;
	char *words[SSH_WORDS];
	posix_spawnattr_t attr;
	sigset_t none;
	int e;

	ssh_words(s, words);
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
	for (size_t i = 0; i < ARRAY_LEN(to) && !e; i++)
		e = posix_spawn_file_actions_adddup2(&acts, to[i][0], to[i][1]);
	if (!e)
		e = posix_spawnp(pid, words[0], &acts, &attr, words, __environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&acts);
	return err_from_errno(e);
}

static enum err line_open(struct sending *s, struct line *l)
{
	int fds[2];
	enum err rc;

	*l = (struct line){ .fd = -1, .said = tmpfile() };
	if (!l->said || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return err_from_errno(errno);
	rc = spawn(s, fds[1], fileno(l->said), &l->pid);
	close(fds[1]);
	if (rc)
		close(fds[0]);
	else
		l->fd = fds[0];
	return say(s, rc, _("ssh tidak dapat dijalankan di sini"));
}

/* The last line that it or the other side said; may be empty. */
static struct str last_said(const struct sending *s, struct line *l)
{
	struct buf clean = BUF_INIT(4 * SAID_MAX);
	char text[SAID_MAX];
	struct str rest, row, out = STR("");
	size_t n;

	if (!l->said || fseek(l->said, 0, SEEK_SET))
		return out;
	n = fread(text, 1, sizeof(text), l->said);
	rest = str_of(text, n);
	while (str_split(&rest, '\n', &row))
		if (str_trim(row).n)
			out = str_trim(row);
	if (str_starts(out, STR("pilar: -: ")))
		out = str_sub(out, strlen("pilar: -: "), out.n);
	utf8_clean(&clean, out);
	return buf_give(&clean, s->arena);
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

/* Until it gives or takes; a person may stop a line that does neither. */
static enum err wait_for(struct sending *s, const struct line *l, short what)
{
	const struct sync_send *how = s->how;
	struct pollfd p = { .fd = l->fd, .events = what };
	int n = 0;

	while (!n) {
		n = poll(&p, 1, LOOK_MS);
		if (how->cancelled && how->cancelled(how->arg))
			return ERR_CANCELLED;
		if (n < 0 && errno == EINTR)
			n = 0;
	}
	return n < 0 ? ERR_IO : ERR_NONE;
}

static enum err put(struct sending *s, const struct line *l, struct str rest)
{
	while (rest.n) {
		enum err rc = wait_for(s, l, POLLOUT);
		ssize_t k;

		if (rc)
			return rc;
		k = send(l->fd, rest.p, rest.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (k < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (k < 0)
			return ERR_IO;
		rest = str_sub(rest, (size_t)k, rest.n);
	}
	return ERR_NONE;
}

/* *n is 0 at the end. */
static enum err get(struct sending *s, const struct line *l, void *p,
		    size_t max, size_t *n)
{
	enum err rc = wait_for(s, l, POLLIN);
	ssize_t got = -1;

	while (!rc && got < 0) {
		got = read(l->fd, p, max);
		if (got < 0 && errno != EINTR)
			rc = ERR_IO;
	}
	*n = got > 0 ? (size_t)got : 0;
	return rc;
}

/* ---- one file */
static enum err read_line(struct sending *s, struct line *l, char *to,
			  size_t max, size_t *n)
{
	size_t got = 1;
	enum err rc = ERR_NONE;

	for (*n = 0; !rc && *n < max; ++*n) {
		rc = get(s, l, to + *n, 1, &got);
		if (!rc && !got)
			rc = ERR_IO;
		if (!rc && to[*n] == '\n')
			break;
	}
	return rc;
}

static enum err greet(struct sending *s, struct line *l, struct str file,
		      uint64_t *have)
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
	rc = b.failed ? b.failed : put(s, l, buf_str(&b));
	buf_release(&b);
	if (!rc)
		rc = read_line(s, l, answer, sizeof(answer), &n);
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

		rc = put(s, l, str_sub(rest, 0, k));
		if (rc)
			break;
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

static enum err take_answer(struct sending *s, struct line *l,
			    struct buf *answer)
{
	char block[BLOCK];
	size_t n = 1;
	enum err rc = ERR_NONE;

	while (!rc && n) {
		rc = get(s, l, block, sizeof(block), &n);
		buf_add(answer, block, n);
	}
	return rc ? rc : answer->failed;
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

static enum err say_why(struct sending *s, struct line *l, const char *what)
{
	struct str why = last_said(s, l);

	if (!s->rep->errors && why.n)
		report_add(s->rep, PROBLEM_ERROR, str_from(s->host), "%s: %.*s",
			   what, STR_ARG(why));
	return ERR_REFUSED;
}

/* Why it ended, where it said so; a line that broke under way is no reason. */
static enum err say_ended(struct sending *s, struct line *l, int status,
			  bool there)
{
	if (!WIFEXITED(status) || !WEXITSTATUS(status))
		return ERR_NONE;
	if (WEXITSTATUS(status) != SSH_FAILED)
		return say_why(s, l, _("ditolak di sana"));
	return there ? ERR_IO : say_why(s, l, _("ssh tidak tersambung"));
}

static enum err send_bytes(struct sending *s, struct str file)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct line l;
	uint64_t have = 0;
	enum err rc = line_open(s, &l), ended;
	bool there;
	int status;

	if (!rc)
		rc = greet(s, &l, file, &have);
	there = !rc;
	if (!rc)
		rc = put_rest(s, &l, str_sub(file, (size_t)have, file.n));
	if (!rc)
		rc = take_answer(s, &l, &answer);
	/* Where the answer ended early it ends by itself, and says why. */
	status = line_close(&l, !rc || rc == ERR_IO);
	ended = rc == ERR_CANCELLED ? rc : say_ended(s, &l, status, there);
	rc = ended ? ended : rc;
	if (!rc)
		rc = take_ack(s, buf_str(&answer));
	buf_release(&answer);
	if (l.said)
		fclose(l.said);
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
				   .progress = s->how->progress,
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

/* What would go, without making a file. */
static enum err count_only(struct sending *s, const struct batch *b, size_t n)
{
	const struct sync_export own = { .dry = true };
	const struct sync_forward others = { .folder = s->how->folder,
					     .to = s->how->to,
					     .n_to = s->how->n_to,
					     .dry = true };
	struct sync_forwarded f;
	struct sync_result r;
	enum err rc = sync_export(s->cases, &own, s->arena, &r, s->rep);

	if (!rc)
		rc = sync_forward(s->cases, &others, s->arena, &f, s->rep);
	if (rc)
		return rc;
	s->out->files = r.events > 0;
	s->out->others = f.files;
	s->out->events = r.events + f.events;
	s->out->bytes = r.bytes + f.bytes;
	for (size_t i = 0; i < n; i++) {
		if (acked(s, b[i].seq))
			continue;
		s->out->files++;
		s->out->events += b[i].events;
		s->out->bytes += b[i].bytes;
	}
	return ERR_NONE;
}

static enum err send_all(struct sending *s, const struct batch *b, size_t n)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		s->total += acked(s, b[i].seq) ? 0 : b[i].bytes;
	for (size_t i = 0; !rc && i < n; i++)
		if (!acked(s, b[i].seq))
			rc = send_file(s, &b[i]);
	if (!rc)
		rc = send_others(s);
	if (rc || !(s->out->files || s->out->others))
		return rc;
	return keep_host(s);
}

enum err sync_send(struct cases *c, const struct sync_send *how,
		   struct arena *a, struct sync_sent *out, struct report *rep)
{
	struct sending s = { c, how, out, rep, a, NULL, NULL, 0 };
	struct batch *b = NULL;
	size_t n = 0;
	enum err rc = read_host(&s);

	*out = (struct sync_sent){ 0 };
	if (!rc && !how->dry)
		rc = dir_make(arena_cstr(a, how->folder));
	if (!rc && !how->dry)
		rc = export_waiting(&s);
	if (!rc)
		rc = cases_batches(c, a, &b, &n);
	if (rc)
		return rc;
	return how->dry ? count_only(&s, b, n) : send_all(&s, b, n);
}
