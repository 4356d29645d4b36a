/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/lists.h"
#include "pilar/when.h"

#include "demo.h"

#define SPEC_MAX ((size_t)1 << 20)
/* Submissions that go into one transaction. */
#define BATCH 64
/* Forms are filled from eight to four. */
#define SECOND  INT64_C(1000)
#define MINUTE  (60 * SECOND)
#define HOUR    (60 * MINUTE)
#define DAY     (24 * HOUR)
#define OPENING (8 * HOUR)
#define WORKDAY (8 * HOUR)

/* One `run` of the table, on its way through time. */
struct scene {
	const struct demo_row *run;
	struct str *ids; /* whom it is about; NULL: nobody yet */
	size_t n, k;
	int64_t next; /* when its k-th filling is, or it opens */
	bool open;
};
#define SCENES_MAX 200

struct story {
	struct app *app;
	struct demo_spec spec;
	struct sys_fixed clock;
	struct cases *cases;
	int64_t today; /* midnight, local, in UTC milliseconds */
	struct submission batch[BATCH];
	size_t waiting;
	size_t told; /* submissions in the store */
	struct scene scenes[SCENES_MAX];
	size_t n_scenes;
	const struct demo_row *last; /* the run that was told from last */
};

/*
 * The k-th of n fillings of a run: days go by evenly, later fillings of a day
 * come later in it. The order of events is the order of their times.
 */
static int64_t moment(struct story *st, const struct demo_row *run, size_t k,
		      size_t n)
{
	double part = ((double)k + sys_random01(&st->clock.sys)) / (double)n;
	double ago = (double)run->from - (double)(run->from - run->to) * part;
	int64_t day = (int64_t)ceil(ago);
	double hour = ((double)day - ago) * (double)WORKDAY;

	return st->today - day * DAY + OPENING + (int64_t)hour;
}

static enum err flush(struct story *st)
{
	enum err rc = ERR_NONE;

	if (st->waiting)
		rc = cases_submit_all(st->cases, st->batch, st->waiting,
				      &st->app->report);
	st->told += rc ? 0 : st->waiting;
	for (size_t i = 0; i < st->waiting; i++)
		submission_release(&st->batch[i]);
	st->waiting = 0;
	return rc;
}

/* Who was closed on the way is not visited any more. */
static bool is_closed(struct story *st, const struct cases_start *how)
{
	struct arena a = { 0 };
	struct entity e = { .n_props = 0 };
	bool closed =
		how->entity.n &&
		!cases_entity(st->cases, how->dataset, how->entity, &a, &e) &&
		e.closed;

	arena_release(&a);
	return closed;
}

static enum err tell(struct story *st, const struct demo_row *run,
		     struct str entity, int64_t at)
{
	struct cases_start how = { .form = run->form };
	struct submission *sub = &st->batch[st->waiting];
	struct report *rep = &st->app->report;
	struct session *s = NULL;
	struct ref fixed;
	bool closed;
	enum err rc;

	if (entity.n) {
		how.dataset = run->name;
		how.entity = entity;
	}
	st->clock.at = at;
	closed = is_closed(st, &how);
	rc = cases_start(st->cases, &how, &s, &fixed, closed ? NULL : rep);
	if (rc == ERR_REFUSED && closed)
		return ERR_NONE;
	if (!rc)
		rc = demo_fill(&st->spec, s, &st->clock.sys, rep);
	if (!rc)
		rc = session_finalise(s, sub, rep);
	sub->at = at;
	st->waiting += !rc;
	session_free(s);
	if (!rc && st->waiting == BATCH)
		rc = flush(st);
	return rc;
}

/* The ids of a dataset's entities, in the arena of the program. */
static enum err entities(struct story *st, struct str dataset, struct str **ids,
			 size_t *n)
{
	struct arena *a = &st->app->arena;
	struct lists *lists = cases_lists(st->cases);
	struct str src =
		arena_printf(a, "jr://file-csv/%.*s.csv", STR_ARG(dataset));
	const uint32_t *rows = NULL;
	struct list *l = NULL;
	size_t name;
	enum err rc = lists->open(lists, dataset, src, &l, &st->app->report);

	if (!rc)
		rc = l->ops->all(l, a, &rows, n);
	if (rc)
		return rc;
	name = list_column(l, STR("name"));
	*ids = arena_array(a, *n ? *n : 1, sizeof(**ids));
	if (name == SIZE_MAX || !*ids)
		rc = *ids ? ERR_INVALID : ERR_NOMEM;
	for (size_t i = 0; !rc && i < *n; i++)
		(*ids)[i] = arena_dup(a, l->ops->cell(l, rows[i], name));
	l->ops->release(l);
	return rc;
}

static void shuffle(struct story *st, struct str *ids, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(sys_random01(&st->clock.sys) * (double)i);
		struct str t = ids[i - 1];

		ids[i - 1] = ids[j];
		ids[j] = t;
	}
}

static enum err open_times(struct scene *scene)
{
	uint64_t n;

	if (!str_to_u64(scene->run->value, &n) || n > DEMO_MAX_TIMES)
		return ERR_INVALID;
	scene->n = n;
	return ERR_NONE;
}

static enum err open_share(struct story *st, struct scene *scene)
{
	char *text = arena_cstr(&st->app->arena, scene->run->value);
	double share = text ? strtod(text, NULL) : 0;
	size_t n = 0;
	enum err rc = cases_refresh(st->cases);

	if (!rc)
		rc = entities(st, scene->run->name, &scene->ids, &n);
	if (rc)
		return rc;
	if (!(share > 0 && share <= 1))
		return ERR_INVALID;
	shuffle(st, scene->ids, n);
	scene->n = (size_t)((double)n * share);
	return ERR_NONE;
}

/* From its first day on: what was made before then is there to choose from. */
static enum err open_scene(struct story *st, struct scene *scene)
{
	enum err rc = flush(st);

	if (!rc)
		rc = scene->run->name.n ? open_share(st, scene)
					: open_times(scene);
	scene->open = true;
	if (!rc && scene->n)
		scene->next = moment(st, scene->run, 0, scene->n);
	return rc;
}

static enum err play(struct story *st, struct scene *scene)
{
	struct str entity =
		scene->ids ? scene->ids[scene->k] : (struct str){ NULL, 0 };
	enum err rc = ERR_NONE;

	if (st->last != scene->run)
		rc = flush(st); /* one run may build on another */
	st->last = scene->run;
	if (!rc)
		rc = tell(st, scene->run, entity, scene->next);
	if (++scene->k < scene->n)
		scene->next = moment(st, scene->run, scene->k, scene->n);
	return rc;
}

/* What happens next; NULL: the story is told. */
static struct scene *next_scene(struct story *st)
{
	struct scene *first = NULL;

	for (size_t i = 0; i < st->n_scenes; i++) {
		struct scene *s = &st->scenes[i];

		if ((!s->open || s->k < s->n) &&
		    (!first || s->next < first->next))
			first = s;
	}
	return first;
}

static enum err set_scenes(struct story *st)
{
	vec_each (row, &st->spec.rows) {
		if (row->kind != DEMO_RUN)
			continue;
		if (st->n_scenes == SCENES_MAX)
			return ERR_TOOBIG;
		st->scenes[st->n_scenes++] =
			(struct scene){ .run = row,
					.next = st->today - row->from * DAY };
	}
	return ERR_NONE;
}

/* Inside the making of the store: when it fails, no store is left. */
static enum err run_all(void *arg, struct cases *c)
{
	struct story *st = arg;
	struct scene *scene = NULL;
	enum err rc = set_scenes(st);

	st->cases = c;
	while (!rc && (scene = next_scene(st)))
		rc = scene->open ? play(st, scene) : open_scene(st, scene);
	if (!rc)
		rc = flush(st);
	if (rc && scene)
		report_add(&st->app->report, PROBLEM_ERROR,
			   arena_printf(&st->app->arena, _("%s, baris %zu"),
					st->spec.file, scene->run->line),
			   _("cerita contoh tidak bisa dijalankan"));
	for (size_t i = 0; i < st->waiting; i++)
		submission_release(&st->batch[i]);
	return rc;
}

static struct str worker_text(const struct demo_spec *d, const char *name)
{
	const struct demo_row *r =
		demo_find(d, DEMO_WORKER, STR(""), str_from(name));

	return r ? r->value : (struct str){ NULL, 0 };
}

static enum err make_store(struct story *st)
{
	struct cases_setup how = {
		.worker_code = worker_text(&st->spec, "code"),
		.worker_name = worker_text(&st->spec, "name"),
		.worker_role = worker_text(&st->spec, "role"),
		.village = worker_text(&st->spec, "village"),
		.language = str_from(st->app->lang ? st->app->lang : "id"),
	};

	return app_create(st->app, &how, run_all, st);
}

static enum err read_spec(struct story *st)
{
	const char *path =
		path_join(&st->app->arena, app_data_dir(st->app), "demo.csv");
	struct buf bytes = BUF_INIT(SPEC_MAX);
	enum err rc = path ? file_read(path, &bytes) : ERR_NOMEM;

	if (!rc)
		rc = demo_read(&st->spec, buf_str(&bytes), path,
			       &st->app->report);
	else if (path)
		report_add(&st->app->report, PROBLEM_ERROR, str_from(path),
			   _("tidak bisa dibaca"));
	buf_release(&bytes);
	return rc;
}

static void say(const struct story *st)
{
	struct cases *c = st->app->cases;
	const struct datasets *all = cases_datasets(c);

	app_say(stdout, _("Data contoh dibuat di %s\n"),
		app_store_dir(st->app));
	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);

		printf("  %.*s: %zu\n", STR_ARG(d->name),
		       cases_count(c, d->name));
	}
	printf(_("  isian: %zu\n"), st->told);
}

static bool read_clock(struct story *st, const char *now, const char *seed)
{
	int64_t at = sys_now(st->app->sys);
	struct when w;
	uint64_t n = 1;

	if (now && !when_parse(str_from(now), &w))
		return false;
	if (now)
		at = when_utc(sys_real(), &w);
	if (seed && (!str_to_u64(str_from(seed), &n) || n == 0))
		return false;
	when_local(sys_real(), at, &w);
	st->today = at - w.hour * HOUR - w.minute * MINUTE - w.second * SECOND -
		    w.milli;
	sys_fixed_init(&st->clock, at, SYS_ZONE_ENV, n);
	return true;
}

static int run_demo(struct app *app, int argc, char **argv)
{
	const char *now = NULL, *seed = NULL;
	const struct app_flag flags[] = { { "--now", &now, NULL },
					  { "--seed", &seed, NULL },
					  { 0 } };
	struct story *st = calloc(1, sizeof(*st));
	enum err rc = st ? ERR_NONE : ERR_NOMEM;

	if (rc)
		return app_fail(app, rc);
	st->app = app;
	if (app_flags(app, argc, argv, flags, 0) != 0 ||
	    !read_clock(st, now, seed)) {
		free(st);
		return app_usage(app->command->words, stderr);
	}
	app->sys = &st->clock.sys;
	rc = read_spec(st);
	if (!rc)
		rc = make_store(st);
	app->sys = sys_real();
	if (!rc && !app->quiet)
		rc = app_open(app);
	if (!rc && !app->quiet)
		say(st);
	demo_release(&st->spec);
	free(st);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

static const struct command commands[] = {
	{ "demo", run_demo, N_("[--now TANGGAL] [--seed N]"),
	  "pilar --store latihan demo",
	  N_("Membuat penyimpanan latihan berisi keluarga buatan.") },
	{ 0 },
};

const struct command *commands_demo(void)
{
	return commands;
}
