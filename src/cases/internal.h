/* SPDX-License-Identifier: MIT */
#ifndef CASES_INTERNAL_H
#define CASES_INTERNAL_H

#include "pilar/cases.h"
#include "pilar/map.h"
#include "pilar/vec.h"

#include "key.h"

/* What the files of this module share. */

struct store_lists;
struct finder;
struct replaced;

/* A form compiled. */
struct compiled {
	struct str key; /* id NUL version */
	struct form *form;
};

/* Replaced while someone may hold it: goes with the handle. */
struct retired {
	struct datasets *datasets;
	struct form *form;
};

/* How far what searches need is asked for while nobody types. */
struct preparing {
	size_t path;
	struct ahead_at at;
};

struct cases {
	struct store *store;
	const struct sys *sys;
	struct arena arena; /* as long as the handle */
	struct worker worker;
	struct device device;
	char device_text[2 * DEVICE_BYTES + 1];

	/* Goes up with every form, file or worker put into the store. */
	uint64_t kit;
	struct datasets *datasets;
	bool datasets_known; /* looked for since the kit changed */

	VEC(struct compiled) forms;
	VEC(struct retired) retired;

	struct store_lists *lists;     /* what sessions look into */
	struct store_lists *computing; /* what datasets.csv looks into */
	struct formula_cache *looked;  /* what it learned there */
	struct finder *finder;         /* search as you type */
	struct preparing preparing;    /* for it */
	struct replaced *replaced;     /* submissions that stand no more */
	/*
	 * The write transaction of a submission or rebuild under way:
	 * everything that reads, reads through it.
	 */
	struct txn *writing;
	/* That of cases_look_begin(), for reads until the last one's end. */
	struct txn *looking;
	unsigned looks;
};

/* A transaction to read in: the one under way or one of its own. */
struct view {
	struct txn *t;
	bool own;
};
enum err view_begin(struct view *v, struct cases *c) MUST_CHECK;
void view_end(struct view *v);

/* ---- busy.c */
/* To write records in; of ERR_BUSY the report, unless NULL, names who is in
 * the way. */
enum err write_begin(struct txn **t, struct cases *c,
		     struct report *rep) MUST_CHECK;

/* ---- kit.c: what changes seldom, forms, files and workers */
/* Writing between these two tells other processes to look again. */
enum err kit_begin(struct cases *c, struct txn **t) MUST_CHECK;
enum err kit_commit(struct cases *c, struct txn **t) MUST_CHECK;
enum err kit_number(struct txn *t, uint64_t *out) MUST_CHECK;
void kit_forget(struct cases *c); /* forms, datasets.csv, lists */

/* ---- each.c */
void replaced_free(struct replaced *r); /* may be NULL */

/* ---- worker.c */
enum err worker_write(struct txn *t, const struct worker *w) MUST_CHECK;
enum err worker_choose(struct cases *c, struct txn *t, struct str code,
		       bool any, struct report *rep) MUST_CHECK;

/* ---- media.c */
#define WORKERS_CSV  "petugas.csv"
#define DATASETS_CSV "datasets.csv"
/* No list that a form looks into: whoever reads it checks it. */
#define RECAPS_CSV "recaps.csv"
/* In the arena. */
enum err media_get(struct cases *c, struct str name, struct arena *a,
		   struct str *bytes) MUST_CHECK;
/* Does a form that was added create, update or choose from this dataset? */
bool dataset_declared(struct cases *c, struct str name);
enum err dataset_declare(struct txn *t, struct str name) MUST_CHECK;

#endif
