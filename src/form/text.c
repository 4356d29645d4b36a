/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * Labels, hints and messages. What stands in the form is cut into pieces of
 * literal text and outputs; each output is compiled for the slot that shows
 * it, so that relative paths mean the right node.
 */

/* An expression may read every node; a form has few of that kind. */
static enum err count_reads(struct form *f, const struct xpath *x)
{
	size_t n = 0;

	xpath_deps(x, &n);
	f->n_reads += n;
	if (f->n_reads <= FORM_MAX_READS)
		return ERR_NONE;
	def_error(f, f->name,
		  _("ungkapan formulir membaca terlalu banyak "
		    "simpul"));
	return ERR_TOOBIG;
}

enum err def_compile(struct form *f, struct str text, uint32_t slot,
		     const char *what, const struct xpath **out)
{
	struct xpath_scope scope = { .shape = &f->shape,
				     .slot = slot,
				     .names = f->names,
				     .prefixes = f->prefixes,
				     .n_prefixes = f->n_prefixes,
				     .instances = &f->instance_ids,
				     .looks = &f->looks,
				     .pool = &f->pool };
	struct xpath *x = NULL;
	enum err rc;

	*out = NULL;
	scope.place = slot == TREE_NO_SLOT ? str_from(what)
					   : def_place(f, slot, what);
	rc = xpath_compile(&x, &f->arena, text, &scope, f->rep);
	*out = x;
	f->n_expressions += !rc;
	if (!rc)
		return count_reads(f, x);
	/* A fault is in the report; the next expression may have one, too. */
	return rc == ERR_NOMEM || rc == ERR_TOOBIG ? rc : ERR_NONE;
}

bool unquote(struct str s, struct str *inside)
{
	char q;

	s = str_trim(s);
	if (s.n < 2)
		return false;
	q = s.p[0];
	if ((q != '\'' && q != '"') || s.p[s.n - 1] != q)
		return false;
	*inside = str_sub(s, 1, s.n - 1);
	return !memchr(inside->p, q, inside->n);
}

/* Does the bracket at `open` close at the very end? */
static bool closes_last(struct str s, size_t open)
{
	int depth = 0;
	char quote = 0;

	for (size_t i = open; i < s.n; i++) {
		char c = s.p[i];

		if (quote) {
			if (c == quote)
				quote = 0;
			continue;
		}
		if (c == '\'' || c == '"')
			quote = c;
		depth += (c == '(') - (c == ')');
		if (depth == 0)
			return i + 1 == s.n;
	}
	return false;
}

bool itext_call(struct str s, struct str *argument)
{
	const struct str name = STR("jr:itext");
	size_t open = name.n;

	s = str_trim(s);
	if (!str_starts(s, name))
		return false;
	while (open < s.n && s.p[open] == ' ')
		open++;
	if (open >= s.n || s.p[open] != '(' || !closes_last(s, open))
		return false;
	*argument = str_sub(s, open + 1, s.n - 1);
	return true;
}

/* ---- pieces */

typedef VEC(struct piece) piece_vec;

static enum err add_literal(piece_vec *v, struct str text)
{
	struct piece *p;

	if (!text.n)
		return ERR_NONE;
	p = vec_push(v);
	if (!p)
		return ERR_NOMEM;
	p->text = text;
	return ERR_NONE;
}

/* An expression that a text consists of or has in it. */
static enum err text_compile(struct form *f, struct str text, uint32_t slot,
			     const char *what, const struct xpath **out)
{
	enum err rc = def_compile(f, text, slot, what, out);

	return rc ? rc : watcher_add(f, WATCH_TEXT, slot, *out);
}

static enum err add_output(struct form *f, piece_vec *v, const struct node *n,
			   uint32_t slot)
{
	struct str text = part_attr(n, "value", NO_URI);
	const struct xpath *x;
	struct piece *p;
	enum err rc;

	if (!text.n)
		text = part_attr(n, "ref", NO_URI);
	if (!text.n)
		return ERR_NONE;
	rc = text_compile(f, text, slot, "output", &x);
	if (rc || !x)
		return rc;
	p = vec_push(v);
	if (!p)
		return ERR_NOMEM;
	p->x = x;
	return ERR_NONE;
}

static enum err add_pieces(struct form *f, piece_vec *v, const struct node *n,
			   uint32_t slot)
{
	enum err rc = ERR_NONE;

	for (const struct node *k = n->first; k && !rc; k = k->next) {
		if (k->kind == NODE_TEXT)
			rc = add_literal(v, k->text);
		else if (k->kind != NODE_ELEMENT)
			continue;
		else if (str_is(k->name->local, "output"))
			rc = add_output(f, v, k, slot);
		else
			rc = add_pieces(f, v, k, slot);
	}
	return rc;
}

enum err pieces_of(struct form *f, const struct node *n, uint32_t slot,
		   struct pieces *out)
{
	piece_vec v = { 0 };
	struct piece *at;
	enum err rc;

	rc = add_pieces(f, &v, n, slot);
	if (rc || !v.n)
		goto out;
	at = arena_array(&f->arena, v.n, sizeof(*at));
	if (!at) {
		rc = ERR_NOMEM;
		goto out;
	}
	memcpy(at, v.at, v.n * sizeof(*at));
	*out = (struct pieces){ at, v.n };
out:
	vec_release(&v);
	return rc;
}

/* ---- what an author may write where a text belongs */

static enum err text_of_itext(struct form *f, struct str argument,
			      uint32_t slot, const char *what, struct text *out)
{
	const struct itext *t;
	struct str id;

	if (!unquote(argument, &id)) {
		out->kind = TEXT_NAMED;
		return text_compile(f, argument, slot, what, &out->x);
	}
	t = map_get(&f->itext, id);
	if (!t) {
		def_warn(f, def_place(f, slot, what),
			 _("teks \"%.*s\" tidak ada di itext"), STR_ARG(id));
		return ERR_NONE;
	}
	out->kind = TEXT_ITEXT;
	return itext_for(f, t, slot, &out->in);
}

enum err text_of_element(struct form *f, const struct node *n, uint32_t slot,
			 struct text *out)
{
	struct str ref = part_attr(n, "ref", NO_URI), argument;
	uint32_t at = slot == TREE_NO_SLOT ? 0 : slot;

	if (itext_call(ref, &argument))
		return text_of_itext(f, argument, at, "label", out);
	if (ref.n) {
		out->kind = TEXT_VALUE;
		return text_compile(f, ref, at, "label", &out->x);
	}
	out->kind = TEXT_PIECES;
	return pieces_of(f, n, at, &out->pieces);
}

enum err text_of_message(struct form *f, struct str message, uint32_t slot,
			 const char *what, struct text *out)
{
	struct str argument;
	struct piece *p;

	if (itext_call(message, &argument))
		return text_of_itext(f, argument, slot, what, out);
	p = arena_alloc(&f->arena, sizeof(*p));
	if (!p)
		return ERR_NOMEM;
	p->text = message;
	out->kind = TEXT_PIECES;
	out->pieces = (struct pieces){ p, 1 };
	return ERR_NONE;
}
