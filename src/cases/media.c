/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "compute.h"
#include "internal.h"

/* Names of files that come with forms. */
#define FILE_NAME_MAX 200
#define META_DECLARED "dataset/"

enum err media_get(struct cases *c, struct str name, struct arena *a,
		   struct str *bytes)
{
	struct view v;
	enum err rc;

	if (!name.n || name.n > FILE_NAME_MAX)
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = txn_get(v.t, TABLE_MEDIA, name, bytes);
	if (!rc) {
		*bytes = arena_dup(a, *bytes);
		rc = bytes->p ? ERR_NONE : ERR_NOMEM;
	}
	view_end(&v);
	return rc;
}

enum err cases_media(struct cases *c, struct str name, struct arena *a,
		     struct str *bytes)
{
	return media_get(c, name, a, bytes);
}

static void declared_key(struct key *k, struct str name)
{
	*k = (struct key){ .n = 0 };
	memcpy(k->p, META_DECLARED, sizeof(META_DECLARED) - 1);
	k->n = sizeof(META_DECLARED) - 1;
	key_name(k, name);
}

enum err dataset_declare(struct txn *t, struct str name)
{
	struct key k;

	declared_key(&k, name);
	if (txn_has(t, TABLE_META, key_str(&k)))
		return ERR_NONE;
	return txn_put(t, TABLE_META, key_str(&k), STR(""));
}

bool dataset_declared(struct cases *c, struct str name)
{
	struct view v;
	struct key k;
	bool found;

	if (name.n > KEY_NAME_MAX || view_begin(&v, c))
		return false;
	declared_key(&k, name);
	found = txn_has(v.t, TABLE_META, key_str(&k));
	view_end(&v);
	return found;
}

/* ---- datasets.csv */
const struct datasets *cases_datasets(struct cases *c)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct str csv;

	if (c->datasets_known)
		return c->datasets;
	c->datasets_known = true;
	/* It was checked when it came in: a fault now is damage, and the
	 * screens do without. */
	if (!media_get(c, STR(DATASETS_CSV), &a, &csv) &&
	    datasets_new(&c->datasets, csv, DATASETS_CSV, &rep))
		c->datasets = NULL;
	report_release(&rep);
	arena_release(&a);
	return c->datasets;
}

static enum err check_name(struct str name, struct report *rep)
{
	bool ok = name.n && name.n <= FILE_NAME_MAX && name.p[0] != '.';

	for (size_t at = 0; ok && at < name.n;) {
		uint32_t cp = utf8_next(name, &at);

		ok = utf8_printable(cp) && cp != '/' && cp != '\\';
	}
	if (ok)
		return ERR_NONE;
	report_add(rep, PROBLEM_ERROR, STR(""),
		   _("nama berkas pendamping tidak sah"));
	return ERR_INVALID;
}

/* A CSV must have columns that expressions can name. */
static enum err check_csv(struct str bytes, const char *name,
			  struct report *rep)
{
	struct list *l = NULL;
	enum err rc = csv_list_new(&l, bytes, false, name, rep);

	if (!rc)
		l->ops->release(l);
	return rc;
}

static enum err check_bytes(struct str name, struct str bytes,
			    struct report *rep)
{
	struct datasets *d = NULL;
	struct arena a = { 0 };
	char *file = arena_cstr(&a, name);
	enum err rc = file ? ERR_NONE : ERR_NOMEM;

	if (!rc && str_is(name, DATASETS_CSV)) {
		rc = datasets_new(&d, bytes, file, rep);
		datasets_free(d);
	} else if (!rc && str_ends(name, STR(".csv")) &&
		   !str_is(name, RECAPS_CSV)) {
		rc = check_csv(bytes, file, rep);
	}
	arena_release(&a);
	return rc;
}

/* What is shown of entities may follow from this file. */
static enum err put_media(struct cases *c, struct txn *t, struct str name,
			  struct str bytes)
{
	struct str old;
	enum err rc = txn_get(t, TABLE_MEDIA, name, &old);

	if (!rc && str_eq(old, bytes))
		return ERR_NONE;
	rc = txn_put(t, TABLE_MEDIA, name, bytes);
	if (rc || !str_ends(name, STR(".csv")))
		return rc;
	kit_forget(c);
	return compute_all(c, t);
}

enum err cases_media_put(struct cases *c, struct str name, struct str bytes,
			 struct report *rep)
{
	struct txn *t = NULL;
	enum err rc = check_name(name, rep);

	if (!rc)
		rc = check_bytes(name, bytes, rep);
	if (rc)
		return rc;
	rc = kit_begin(c, &t);
	if (!rc)
		rc = put_media(c, t, name, bytes);
	if (!rc)
		rc = kit_commit(c, &t);
	txn_abort(&t);
	if (rc)
		kit_forget(c);
	return rc;
}
