/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/cases.h"
#include "pilar/draft.h"
#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/keying.h"
#include "pilar/screens.h"
#include "pilar/search.h"
#include "pilar/session.h"

#include "app.h"

/* Answers of one form: far more than a person types in a year. */
#define ANSWERS_MAX ((size_t)16 << 20)

struct fill {
	struct app *app;
	const char *form, *entity, *answers, *out, *remark;
	bool draft, lines;
	struct session *session;
	size_t line;
	struct keying keying; /* for the audit log, where one is asked for */
};

static enum err refuse(struct fill *f, const char *why)
{
	struct str place = arena_printf(&f->app->arena, _("%s, baris %zu"),
					f->answers, f->line);

	report_add(&f->app->report, PROBLEM_ERROR, place, "%s", why);
	return ERR_INVALID;
}

/* The sentence for a refused act; the form's own words when it has some. */
static enum err check(struct fill *f, struct ref r, enum err rc)
{
	struct str said;

	if (rc == ERR_REFUSED)
		return refuse(f, _("ditolak: tidak relevan, terkunci, atau "
				   "pilihan itu tidak ada"));
	if (rc != ERR_CONSTRAINT)
		return rc;
	if (f->draft)
		return ERR_NONE;
	said = session_message(f->session, r);
	return refuse(f, said.n ? arena_cstr(&f->app->arena, said)
				: _("jawaban tidak memenuhi syaratnya"));
}

static enum err act_set(struct fill *f, const struct json *q)
{
	struct ref r = session_find(f->session, json_get_str(q, "ref"));

	if (!r.node)
		return refuse(f, _("tidak ada pertanyaan itu"));
	return check(
		f, r,
		session_answer(f->session, r, json_get_str(q, "value"), NULL));
}

static enum err act_add(struct fill *f, const struct json *q)
{
	const struct json *after = json_get(q, "after");
	struct ref holder;
	const struct item *i = session_find_repeat(
		f->session, json_get_str(q, "ref"), &holder);
	size_t n = SIZE_MAX;

	if (!i)
		return refuse(f, _("bukan daftar berulang"));
	if (after && json_int(after) >= 0)
		n = (size_t)json_int(after);
	return check(f, holder, session_add(f->session, i, holder, n, NULL));
}

static enum err act_remove(struct fill *f, const struct json *q)
{
	struct str path = json_get_str(q, "ref");
	struct ref r = session_find(f->session, path);

	if (!r.node || !str_ends(path, STR("]")))
		return refuse(f, _("tidak ada baris itu"));
	return check(f, r, session_remove(f->session, r, NULL));
}

static enum err act_lang(struct fill *f, const struct json *q)
{
	if (session_set_language(f->session, json_get_str(q, "lang")))
		return refuse(f, _("bahasa itu tidak ada di formulir"));
	return ERR_NONE;
}

/* On the form as a whole without a question. */
static enum err act_remark(struct fill *f, const struct json *q)
{
	struct str path = json_get_str(q, "ref");
	struct ref r = path.n ? session_find(f->session, path)
			      : session_root(f->session);
	enum err rc;

	if (!r.node)
		return refuse(f, _("tidak ada pertanyaan itu"));
	path = session_path(f->session, r, &f->app->arena);
	rc = keying_set_remark(&f->keying, path, json_get_str(q, "text"));
	return rc == ERR_TOOBIG ? refuse(f, _("terlalu banyak catatan")) : rc;
}

static enum err act(struct fill *f, const struct json *q)
{
	static const struct {
		const char *name;
		enum err (*run)(struct fill *f, const struct json *q);
	} acts[] = {
		{ "set", act_set },       { "add", act_add },
		{ "remove", act_remove }, { "lang", act_lang },
		{ "remark", act_remark },
	};
	struct str op = json_get_str(q, "op");

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (str_is(op, acts[i].name))
			return acts[i].run(f, q);
	return refuse(f, _("harus set, add, remove, lang atau remark"));
}

static enum err act_line(struct fill *f, struct str line)
{
	struct json *q = NULL;
	enum err rc;

	f->line++;
	if (!str_trim(line).n)
		return ERR_NONE;
	rc = json_parse(&q, line, NULL);
	if (rc || !json_is_object(q))
		rc = refuse(f, _("bukan satu objek JSON"));
	else
		rc = act(f, q);
	json_free(q);
	return rc;
}

static enum err act_all(struct fill *f)
{
	struct buf text = BUF_INIT(ANSWERS_MAX);
	enum err rc = file_read(f->answers, &text);
	struct str rest = buf_str(&text), line;

	if (rc)
		report_add(&f->app->report, PROBLEM_ERROR, str_from(f->answers),
			   _("berkas tidak bisa dibaca"));
	while (!rc && str_split(&rest, '\n', &line))
		rc = act_line(f, line);
	buf_release(&text);
	return rc;
}

/* "DATASET:UUID" into its two parts. */
static enum err split_entity(struct fill *f, struct cases_start *start)
{
	struct str rest = str_from(f->entity);

	if (!f->entity)
		return ERR_NONE;
	if (str_split(&rest, ':', &start->dataset) && rest.n) {
		start->entity = rest;
		return ERR_NONE;
	}
	report_add(&f->app->report, PROBLEM_ERROR, STR("--entity"),
		   _("harus seperti DAFTAR:UUID"));
	return ERR_INVALID;
}

/* A draft without remarks begins as every form does. */
static enum err keep_remarks(struct fill *f, struct draft *d)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	enum err rc;

	if (!keying_remark_count(&f->keying))
		return ERR_NONE;
	f->keying.mode = keying_mode_of(session_form(f->session));
	keying_write(&f->keying, &b);
	rc = b.failed ? b.failed : draft_keep(d, buf_str(&b), true);
	buf_release(&b);
	return rc;
}

static enum err keep_draft(struct fill *f, const struct cases_start *start)
{
	struct draft *d = NULL;
	enum err rc = draft_new(&d, f->app->cases, f->session, start->dataset,
				start->entity);

	if (!rc)
		rc = keep_remarks(f, d);
	if (!rc)
		printf("%.*s\n", STR_ARG(draft_id(d)));
	draft_close(d);
	return rc;
}

/* Who fills it for somebody else is told; a remark says that he knows. */
static enum err warn_of_twins(struct fill *f, const struct submission *sub)
{
	struct twin *twins = NULL;
	size_t n = 0;
	enum err rc = f->remark ? ERR_NONE
				: cases_twins(f->app->cases, sub,
					      &f->app->arena, &twins, &n);

	for (size_t i = 0; i < n; i++)
		report_add(&f->app->report, PROBLEM_WARNING, twins[i].like.id,
			   _("mungkin sama dengan yang baru: %.*s"),
			   STR_ARG(twins[i].like.why));
	return rc;
}

/* The log a form asks for lies beside its submission, as ODK has it. */
static enum err write_copy(struct fill *f, const struct submission *sub)
{
	const char *slash = strrchr(f->out, '/');
	size_t folder = slash ? (size_t)(slash - f->out) + 1 : 0;
	struct str log = arena_printf(&f->app->arena, "%.*s%s", (int)folder,
				      f->out, PARADATA_NAME);
	enum err rc = file_write(f->out, sub->xml);

	if (!rc && sub->audit.n)
		rc = log.p ? file_write(log.p, sub->audit) : ERR_NOMEM;
	return rc;
}

static enum err submit(struct fill *f)
{
	struct submission sub = { 0 };
	struct paradata *log = &f->keying.log;
	enum err rc = session_finalise(f->session, &sub, &f->app->report);

	paradata_event(log, "form finalize", STR(""), sys_now(f->app->sys));
	if (!rc)
		rc = warn_of_twins(f, &sub);
	if (!rc)
		rc = keying_export(&f->keying, &sub);

	/* The copy first: when it cannot be written nothing is recorded. */
	if (!rc && f->out)
		rc = write_copy(f, &sub);
	if (!rc)
		rc = cases_submit(f->app->cases, &sub, STR(""),
				  &f->app->report);
	if (!rc)
		printf("%.*s\n", STR_ARG(sub.instance_id));
	submission_release(&sub);
	return rc;
}

/* Standard input and output, whatever they are. */
static enum err fill_lines(struct fill *f, const struct cases_start *start)
{
	struct fill_lines how = { .start = *start, .in = stdin, .out = stdout };
	enum err rc = screens_fill_lines(f->app->cases, &how, &f->app->report);

	if (!rc && how.saved.n)
		printf("%.*s\n", STR_ARG(how.saved));
	arena_release(&how.arena);
	return rc;
}

static void log_begin(struct fill *f)
{
	struct paradata *log = &f->keying.log;

	paradata_begin(log, session_form(f->session),
		       cases_worker(f->app->cases)->code);
	paradata_event(log, "form start", STR(""), sys_now(f->app->sys));
}

static enum err run_filling(struct fill *f)
{
	struct app *app = f->app;
	struct cases_start start = { .form = str_from(f->form),
				     .remark = str_from(f->remark) };
	struct ref fixed;
	enum err rc = app_open(app);

	if (!rc)
		rc = split_entity(f, &start);
	if (!rc && f->lines)
		return fill_lines(f, &start);
	if (!rc)
		rc = cases_start(app->cases, &start, &f->session, &fixed,
				 &app->report);
	if (!rc && app->lang)
		/* A form without that language keeps its own. */
		(void)!session_set_language(f->session, str_from(app->lang));
	if (!rc)
		log_begin(f);
	if (!rc)
		rc = keying_remark_form(&f->keying, f->session, start.remark);
	if (!rc)
		rc = act_all(f);
	if (!rc)
		rc = f->draft ? keep_draft(f, &start) : submit(f);
	session_free(f->session);
	keying_release(&f->keying);
	return rc;
}

static int run_fill(struct app *app, int argc, char **argv)
{
	struct fill f = { .app = app };
	const struct app_flag flags[] = { { "--entity", &f.entity, NULL },
					  { "--answers", &f.answers, NULL },
					  { "--remark", &f.remark, NULL },
					  { "-o", &f.out, NULL },
					  { "--draft", NULL, &f.draft },
					  { "--line", NULL, &f.lines },
					  { 0 } };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1 || !f.answers == !f.lines)
		return app_usage(app->command->words, stderr);
	f.form = argv[0];
	rc = run_filling(&f);
	if (rc)
		return app_fail(app, rc);
	app_warn(app);
	return EXIT_DONE;
}

const struct command *commands_fill(void)
{
	static const struct command rows[] = {
		{ "fill", run_fill,
		  N_("FORMULIR [--entity DAFTAR:UUID] [--remark TEKS] (--line "
		     "| --answers F.jsonl [--draft] [-o HASIL.xml])"),
		  "pilar fill kunjungan --answers jawaban.jsonl",
		  N_("Mengisi formulir baris demi baris, tanya dan jawab, "
		     "atau dari berkas jawaban.") },
		{ 0 },
	};

	return rows;
}
