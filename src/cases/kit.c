/* SPDX-License-Identifier: MIT */
#include "internal.h"

#include "pilar/arrive.h"
#include "pilar/i18n.h"

#include "lists.h"

/*
 * Forms, files and workers: they change seldom, so one number tells every
 * process that has them in memory to look again.
 */
#define META_KIT "kit"

/* A form: `head` with what lists show, `xml` beside it. */
enum { FORM_HEAD = 'h', FORM_XML = 'x' };

struct head {
	uint64_t added; /* the newest version is the one added last */
	bool removed;   /* not offered any more; drafts and events keep it */
	struct str title;
};

enum err kit_number(struct txn *t, uint64_t *out)
{
	struct str value;
	enum err rc = txn_get(t, TABLE_META, STR(META_KIT), &value);
	struct rd r = RD_INIT(value);

	*out = rc ? 0 : rd_u64(&r);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err kit_begin(struct cases *c, struct txn **t)
{
	return txn_begin(t, c->store, STORE_MAIN, TXN_WRITE);
}

enum err kit_commit(struct cases *c, struct txn **t)
{
	struct buf b = BUF_INIT(8);
	uint64_t n = 0;
	enum err rc = kit_number(*t, &n);

	buf_u64(&b, n + 1);
	if (!rc)
		rc = b.failed;
	if (!rc)
		rc = txn_put(*t, TABLE_META, STR(META_KIT), buf_str(&b));
	buf_release(&b);
	if (rc)
		return rc;
	rc = txn_commit(t);
	if (!rc && c->lists) {
		kit_forget(c);
		c->kit = n + 1;
	}
	return rc;
}

/* Others may hold what is replaced: it goes with the handle. */
void kit_forget(struct cases *c)
{
	struct retired *old = c->datasets ? vec_push(&c->retired) : NULL;

	if (old)
		old->datasets = c->datasets;
	c->datasets = NULL;
	c->datasets_known = false;
	vec_each (f, &c->forms) {
		old = vec_push(&c->retired);
		if (old)
			old->form = f->form;
	}
	vec_reset(&c->forms);
	if (c->lists)
		store_lists_forget(c->lists);
	if (c->computing)
		store_lists_forget(c->computing);
}

/* ---- keys and heads */
static void form_key(struct key *k, char kind, struct str id,
		     struct str version)
{
	*k = (struct key){ .p = { kind }, .n = 1 };
	key_name(k, id);
	key_name(k, version);
}

static enum err head_put(struct txn *t, struct str id, struct str version,
			 const struct head *h)
{
	struct buf b = BUF_INIT((size_t)64 << 10);
	struct key k;
	enum err rc;

	buf_u64(&b, h->added);
	buf_u8(&b, h->removed);
	buf_text(&b, h->title);
	form_key(&k, FORM_HEAD, id, version);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_FORM, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err head_read(struct str value, struct head *h)
{
	struct rd r = RD_INIT(value);

	h->added = rd_u64(&r);
	h->removed = rd_u8(&r) != 0;
	h->title = rd_text(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

struct listed {
	struct form_row row;
	struct head head;
};

/* Every version of `id`, or of every form when it is empty. */
static enum err read_heads(struct txn *t, struct arena *a, struct str id,
			   struct listed **out, size_t *n)
{
	size_t max = txn_count(t, TABLE_FORM) + 1;
	struct listed *all = arena_array(a, max, sizeof(*all));
	struct key prefix = { .p = { FORM_HEAD }, .n = 1 };
	struct cur cur = { 0 };
	struct str value;
	enum err rc;

	*n = 0;
	*out = all;
	if (!all)
		return ERR_NOMEM;
	if (id.n)
		key_name(&prefix, id);
	rc = cur_begin(&cur, t, TABLE_FORM, key_str(&prefix), STR(""), false);
	while (!rc && *n < max) {
		struct listed *l = &all[*n];
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(arena_dup(a, str_sub(cur.key, 1, cur.key.n)));
		l->row.id = rd_name(&r);
		l->row.version = rd_name(&r);
		rc = cur_value(&cur, &value);
		if (!rc)
			rc = r.failed;
		if (!rc)
			rc = head_read(arena_dup(a, value), &l->head);
		l->row.title = l->head.title;
		*n += !rc;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static struct listed *newest(struct listed *all, size_t n, struct str id)
{
	struct listed *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (!all[i].head.removed && str_eq(all[i].row.id, id) &&
		    (!best || all[i].head.added > best->head.added))
			best = &all[i];
	return best;
}

enum err cases_forms(struct cases *c, struct arena *a, struct form_row **rows,
		     size_t *n)
{
	struct listed *all;
	struct view v;
	size_t count, out = 0;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = read_heads(v.t, a, STR(""), &all, &count);
	view_end(&v);
	if (rc)
		return rc;
	*rows = arena_array(a, count + 1, sizeof(**rows));
	if (!*rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		if (all[i].head.removed)
			continue;
		(*rows)[out] = all[i].row;
		(*rows)[out++].current =
			newest(all, count, all[i].row.id) == &all[i];
	}
	*n = out;
	return ERR_NONE;
}

/* ---- compiled */
static struct form *cached(struct cases *c, struct str key)
{
	vec_each (f, &c->forms)
		if (str_eq(f->key, key))
			return f->form;
	return NULL;
}

static enum err keep_form(struct cases *c, struct str key, struct form *f)
{
	struct compiled *slot = vec_push(&c->forms);

	if (!slot)
		return ERR_NOMEM;
	slot->form = f;
	slot->key = arena_dup(&c->arena, key);
	return slot->key.p ? ERR_NONE : ERR_NOMEM;
}

static enum err compile(struct cases *c, struct str xml, const char *name,
			struct form **out, struct report *rep)
{
	const struct form_options opt = { .lists = store_lists(c->lists),
					  .allow_missing = true,
					  .name = name };

	return form_new(out, xml, &opt, rep);
}

enum err cases_form_check(struct cases *c, struct str xml, const char *name,
			  struct report *rep)
{
	struct form *f = NULL;
	enum err rc = compile(c, xml, name, &f, rep);

	form_free(f);
	return rc;
}

/* What form_new() copies need not outlive this. */
static enum err load(struct cases *c, struct str id, const struct key *k,
		     struct form **out, struct report *rep)
{
	struct arena a = { 0 };
	struct view v;
	struct str xml;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = txn_get(v.t, TABLE_FORM, key_str(k), &xml);
	if (!rc)
		xml = arena_dup(&a, xml);
	view_end(&v);
	if (!rc)
		rc = xml.p ? compile(c, xml, arena_cstr(&a, id), out, rep)
			   : ERR_NOMEM;
	arena_release(&a);
	return rc;
}

enum err cases_form_xml(struct cases *c, struct str id, struct str version,
			struct arena *a, struct str *xml)
{
	struct view v;
	struct key k;
	enum err rc;

	if (!id.n || id.n > KEY_FORM_MAX || version.n > KEY_FORM_MAX)
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	form_key(&k, FORM_XML, id, version);
	rc = txn_get(v.t, TABLE_FORM, key_str(&k), xml);
	if (!rc) {
		*xml = arena_dup(a, *xml);
		rc = xml->p ? ERR_NONE : ERR_NOMEM;
	}
	view_end(&v);
	return rc;
}

static enum err no_form(struct str id, struct report *rep, enum err rc)
{
	if (rc == ERR_NOTFOUND)
		report_add(rep, PROBLEM_ERROR, id,
			   _("formulir ini tidak ada di penyimpanan"));
	else if (rc == ERR_CORRUPT)
		report_add(rep, PROBLEM_ERROR, id,
			   _("formulir ini rusak di penyimpanan; jalankan "
			     "pilar store check"));
	return rc;
}

static enum err newest_version(struct cases *c, struct str id, struct arena *a,
			       struct str *version)
{
	struct listed *all = NULL, *best;
	struct view v;
	size_t n = 0;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = read_heads(v.t, a, id, &all, &n);
	view_end(&v);
	best = rc ? NULL : newest(all, n, id);
	if (best)
		*version = best->row.version;
	else if (!rc)
		rc = ERR_NOTFOUND;
	return rc;
}

enum err cases_form(struct cases *c, struct str id, struct str version,
		    const struct form **out, struct report *rep)
{
	struct arena a = { 0 };
	struct form *f = NULL;
	struct key k;
	enum err rc = ERR_NONE;

	if (!id.n || id.n > KEY_FORM_MAX || version.n > KEY_FORM_MAX)
		return no_form(id, rep, ERR_NOTFOUND);
	if (!version.n)
		rc = newest_version(c, id, &a, &version);
	if (rc)
		goto out;
	form_key(&k, FORM_XML, id, version);
	f = cached(c, key_str(&k));
	if (!f) {
		rc = load(c, id, &k, &f, rep);
		if (!rc)
			rc = keep_form(c, key_str(&k), f);
	}
	*out = f;
out:
	arena_release(&a);
	return no_form(id, rep, rc);
}

/* ---- adding and removing */
static enum err check_names(const struct form *f, const char *name,
			    struct report *rep)
{
	struct str place = str_from(name);

	if (!form_id(f).n || form_id(f).n > KEY_FORM_MAX ||
	    form_version(f).n > KEY_FORM_MAX) {
		report_add(rep, PROBLEM_ERROR, place,
			   _("id formulir wajib ada; id dan versi paling "
			     "panjang %d huruf"),
			   KEY_FORM_MAX);
		return ERR_INVALID;
	}
	for (size_t i = 0; i < form_dataset_count(f); i++)
		if (form_dataset(f, i).n > KEY_NAME_MAX) {
			report_add(rep, PROBLEM_ERROR, place,
				   _("nama daftar terlalu panjang (paling "
				     "panjang %d huruf)"),
				   KEY_NAME_MAX);
			return ERR_INVALID;
		}
	return ERR_NONE;
}

/* The same version with the same content may come again. */
static enum err put_xml(struct txn *t, const struct form *f, const char *name,
			struct report *rep)
{
	struct str old;
	struct key k;
	enum err rc;

	form_key(&k, FORM_XML, form_id(f), form_version(f));
	rc = txn_get(t, TABLE_FORM, key_str(&k), &old);
	if (rc == ERR_NOTFOUND)
		return txn_put(t, TABLE_FORM, key_str(&k), form_xml(f));
	if (rc || str_eq(old, form_xml(f)))
		return rc;
	report_add(rep, PROBLEM_ERROR, str_from(name),
		   _("formulir %.*s versi \"%.*s\" sudah ada dengan isi lain: "
		     "naikkan versinya"),
		   STR_ARG(form_id(f)), STR_ARG(form_version(f)));
	return ERR_EXISTS;
}

static enum err put_form(struct cases *c, const struct form *f,
			 const char *name, struct report *rep)
{
	struct head head = { .title = form_title(f) };
	struct txn *t = NULL;
	enum err rc = kit_begin(c, &t);

	if (rc)
		return rc;
	rc = put_xml(t, f, name, rep);
	if (!rc)
		rc = kit_number(t, &head.added);
	if (!rc)
		rc = head_put(t, form_id(f), form_version(f), &head);
	for (size_t i = 0; i < form_dataset_count(f) && !rc; i++)
		rc = dataset_declare(t, form_dataset(f, i));
	if (!rc)
		rc = kit_commit(c, &t);
	txn_abort(&t);
	return rc;
}

enum err cases_form_add(struct cases *c, struct str xml, const char *name,
			struct report *rep)
{
	struct form *f = NULL;
	enum err rc = compile(c, xml, name, &f, rep);

	if (!rc)
		rc = check_names(f, name, rep);
	if (!rc)
		rc = put_form(c, f, name, rep);
	form_free(f);
	return rc;
}

enum err cases_form_remove(struct cases *c, struct str id, struct report *rep)
{
	struct arena a = { 0 };
	struct listed *all = NULL;
	struct txn *t = NULL;
	size_t n = 0, gone = 0;
	enum err rc = kit_begin(c, &t);

	if (rc)
		return rc;
	rc = read_heads(t, &a, id, &all, &n);
	for (size_t i = 0; i < n && !rc; i++) {
		if (all[i].head.removed)
			continue;
		all[i].head.removed = true;
		gone++;
		rc = head_put(t, id, all[i].row.version, &all[i].head);
	}
	if (!rc && !gone)
		rc = ERR_NOTFOUND;
	if (!rc)
		rc = kit_commit(c, &t);
	txn_abort(&t);
	arena_release(&a);
	return no_form(id, rep, rc);
}
