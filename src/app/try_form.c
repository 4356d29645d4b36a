/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/lists.h"
#include "pilar/session.h"

#include "try.h"

/* `pilar form try`: a form filled in by lines of JSON (TRY.md). */

#define PROPS_MAX 16

struct
try {
	struct form *form;
	struct session *session;
	struct lists *lists;
	struct sys_fixed clock;
	bool frozen;
	struct arena arena; /* of one line */
	struct report report;
	struct entity_prop props[PROPS_MAX];
	size_t n_props;
};

struct op {
	const char *name;
	struct json *(*answer)(struct try *t, const struct json *q);
};

/* ---- answers */

static struct json *ok(void)
{
	struct json *j = json_object_new();

	json_set(j, "ok", json_bool_new(true));
	return j;
}

static struct json *refused(struct str why)
{
	struct json *j = json_object_new();

	json_set(j, "ok", json_bool_new(false));
	json_set(j, "error", json_str_new(why));
	return j;
}

/* Every error of the report, one a line. */
static struct str problems(struct try *t, enum err rc)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);

	vec_each (p, &t->report.problems) {
		if (p->severity != PROBLEM_ERROR)
			continue;
		if (b.n)
			buf_addc(&b, '\n');
		if (p->place.n)
			buf_addf(&b, "%.*s: ", STR_ARG(p->place));
		buf_addstr(&b, p->text);
	}
	if (!b.n)
		buf_adds(&b, err_str(rc));
	return buf_give(&b, &t->arena);
}

static struct json *result(struct try *t, enum err rc)
{
	if (!rc)
		return ok();
	return refused(rc == ERR_REFUSED ? str_from(_("ditolak"))
					 : problems(t, rc));
}

static struct json *no_such_node(void)
{
	return refused(str_from(_("tidak ada simpul itu")));
}

static void set_text(struct json *j, const char *key, struct str s)
{
	json_set(j, key, s.p ? json_str_new(s) : json_null_new());
}

static struct ref ref_of(struct try *t, const struct json *q)
{
	return session_find(t->session, json_get_str(q, "ref"));
}

static const char *verdict_name(enum verdict v)
{
	return v == MISSING ? "required" : "constraint";
}

/* ---- looking */

static void set_verdict(struct try *t, struct json *j, struct ref r)
{
	enum verdict v = session_verdict(t->session, r);
	struct str message;

	json_set(j, "valid", json_bool_new(v == VALID));
	if (v == VALID)
		return;
	json_set(j, "kind", json_str_new(str_from(verdict_name(v))));
	message = session_message(t->session, r);
	if (message.n)
		set_text(j, "message", message);
}

static struct json *op_get(struct try *t, const struct json *q)
{
	struct session *s = t->session;
	struct ref r = ref_of(t, q);
	struct json *j;

	if (!r.node)
		return no_such_node();
	j = json_object_new();
	if (session_is_leaf(s, r))
		set_text(j, "value", session_value(s, r));
	if (r.node->kind == NODE_ATTR)
		return j;
	json_set(j, "relevant", json_bool_new(session_relevant(s, r)));
	json_set(j, "readonly", json_bool_new(session_readonly(s, r)));
	set_text(j, "label", session_label(s, r));
	set_text(j, "hint", session_hint(s, r));
	if (session_is_leaf(s, r)) {
		json_set(j, "required", json_bool_new(session_required(s, r)));
		set_verdict(t, j, r);
	}
	return j;
}

static struct json *op_choices(struct try *t, const struct json *q)
{
	struct ref r = ref_of(t, q);
	const struct choice *c;
	struct json *j, *list;
	size_t n;
	enum err rc;

	if (!r.node)
		return no_such_node();
	rc = session_choices(t->session, r, &t->arena, &c, &n);
	if (rc)
		return result(t, rc);
	j = json_object_new();
	list = json_array_new();
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object_new();

		set_text(one, "value", c[i].value);
		set_text(one, "label", c[i].label);
		json_push(list, one);
	}
	json_set(j, "choices", list);
	return j;
}

static const struct item *repeat_of(struct try *t, const struct json *q,
				    struct ref *holder)
{
	return session_find_repeat(t->session, json_get_str(q, "ref"), holder);
}

static struct json *not_a_repeat(void)
{
	return refused(str_from(_("bukan pengulangan")));
}

static struct json *op_count(struct try *t, const struct json *q)
{
	struct ref holder;
	const struct item *i = repeat_of(t, q, &holder);
	struct json *j;
	bool fixed;
	size_t n;

	if (!i)
		return not_a_repeat();
	n = session_count(t->session, i, holder, &fixed);
	j = json_object_new();
	json_set(j, "count", json_int_new((int64_t)n));
	json_set(j, "fixed", json_bool_new(fixed));
	return j;
}

/* ---- the walk */

static const char *const step_names[] = {
	[STEP_QUESTION] = "question",
	[STEP_GROUP] = "group",
	[STEP_REPEAT] = "repeat",
	[STEP_PROMPT] = "prompt",
};

static struct str step_ref(struct try *t, const struct step *step)
{
	struct str path = session_path(t->session, step->ref, &t->arena);
	const struct qname *q;

	if (step->kind != STEP_PROMPT)
		return path;
	q = form_shape(t->form)->slots[step->item->slot].name;
	return arena_printf(&t->arena, "%.*s/%.*s%s%.*s", STR_ARG(path),
			    STR_ARG(q->prefix), q->prefix.n ? ":" : "",
			    STR_ARG(q->local));
}

static struct json *op_walk(struct try *t, const struct json *q)
{
	struct json *j = json_object_new(), *events = json_array_new();
	struct step *steps;
	size_t n;
	enum err rc;

	(void)q;
	rc = session_outline(t->session, &t->arena, &steps, &n);
	if (rc) {
		json_free(events);
		json_free(j);
		return result(t, rc);
	}
	for (size_t i = 0; i < n; i++) {
		struct json *e = json_object_new();

		json_set(e, "kind",
			 json_str_new(str_from(step_names[steps[i].kind])));
		set_text(e, "ref", step_ref(t, &steps[i]));
		json_push(events, e);
	}
	json_set(j, "events", events);
	return j;
}

static struct json *op_validate(struct try *t, const struct json *q)
{
	struct json *j, *list;
	struct violation *v;
	size_t n;
	enum err rc;

	(void)q;
	rc = session_validate(t->session, &t->arena, &v, &n);
	if (rc)
		return result(t, rc);
	j = json_object_new();
	list = json_array_new();
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object_new();

		set_text(one, "ref",
			 session_path(t->session, v[i].ref, &t->arena));
		json_set(one, "kind",
			 json_str_new(str_from(verdict_name(v[i].verdict))));
		set_text(one, "message", v[i].message);
		json_push(list, one);
	}
	json_set(j, "valid", json_bool_new(n == 0));
	json_set(j, "violations", list);
	return j;
}

/* ---- acting */

static struct json *op_set(struct try *t, const struct json *q)
{
	struct ref r = ref_of(t, q);
	struct json *j;
	enum err rc;

	if (!r.node)
		return no_such_node();
	rc = session_answer(t->session, r, json_get_str(q, "value"), NULL);
	if (rc != ERR_REFUSED && rc != ERR_CONSTRAINT)
		return result(t, rc);
	j = refused(rc == ERR_REFUSED ? str_from(_("ditolak"))
				      : session_message(t->session, r));
	json_set(j, "stored", json_bool_new(rc == ERR_CONSTRAINT));
	return j;
}

static struct json *op_add(struct try *t, const struct json *q)
{
	const struct json *after = json_get(q, "after");
	struct ref holder;
	const struct item *i = repeat_of(t, q, &holder);
	size_t n = SIZE_MAX;

	if (!i)
		return not_a_repeat();
	if (after && json_int(after) < 0)
		return result(t, ERR_REFUSED);
	if (after)
		n = (size_t)json_int(after);
	return result(t, session_add(t->session, i, holder, n, NULL));
}

static struct json *op_remove(struct try *t, const struct json *q)
{
	struct str ref = json_get_str(q, "ref");
	struct ref r = session_find(t->session, ref);

	if (!r.node || !str_ends(ref, STR("]")))
		return no_such_node();
	return result(t, session_remove(t->session, r, NULL));
}

static struct json *op_lang(struct try *t, const struct json *q)
{
	return result(
		t, session_set_language(t->session, json_get_str(q, "lang")));
}

static struct json *op_now(struct try *t, const struct json *q)
{
	struct sys_fixed clock;
	const char *time = arena_cstr(&t->arena, json_get_str(q, "time"));
	enum err rc = time ? try_clock(&clock, time, &t->report) : ERR_NOMEM;

	if (!rc) {
		t->clock.at = clock.at;
		t->frozen = true;
	}
	return result(t, rc);
}

/* ---- documents */

static struct json *written(struct try *t, enum err (*write)(struct session *s,
							     struct buf *out))
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	enum err rc = write(t->session, &b);
	struct json *j;

	if (!rc)
		rc = b.failed;
	if (rc) {
		buf_release(&b);
		return result(t, rc);
	}
	j = json_object_new();
	set_text(j, "xml", buf_str(&b));
	buf_release(&b);
	return j;
}

static struct json *op_submit(struct try *t, const struct json *q)
{
	(void)q;
	return written(t, session_submit_xml);
}

static struct json *op_save(struct try *t, const struct json *q)
{
	(void)q;
	return written(t, session_save_xml);
}

static struct json *op_restore(struct try *t, const struct json *q)
{
	return result(t, session_restore(t->session, json_get_str(q, "xml"),
					 false, &t->report));
}

static struct json *op_edit(struct try *t, const struct json *q)
{
	return result(t, session_restore(t->session, json_get_str(q, "xml"),
					 true, &t->report));
}

static struct json *op_eval(struct try *t, const struct json *q)
{
	struct str ref = json_get_str(q, "ref");
	struct ref context = session_root(t->session);
	struct xpath_value v = { 0 };
	enum err rc;

	context.node = context.node->parent;
	rc = session_eval(t->session, ref.n ? ref : STR("/"), context,
			  &t->arena, &v, &t->report);
	if (!rc && (v.type != XPATH_NODESET || v.n != 1))
		rc = ERR_NOTFOUND;
	if (!rc) {
		context.node = v.nodes[0];
		rc = session_eval(t->session, json_get_str(q, "expr"), context,
				  &t->arena, &v, &t->report);
	}
	if (rc)
		return try_error(problems(t, rc));
	return try_value(&v, &t->clock.sys,
			 session_root(t->session).node->parent, &t->arena);
}

static const struct op ops[] = {
	{ "get", op_get },           { "set", op_set },
	{ "choices", op_choices },   { "count", op_count },
	{ "add", op_add },           { "remove", op_remove },
	{ "walk", op_walk },         { "lang", op_lang },
	{ "validate", op_validate }, { "submit", op_submit },
	{ "save", op_save },         { "restore", op_restore },
	{ "edit", op_edit },         { "now", op_now },
	{ "eval", op_eval },
};

static struct json *answer(void *self, const struct json *question)
{
	struct try *t = self;
	struct str name = json_get_str(question, "op");

	arena_reset(&t->arena);
	report_release(&t->report);
	if (!t->frozen)
		t->clock.at = sys_now(sys_real());
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (str_is(name, ops[i].name))
			return ops[i].answer(t, question);
	return refused(str_from(_("perintah tidak dikenal")));
}

/* ---- loading */

static struct json *hello(const struct form *f)
{
	struct json *j = ok(), *languages = json_array_new();

	set_text(j, "title", form_title(f));
	if (form_id(f).n)
		set_text(j, "id", form_id(f));
	if (form_version(f).n)
		set_text(j, "version", form_version(f));
	for (size_t i = 0; i < form_language_count(f); i++)
		json_push(languages, json_str_new(form_language(f, i)));
	json_set(j, "languages", languages);
	return j;
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return arena_cstr(a, str_of(path, (size_t)(slash - path) + 1));
}

static enum err load_form(struct try *t, const char *path, bool missing)
{
	struct form_options opt = { .allow_missing = missing, .name = path };
	const char *dir = folder_of(&t->arena, path);
	struct buf xml = BUF_INIT(TREE_MAX_BYTES);
	enum err rc = dir ? file_read(path, &xml) : ERR_NOMEM;

	if (rc == ERR_TOOBIG)
		report_add(&t->report, PROBLEM_ERROR, str_from(path),
			   _("berkas lebih besar daripada %u MB"),
			   (unsigned)(TREE_MAX_BYTES >> 20));
	if (!rc)
		rc = dir_lists_new(&t->lists, dir);
	opt.lists = t->lists;
	if (!rc)
		rc = form_new(&t->form, buf_str(&xml), &opt, &t->report);
	buf_release(&xml);
	return rc;
}

static enum err load(struct try *t, const char *path, bool missing)
{
	struct session_options opt = { .sys = &t->clock.sys,
				       .props = t->props,
				       .n_props = t->n_props,
				       .report = &t->report };
	enum err rc = load_form(t, path, missing);

	return rc ? rc : session_new(&t->session, t->form, &opt);
}

/* Takes --prop NAME=VALUE off the words; how many are left, or -1. */
static int take_props(struct try *t, int argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		const char *eq;

		if (strcmp(argv[i], "--prop") != 0) {
			argv[kept++] = argv[i];
			continue;
		}
		eq = i + 1 < argc ? strchr(argv[i + 1], '=') : NULL;
		if (!eq || t->n_props == PROPS_MAX)
			return -1;
		i++;
		t->props[t->n_props].name =
			str_of(argv[i], (size_t)(eq - argv[i]));
		t->props[t->n_props++].value = str_from(eq + 1);
	}
	return kept;
}

static int run(struct app *app, struct try *t, const char *path,
	       const char *now, bool missing)
{
	enum err rc;

	sys_fixed_init(&t->clock, sys_now(app->sys), SYS_ZONE_ENV, 0);
	if (now)
		rc = try_clock(&t->clock, now, &t->report);
	else
		rc = ERR_NONE;
	t->frozen = now != NULL;
	if (!rc)
		rc = load(t, path, missing);
	if (rc) {
		if (try_print(refused(problems(t, rc))))
			return app_fail(app, ERR_IO);
		return EXIT_FAILED;
	}
	rc = try_print(hello(t->form));
	if (!rc)
		rc = try_lines(answer, t);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

int try_form(struct app *app, int argc, char **argv)
{
	struct try t = { 0 };
	const char *now = NULL;
	bool missing = false;
	const struct app_flag flags[] = {
		{ "--now", &now, NULL },
		{ "--allow-missing", NULL, &missing },
		{ 0 },
	};
	int status;

	argc = take_props(&t, argc, argv);
	if (argc > 0)
		argc = app_flags(app, argc, argv, flags, 1);
	if (argc != 1)
		return app_usage("form try", stderr);
	status = run(app, &t, argv[0], now, missing);
	session_free(t.session);
	form_free(t.form);
	dir_lists_free(t.lists);
	arena_release(&t.arena);
	report_release(&t.report);
	return status;
}
