/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pilar/i18n.h"
#include "pilar/seal.h"
#include "pilar/utf8.h"

#include "app.h"

/* Every command of the program, by file. */
/* clang-format off */
static const struct command *(*const groups[])(void) = {
	commands_help,
	commands_form,
	commands_forms,
	commands_try,
	commands_sync,
	commands_store,
	commands_demo,
	commands_alike,
	commands_case,
	commands_conflict,
	commands_fill,
	commands_draft,
	commands_keep,
	commands_worker,
	commands_import,
	commands_doctor,
	commands_acts,
	commands_due,
	commands_sync_in,
	commands_key,
	commands_pass,
	commands_sync_load,
	commands_kit,
	commands_sync_send,
	commands_recap,
	commands_stats,
};
/* clang-format on */

/* How many of argv the words take, or 0 when they do not match. */
static int match(const char *words, int argc, char **argv)
{
	int n = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (n == argc || strlen(argv[n]) != len ||
		    strncmp(argv[n], words, len) != 0)
			return 0;
		words += len;
		words += *words == ' ';
		n++;
	}
	return n;
}

/* The command with the most words that match. */
static const struct command *find_command(int argc, char **argv, int *used)
{
	const struct command *best = NULL;

	*used = 0;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		for (const struct command *c = groups[i](); c->words; c++) {
			int n = match(c->words, argc, argv);

			best = n > *used ? c : best;
			*used = n > *used ? n : *used;
		}
	return best;
}

static void print_command(const struct command *c, FILE *to)
{
	/* The text "" is what gettext keeps its header under. */
	fprintf(to, "  pilar %s%s%s\n      %s\n", c->words,
		*c->usage ? " " : "", *c->usage ? _(c->usage) : "", _(c->help));
}

/* The commands that begin with `words`. */
static void print_commands(const char *words, FILE *to)
{
	size_t n = strlen(words);

	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		for (const struct command *c = groups[i](); c->words; c++)
			if (strncmp(c->words, words, n) == 0)
				print_command(c, to);
}

/* In the order of a working day; the first words of every command. */
static void print_topics(FILE *to)
{
	static const struct {
		const char *title;
		const char *words[8];
	} topics[] = {
		{ N_("Mulai"),
		  { "help", "version", "init", "demo", "profile", "worker",
		    "doctor" } },
		{ N_("Mengisi"), { "fill", "draft", "verify", "stats" } },
		{ N_("Kasus"),
		  { "find", "case", "duplicates", "recap", "import" } },
		{ N_("Kirim dan terima"), { "sync", "kit" } },
		{ N_("Penyimpanan dan kunci"), { "store", "key" } },
		{ N_("Formulir"), { "form" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		fprintf(to, "\n%s\n", _(topics[i].title));
		for (size_t k = 0; topics[i].words[k]; k++)
			print_commands(topics[i].words[k], to);
	}
}

int app_usage(const char *words, FILE *to)
{
	fprintf(to, _("Pemakaian: pilar [opsi] [perintah]\n"));
	fprintf(to, "  --store DIR  --worker W  --lang id|en  --json  -q  "
		    "--pass-fd N  --data DIR  --version\n");
	if (words)
		print_commands(words, to);
	else
		print_topics(to);
	return EXIT_USAGE;
}

static int help_of(const struct command *c)
{
	print_command(c, stdout);
	printf(_("  Contoh: %s\n"), c->example);
	return EXIT_DONE;
}

/* The commands that begin with the same word are what was meant. */
static int unknown(int argc, char **argv)
{
	struct buf b = BUF_INIT(BUFSIZ);

	for (int i = 0; i < argc && i < 2; i++) {
		if (i)
			buf_adds(&b, " ");
		utf8_clean(&b, str_from(argv[i]));
	}
	fprintf(stderr,
		_("pilar: perintah tidak dikenal: %.*s; pilar help "
		  "menyebut semuanya\n"),
		STR_ARG(buf_str(&b)));
	buf_release(&b);
	return app_usage(argv[0], stderr);
}

static int dispatch(struct app *app, int argc, char **argv)
{
	char *forced[FORCED_WORDS];
	const struct command *c;
	int used;

	if (!argc) {
		argv = forced;
		argc = app_forced(app, forced, FORCED_WORDS);
	}
	if (argc < 0)
		return EXIT_FAILED;
	if (!argc)
		return app_screens(app);
	/* What app_options() left: --help, --version. */
	argv[0] += argv[0][0] == '-' ? 2 : 0;
	c = find_command(argc, argv, &used);
	if (!c)
		return unknown(argc, argv);
	for (int i = used; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return help_of(c);
	app->command = c;
	return c->run(app, argc - used, argv + used);
}

/*
 * A closed standard file would be the next one that is opened: the store. What
 * takes its place can be neither read nor written.
 */
static void fill_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		bool closed = fcntl(fd, F_GETFD) < 0;

		if (closed && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			_exit(EXIT_FAILED);
	}
}

/* What was printed must have reached its reader. */
static int printed(int status)
{
	if ((!fflush(stdout) && !ferror(stdout)) || status != EXIT_DONE)
		return status;
	fprintf(stderr, "pilar: %s\n", _("keluaran tidak bisa ditulis"));
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct app app = { .pass_fd = -1, .sys = sys_real() };
	int used, status;

	fill_standard_files();
	seal_process_harden();
	used = app_options(&app, argc - 1, argv + 1);
	if (i18n_init(app.lang ? app.lang : "id")) {
		fprintf(stderr, "pilar: --lang id | en\n");
		return EXIT_USAGE;
	}
	if (used < 0)
		status = app_usage(NULL, stderr);
	else
		status = dispatch(&app, argc - 1 - used, argv + 1 + used);
	app_close(&app);
	return printed(status);
}
