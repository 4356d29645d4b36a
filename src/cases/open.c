/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "find.h"
#include "internal.h"
#include "lists.h"

#define META_DEVICE "device"

/* ---- views */
enum err view_begin(struct view *v, struct cases *c)
{
	*v = (struct view){ .t = c->writing ? c->writing : c->looking };
	if (v->t)
		return ERR_NONE;
	v->own = true;
	return txn_begin(&v->t, c->store, STORE_MAIN, TXN_READ);
}

void view_end(struct view *v)
{
	if (v->own)
		txn_abort(&v->t);
	v->t = NULL;
}

enum err cases_look_begin(struct cases *c)
{
	enum err rc = ERR_NONE;

	if (!c->looking)
		rc = txn_begin(&c->looking, c->store, STORE_MAIN, TXN_READ);
	if (!rc)
		c->looks++;
	return rc;
}

void cases_look_end(struct cases *c)
{
	if (c->looks && --c->looks == 0)
		txn_abort(&c->looking);
}

/* ---- the first records */
enum err cases_setup(struct store *st, const struct sys *sys,
		     const struct cases_setup *how, struct report *rep)
{
	struct cases c = { .store = st, .sys = sys };
	struct worker w = { .code = how->worker_code,
			    .name = how->worker_name,
			    .role = how->worker_role,
			    .village = how->village,
			    .language = how->language };
	struct txn *t = NULL;
	struct device d;
	enum err rc;

	rc = cases_worker_check(&w, rep);
	if (rc)
		return rc;
	rc = kit_begin(&c, &t);
	if (rc)
		return rc;
	if (txn_has(t, TABLE_META, STR(META_DEVICE))) {
		report_add(rep, PROBLEM_ERROR, STR(""),
			   _("penyimpanan ini sudah disiapkan"));
		rc = ERR_EXISTS;
		goto out;
	}
	sys->random(sys->self, d.b, sizeof(d.b));
	rc = txn_put(t, TABLE_META, STR(META_DEVICE),
		     str_of((const char *)d.b, sizeof(d.b)));
	if (!rc)
		rc = worker_write(t, &w);
	if (!rc)
		rc = kit_commit(&c, &t);
out:
	txn_abort(&t);
	return rc;
}

static enum err read_device(struct cases *c, struct txn *t, struct report *rep)
{
	struct str value;
	enum err rc = txn_get(t, TABLE_META, STR(META_DEVICE), &value);

	if (!rc && value.n != sizeof(c->device.b))
		rc = ERR_CORRUPT;
	if (rc) {
		report_add(rep, PROBLEM_ERROR, STR(""),
			   rc == ERR_NOTFOUND
				   ? _("penyimpanan ini belum disiapkan: "
				       "jalankan pilar init")
				   : _("nomor perangkat tidak terbaca"));
		return rc;
	}
	memcpy(c->device.b, value.p, value.n);
	device_text(c->device, c->device_text);
	return ERR_NONE;
}

static enum err begin(struct cases *c, struct str worker, bool any,
		      struct report *rep)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = read_device(c, v.t, rep);
	if (!rc)
		rc = kit_number(v.t, &c->kit);
	if (!rc)
		rc = worker_choose(c, v.t, worker, any, rep);
	view_end(&v);
	return rc;
}

static enum err open_cases(struct cases **out, struct store *st,
			   const struct sys *sys, struct str worker, bool any,
			   struct report *rep)
{
	struct cases *c = calloc(1, sizeof(*c));
	enum err rc;

	if (!c)
		return ERR_NOMEM;
	c->store = st;
	c->sys = sys;
	rc = begin(c, worker, any, rep);
	if (!rc)
		rc = store_lists_new(&c->lists, c, CASES_NOW);
	if (!rc)
		rc = finder_new(&c->finder);
	if (rc)
		cases_close(c);
	else
		*out = c;
	return rc;
}

enum err cases_open(struct cases **out, struct store *st, const struct sys *sys,
		    struct str worker, struct report *rep)
{
	return open_cases(out, st, sys, worker, false, rep);
}

enum err cases_open_any(struct cases **out, struct store *st,
			const struct sys *sys, struct str worker,
			struct report *rep)
{
	return open_cases(out, st, sys, worker, true, rep);
}

/* What was lost with a damaged page; the name tells where it came from. */
enum err cases_mend(struct store *st, const struct sys *sys, struct report *rep)
{
	const struct worker w = { .code = STR("pulih"), .name = STR("pulih") };
	struct cases c = { .store = st, .sys = sys };
	struct txn *t = NULL;
	struct device d;
	enum err rc = kit_begin(&c, &t);

	if (!rc && !txn_has(t, TABLE_META, STR(META_DEVICE))) {
		sys->random(sys->self, d.b, sizeof(d.b));
		rc = txn_put(t, TABLE_META, STR(META_DEVICE),
			     str_of((const char *)d.b, sizeof(d.b)));
		report_add(rep, PROBLEM_WARNING, STR(""),
			   _("nomor perangkat hilang: diberi yang baru"));
	}
	if (!rc && !txn_count(t, TABLE_WORKER)) {
		rc = worker_write(t, &w);
		report_add(rep, PROBLEM_WARNING, STR(""),
			   _("data petugas hilang: dibuat petugas %.*s"),
			   STR_ARG(w.code));
	}
	if (!rc)
		rc = kit_commit(&c, &t);
	txn_abort(&t);
	return rc;
}

void cases_close(struct cases *c)
{
	if (!c)
		return;
	kit_forget(c);
	vec_each (r, &c->retired) {
		datasets_free(r->datasets);
		form_free(r->form);
	}
	vec_release(&c->retired);
	vec_release(&c->forms);
	formula_cache_free(c->looked);
	store_lists_free(c->lists);
	store_lists_free(c->computing);
	finder_free(c->finder);
	replaced_free(c->replaced);
	arena_release(&c->arena);
	free(c);
}

enum err cases_refresh(struct cases *c)
{
	uint64_t kit = 0;
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = kit_number(v.t, &kit);
	if (!rc && kit != c->kit) {
		kit_forget(c);
		c->kit = kit;
	}
	if (!rc)
		store_lists_refresh(c->lists, txn_id(v.t));
	view_end(&v);
	return rc;
}

struct store *cases_store(struct cases *c)
{
	return c->store;
}

const struct sys *cases_sys(struct cases *c)
{
	return c->sys;
}

const struct worker *cases_worker(struct cases *c)
{
	return &c->worker;
}

struct str cases_device(struct cases *c)
{
	return str_from(c->device_text);
}
