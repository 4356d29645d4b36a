/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "ses.h"

/* The instance as XML: written, and taken back. */

static bool keep_all(const struct node *n, void *arg)
{
	const struct session *s = arg;
	const struct slot *def;

	if (!n->data)
		return true;
	def = &s->form->slots[n->slot];
	/* A deprecatedID that only we put there is written when it says
	 * something. */
	return !def->silent || shown_value(n).n > 0;
}

static bool keep_relevant(const struct node *n, void *arg)
{
	return !n->hidden && keep_all(n, arg);
}

static enum err end_form(struct session *s)
{
	enum err rc;

	rc = preload_end(s, s->root);
	if (!rc)
		rc = settle_all(s);
	return rc ? rc : fire_load(s, EVENT_REVALIDATE);
}

/* What a leaf is written as: in normal form C, and of a draft the raw value. */
static enum err expose(struct session *s, struct node *n, bool raw)
{
	struct str text = raw ? raw_value(n) : shown_value(n), nfc = text;

	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80) {
			nfc = utf8_nfc(&s->scratch, text);
			break;
		}
	if (text.n && !nfc.p)
		return ERR_NOMEM;
	return str_eq(nfc, shown_value(n)) ? ERR_NONE : value_expose(s, n, nfc);
}

static enum err conceal(struct session *s, struct node *n, bool raw)
{
	(void)raw;
	return value_expose(s, n, shown_value(n));
}

static enum err each_leaf(struct session *s, struct node *n, bool raw,
			  enum err (*visit)(struct session *s, struct node *n,
					    bool raw))
{
	enum err rc = cell(n)->leaf ? visit(s, n, raw) : ERR_NONE;

	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (a->data)
			rc = visit(s, a, raw);
	for (struct node *k = n->first, *next; k && !rc; k = next) {
		next = k->next;
		if (k->data)
			rc = each_leaf(s, k, raw, visit);
	}
	return rc;
}

static enum err write_tree(struct session *s, struct buf *out, bool raw,
			   node_filter keep)
{
	enum err rc, back;

	rc = each_leaf(s, s->root, raw, expose);
	if (!rc)
		rc = tree_write(out, s->root, keep, s);
	back = each_leaf(s, s->root, raw, conceal);
	arena_reset(&s->scratch);
	return rc ? rc : back;
}

enum err session_submit_xml(struct session *s, struct buf *out)
{
	enum err rc;

	call_begin(s);
	rc = end_form(s);
	return rc ? rc : write_tree(s, out, false, keep_relevant);
}

/* A draft keeps what was answered, also where it is not offered now. */
enum err session_save_xml(struct session *s, struct buf *out)
{
	return write_tree(s, out, true, keep_all);
}

/* ---- taking back */

static bool same_form(const struct form *f, const struct node *root)
{
	struct str id = part_attr(root, "id", NO_URI);

	return str_eq(root->name->local, f->shape.slots[0].name->local) &&
	       (!id.n || str_eq(id, f->id));
}

static enum err read_document(struct session *s, struct str xml,
			      struct tree **out, struct report *rep)
{
	struct node *root;
	enum err rc;

	rc = tree_parse(out, xml, "instance", rep);
	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_INVALID;
	root = (*out)->element;
	if (!same_form(s->form, root)) {
		report_add(rep, PROBLEM_ERROR, STR(""),
			   _("bukan isian formulir %.*s"),
			   STR_ARG(s->form->id));
		return ERR_INVALID;
	}
	return source_bind(s->form, &(*out)->arena, root, 0);
}

/* Everything that points into the old tree goes with it. */
static void forget_tree(struct session *s, struct tree *old)
{
	act_drop(s);
	acts_clear(&s->done);
	acts_clear(&s->undone);
	free(s->rewind);
	s->rewind = NULL;
	parked_clear(s);
	vec_reset(&s->firings);
	tree_free(old);
}

static enum err replace_tree(struct session *s, const struct node *src)
{
	struct session was = *s;
	enum err rc;

	rc = tree_start(s);
	if (!rc)
		rc = tree_fill(s, src);
	if (rc) {
		tree_free(s->tree);
		s->tree = s->env.tree = was.tree;
		s->root = was.root;
		s->ghosts = was.ghosts;
		s->nowhere = was.nowhere;
		return rc;
	}
	forget_tree(s, was.tree);
	return ERR_NONE;
}

/* The record that is edited keeps its name, as the one before. */
static enum err begin_edit(struct session *s)
{
	struct node *id = node_near(s, s->form->instance_id, s->root);
	struct node *before = node_near(s, s->form->deprecated_id, s->root);
	enum err rc;

	if (!id || !before)
		return ERR_NONE;
	if (!shown_value(id).n)
		return ERR_NONE;
	rc = value_put(s, before, shown_value(id));
	return rc ? rc : uid_new(s, id);
}

static enum err load_again(struct session *s)
{
	enum err rc;

	act_begin(s);
	s->loading = s->reopening = true;
	rc = work_subtree(s, s->root);
	if (!rc)
		rc = settle(s);
	if (!rc)
		rc = fire_load(s, EVENT_LOAD);
	s->loading = s->reopening = false;
	if (rc) {
		act_drop(s);
		return rc;
	}
	return act_take(s, &s->rewind);
}

enum err session_restore(struct session *s, struct str xml, bool edit,
			 struct report *rep)
{
	struct tree *doc = NULL;
	enum err rc;

	call_begin(s);
	rc = read_document(s, xml, &doc, rep);
	if (rc)
		goto out;
	rc = replace_tree(s, doc->element);
	if (rc)
		goto out;
	if (edit)
		rc = begin_edit(s);
	if (!rc)
		rc = load_again(s);
out:
	tree_free(doc);
	return rc;
}

/* ---- finalising */

static enum err report_violations(struct session *s, const struct violation *v,
				  size_t n, struct report *rep)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct str text = v[i].message;

		if (!text.n)
			text = v[i].verdict == MISSING
				       ? str_from(_("wajib diisi"))
				       : str_from(_("jawaban tidak sah"));
		report_add(rep, PROBLEM_ERROR, session_path(s, v[i].ref, &a),
			   "%.*s", STR_ARG(text));
	}
	arena_release(&a);
	return n ? ERR_CONSTRAINT : ERR_NONE;
}

static enum err check_valid(struct session *s, struct report *rep)
{
	struct arena a = { 0 };
	struct violation *v;
	size_t n;
	enum err rc;

	rc = session_validate(s, &a, &v, &n);
	if (!rc)
		rc = report_violations(s, v, n, rep);
	arena_release(&a);
	return rc;
}

/* A form may name the node and forget to fill it. */
static enum err ensure_id(struct session *s)
{
	struct node *id = node_near(s, s->form->instance_id, s->root);

	if (!id || shown_value(id).n)
		return ERR_NONE;
	return uid_new(s, id);
}

static struct str meta_text(struct session *s, const char *local,
			    struct arena *a)
{
	return arena_dup(a, submission_meta(s->root, local, a));
}

struct str session_edits(struct session *s, struct arena *a)
{
	return meta_text(s, "deprecatedID", a);
}

static enum err write_submission(struct session *s, struct submission *out)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct arena *a = &out->arena;
	enum err rc;

	rc = session_submit_xml(s, &b);
	if (!rc)
		rc = b.failed;
	out->xml = buf_give(&b, a);
	out->instance_id = meta_text(s, "instanceID", a);
	out->deprecated_id = session_edits(s, a);
	out->name = meta_text(s, "instanceName", a);
	out->form_id = arena_dup(a, s->form->id);
	out->form_version = arena_dup(a, s->form->version);
	return !rc && !out->xml.p ? ERR_NOMEM : rc;
}

enum err session_finalise(struct session *s, struct submission *out,
			  struct report *rep)
{
	enum err rc;

	*out = (struct submission){ 0 };
	rc = check_valid(s, rep);
	if (!rc)
		rc = ensure_id(s);
	if (!rc)
		rc = write_submission(s, out);
	if (!rc)
		rc = form_entities(s->form, s->root, &out->arena, &out->ops,
				   &out->n_ops, rep);
	if (rc)
		submission_release(out);
	return rc;
}

void submission_release(struct submission *sub)
{
	arena_release(&sub->arena);
	*sub = (struct submission){ 0 };
}
