/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "pilar/i18n.h"

#include "internal.h"

/* Bracketed paste on and off; terminals that do not know it ignore it. */
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

int64_t ui_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool capable(void)
{
	const char *cup = tigetstr("cup"), *clear_all = tigetstr("clear");

	return cup && cup[0] && clear_all && clear_all[0] &&
	       tigetflag("gn") <= 0 && tigetflag("hc") <= 0;
}

static enum err refuse(struct report *rep, const char *why)
{
	report_add(rep, PROBLEM_ERROR, STR(""),
		   _("%s; tanpa layar bekerja perintah seperti pilar find "
		     "dan pilar fill FORMULIR --line"),
		   why);
	return ERR_REFUSED;
}

/* initscr() takes "dumb" and ends the process on an unknown name. */
static enum err choose_terminal(const char **term, struct report *rep)
{
	int e = 0;
	bool fit;

	*term = getenv("TERM");
	if (setupterm(*term, STDOUT_FILENO, &e) != OK) {
		if (e != 0 || !*term || !**term)
			return refuse(rep, _("TERM tidak disetel"));
		*term = "vt100";
		if (setupterm(*term, STDOUT_FILENO, &e) != OK)
			return refuse(rep, _("jenis terminal tidak dikenal"));
	}
	fit = capable();
	del_curterm(cur_term);
	if (!fit)
		return refuse(rep, _("terminal ini tidak bisa menampilkan "
				     "layar"));
	return ERR_NONE;
}

static enum err start_curses(struct ui *u, const char *term)
{
	u->terminal = newterm(term, u->out, u->in);
	if (!u->terminal)
		return ERR_REFUSED;
	raw(); /* cbreak would lose ^S and ^Z */
	noecho();
	nonl();
	typeahead(-1);
	set_escdelay(ESC_MS);
	u->pad = newpad(1, 1);
	if (!u->pad)
		return ERR_NOMEM;
	keypad(u->pad, TRUE);
	nodelay(u->pad, TRUE);
	meta(u->pad, TRUE);
	u->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	input_setup(u);
	return ERR_NONE;
}

/* Escape sequences only to terminals that move the cursor with one. */
static void send_raw(const struct ui *u, const char *text)
{
	const char *cup = tigetstr("cup");
	size_t n = strlen(text);

	if (!cup || strncmp(cup, "\033[", 2) != 0)
		return;
	if (write(fileno(u->out), text, n) != (ssize_t)n)
		return; /* the next paint will notice */
}

static struct ui *ui_new(FILE *in, FILE *out)
{
	struct ui *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->in = in;
	u->out = out;
	u->signals = -1;
	u->clean = BUF_INIT((size_t)1 << 20);
	u->message = BUF_INIT(4096);
	return u;
}

static void watched(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGQUIT);
	sigaddset(set, SIGWINCH);
}

static enum err find_terminal(const char **term, struct report *rep)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(rep, _("masukan atau keluaran bukan terminal"));
	return choose_terminal(term, rep);
}

enum err ui_fit_terminal(struct report *rep)
{
	const char *term;

	return find_terminal(&term, rep);
}

enum err ui_open(struct ui **out, struct report *rep)
{
	const char *term = NULL, *asked = getenv("TERM");
	struct ui *u = NULL;
	sigset_t set;
	enum err rc;

	*out = NULL;
	rc = find_terminal(&term, rep);
	if (rc || !term)
		return rc;
	u = ui_new(stdin, stdout);
	if (!u)
		return ERR_NOMEM;
	/* LINES and COLUMNS of the environment would freeze the size. */
	use_env(TRUE);
	use_tioctl(TRUE);
	watched(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		u->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	rc = start_curses(u, term);
	if (rc) {
		ui_close(u);
		return rc == ERR_REFUSED ? refuse(rep, _("terminal menolak"))
					 : rc;
	}
	send_raw(u, PASTE_ON);
	if (asked && strcmp(term, asked) != 0)
		ui_message(u, _("Jenis terminal tidak dikenal, dipakai %s"),
			   term);
	*out = u;
	return ERR_NONE;
}

enum err ui_open_on(struct ui **out, const struct ui_files *files,
		    struct report *rep)
{
	struct ui *u = ui_new(files->in, files->out);
	enum err rc;

	*out = NULL;
	if (!u)
		return ERR_NOMEM;
	use_env(TRUE);
	use_tioctl(FALSE);
	rc = start_curses(u, files->term);
	if (rc) {
		report_add(rep, PROBLEM_ERROR, STR(""), "newterm");
		ui_close(u);
		return rc;
	}
	resize_term(files->rows, files->cols);
	*out = u;
	return ERR_NONE;
}

static void signals_close(struct ui *u)
{
	struct signalfd_siginfo told;
	sigset_t set;

	/* One that came in the meantime tells what is done already. */
	while (read(u->signals, &told, sizeof(told)) > 0)
		continue;
	close(u->signals);
	/* ncurses' own handlers would reach for the closed screen */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	watched(&set);
	/* The signal of a hang-up comes after the descriptor told of it: what
	 * is still to be closed must not be cut short. */
	if (!u->hung && !u->terminated)
		sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void ui_close(struct ui *u)
{
	if (!u)
		return;
	stack_free(u);
	if (u->terminal && !u->hung) {
		/* Nothing stays readable where there is no second screen. */
		erase();
		refresh();
		if (u->signals >= 0)
			send_raw(u, PASTE_OFF);
		endwin();
	}
	if (u->pad)
		delwin(u->pad);
	if (u->terminal)
		delscreen(u->terminal);
	if (u->signals >= 0)
		signals_close(u);
	arena_release(&u->scratch);
	buf_release(&u->clean);
	buf_release(&u->message);
	vec_release(&u->ahead);
	free(u);
}

/*
 * Stops the whole process group, as a shell's ^Z does. Where nobody could wake
 * it (ForceCommand, no shell above) nothing happens: the kernel ignores the
 * signal in an orphaned group, and without a shell in this session we do not
 * even ask.
 */
void ui_suspend(struct ui *u)
{
	if (u->signals < 0 || getsid(getppid()) != getsid(0))
		return;
	send_raw(u, PASTE_OFF);
	endwin();
	if (kill(0, SIGTSTP))
		u->repaint = true;
	send_raw(u, PASTE_ON);
	u->repaint = true;
}

int ui_rows(const struct ui *u)
{
	(void)u;
	return LINES;
}

int ui_cols(const struct ui *u)
{
	(void)u;
	return COLS;
}

void ui_resized(struct ui *u, int rows, int cols)
{
	if (rows < 1 || cols < 1)
		return;
	resize_term(rows, cols);
	u->repaint = true;
}
