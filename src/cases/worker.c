/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "audit.h"

#define CODE_MAX 64
#define TEXT_MAX 400

static enum err refuse(struct report *rep, const char *text)
{
	report_add(rep, PROBLEM_ERROR, str_from(_("petugas")), "%s", text);
	return ERR_INVALID;
}

static bool plain_code(struct str code)
{
	for (size_t at = 0; at < code.n;) {
		uint32_t cp = utf8_next(code, &at);

		if (cp <= ' ' || !utf8_printable(cp))
			return false;
	}
	return code.n && code.n <= CODE_MAX && utf8_valid(code);
}

enum err cases_worker_check(const struct worker *w, struct report *rep)
{
	if (!plain_code(w->code))
		return refuse(rep, _("kode petugas harus 1 sampai 64 huruf "
				     "atau angka tanpa spasi"));
	if (!w->name.n)
		return refuse(rep, _("nama petugas wajib diisi"));
	if (w->name.n > TEXT_MAX || w->role.n > TEXT_MAX ||
	    w->village.n > TEXT_MAX)
		return refuse(rep, _("isian petugas terlalu panjang"));
	if (w->language.n && !str_is(w->language, "id") &&
	    !str_is(w->language, "en"))
		return refuse(rep, _("bahasa petugas harus id atau en"));
	if (w->idle_min > WORKER_IDLE_MAX)
		return refuse(rep, _("layar dikunci setelah 1 sampai 240 "
				     "menit"));
	return ERR_NONE;
}

enum err worker_write(struct txn *t, const struct worker *w)
{
	struct buf b = BUF_INIT((size_t)TEXT_MAX * 8);
	enum err rc;

	buf_text(&b, w->name);
	buf_text(&b, w->role);
	buf_text(&b, w->village);
	buf_text(&b, w->language);
	buf_u32(&b, w->idle_min);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_WORKER, w->code, buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err read_worker(struct str code, struct str value, struct arena *a,
			    struct worker *w)
{
	struct rd r = RD_INIT(value);

	w->code = arena_dup(a, code);
	w->name = arena_dup(a, rd_text(&r));
	w->role = arena_dup(a, rd_text(&r));
	w->village = arena_dup(a, rd_text(&r));
	w->language = arena_dup(a, rd_text(&r));
	w->idle_min = r.rest.n ? rd_u32(&r) : 0; /* older ones end here */
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

static enum err read_all(struct txn *t, struct arena *a, struct worker **out,
			 size_t *n)
{
	struct worker *all =
		arena_array(a, txn_count(t, TABLE_WORKER) + 1, sizeof(*all));
	struct cur cur = { 0 };
	struct str value;
	enum err rc;

	*n = 0;
	*out = all;
	if (!all)
		return ERR_NOMEM;
	rc = cur_begin(&cur, t, TABLE_WORKER, STR(""), STR(""), false);
	while (!rc) {
		rc = cur_read(&cur, &value);
		if (!rc)
			rc = read_worker(cur.key, value, a, &all[*n]);
		*n += !rc;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err worker_choose(struct cases *c, struct txn *t, struct str code,
		       bool any, struct report *rep)
{
	struct worker *all;
	size_t n;
	enum err rc = read_all(t, &c->arena, &all, &n);

	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (code.n ? str_eq(code, all[i].code) : any || n == 1) {
			c->worker = all[i];
			return ERR_NONE;
		}
	report_add(rep, PROBLEM_ERROR, str_from(_("petugas")),
		   code.n ? _("kode petugas ini tidak ada di penyimpanan")
			  : _("ada beberapa petugas: sebutkan dengan "
			      "--worker KODE"));
	return ERR_NOTFOUND;
}

enum err cases_workers(struct cases *c, struct arena *a, struct worker **w,
		       size_t *n)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = read_all(v.t, a, w, n);
	view_end(&v);
	return rc;
}

enum err cases_worker_put(struct cases *c, const struct worker *w)
{
	struct report rep = { 0 };
	struct txn *t = NULL;
	enum err rc = cases_worker_check(w, &rep);

	report_release(&rep);
	if (rc)
		return rc;
	rc = kit_begin(c, &t);
	if (!rc)
		rc = worker_write(t, w);
	if (!rc)
		rc = audit_put(c, t, AUDIT_WORKER, STR(""), w->code);
	if (!rc)
		rc = kit_commit(c, &t);
	txn_abort(&t);
	if (!rc && str_eq(w->code, c->worker.code)) {
		c->worker.name = arena_dup(&c->arena, w->name);
		c->worker.role = arena_dup(&c->arena, w->role);
		c->worker.village = arena_dup(&c->arena, w->village);
		c->worker.language = arena_dup(&c->arena, w->language);
		c->worker.idle_min = w->idle_min;
	}
	return rc;
}
