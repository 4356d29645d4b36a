/* SPDX-License-Identifier: MIT */
#ifndef PILAR_CASES_H
#define PILAR_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/dataset.h"
#include "pilar/err.h"
#include "pilar/form.h"
#include "pilar/lists.h"
#include "pilar/map.h"
#include "pilar/report.h"
#include "pilar/session.h"
#include "pilar/store.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * The case model: a submission is a fact, a case is what follows from the
 * facts. Events are appended; entities (households, persons, ...) are
 * projections that one function computes from events. This module is the only
 * writer of records.
 *
 * A `struct cases` is a handle on an open store with what is kept in memory
 * for it: compiled forms, datasets.csv, the search index. Not shared between
 * threads. What it returns in an arena is a copy.
 *
 * Other processes' commits are seen by everything that reads the store, but
 * lists and compiled forms change only in cases_refresh(), so that nothing
 * moves under a session in the middle of an act.
 */
struct cases;

/* Puts the first records into a new store: device, worker, shipped forms. */
struct cases_setup {
	struct str worker_code, worker_name, worker_role, village;
	struct str language; /* "id" or "en" */
	/* A folder with *.xml or *.csv forms is added by the caller through
	 * cases_form_add(); datasets.csv and media likewise. */
};
enum err cases_setup(struct store *st, const struct sys *sys,
		     const struct cases_setup *how,
		     struct report *rep) MUST_CHECK;

/* `worker` empty: the only worker, else ERR_NOTFOUND. The store is lent. */
enum err cases_open(struct cases **out, struct store *st, const struct sys *sys,
		    struct str worker, struct report *rep) MUST_CHECK;
/* The same, and the first worker where several are and none is named. */
enum err cases_open_any(struct cases **out, struct store *st,
			const struct sys *sys, struct str worker,
			struct report *rep) MUST_CHECK;
/* For a salvaged store: a device and a worker where they are lost. */
enum err cases_mend(struct store *st, const struct sys *sys,
		    struct report *rep) MUST_CHECK;
void cases_close(struct cases *c);
/*
 * What is read until the end is of one moment, and many reads cost less: for
 * drawing a screen of rows. Nothing may be written meanwhile. They may be
 * nested; every beginning that did not fail has an end.
 */
enum err cases_look_begin(struct cases *c) MUST_CHECK;
void cases_look_end(struct cases *c);
/* Takes notice of what others have committed: lists, forms, datasets.csv. */
enum err cases_refresh(struct cases *c) MUST_CHECK;
struct store *cases_store(struct cases *c);
/* Of ERR_BUSY, as a sentence: which process writes there and since when. */
struct str cases_busy(struct cases *c, enum store_env env, struct arena *a);
const struct sys *cases_sys(struct cases *c);

/* ---- who */
struct worker {
	struct str code, name, role, village, language;
	/* Minutes without a key until the screen hides; 0: WORKER_IDLE. */
	unsigned idle_min;
};
#define WORKER_IDLE     10
#define WORKER_IDLE_MAX 240
const struct worker *cases_worker(struct cases *c);
enum err cases_workers(struct cases *c, struct arena *a, struct worker **w,
		       size_t *n) MUST_CHECK;
/* Can this be a worker? Says why not. */
enum err cases_worker_check(const struct worker *w,
			    struct report *rep) MUST_CHECK;
enum err cases_worker_put(struct cases *c, const struct worker *w) MUST_CHECK;
/* 16 hexadecimal digits of this device. */
struct str cases_device(struct cases *c);

/* ---- who did what, and when: no names of people, no answers */
enum audit_act {
	AUDIT_SUBMIT = 1, /* list: the form; every event is a row by itself */
	AUDIT_OPEN,       /* a case: list: the dataset, object: its id */
	AUDIT_EXPORT,     /* object: the sync file */
	AUDIT_IMPORT,     /* list: the dataset */
	AUDIT_PRINT,      /* list: the form or dataset, object: what */
	AUDIT_BACKUP,
	AUDIT_RESTORE, /* also a salvage */
	AUDIT_WORKER,  /* object: whose code */
	AUDIT_KEY,     /* object: name of the slot */
	AUDIT_UNDO     /* object: the submission taken back */
};
struct audit_row {
	enum audit_act act;
	int64_t at; /* milliseconds UTC */
	int offset_min;
	struct str worker, list, object;
	bool gap; /* the row before it was altered or taken out */
};
/* Nothing where the store may only be read. */
enum err cases_audit(struct cases *c, enum audit_act act, struct str list,
		     struct str object) MUST_CHECK;
/* All of it by time. */
enum err cases_log(struct cases *c, struct arena *a, struct audit_row **out,
		   size_t *n) MUST_CHECK;

/* ---- forms and their media */
/*
 * Checks and keeps a form (XForm XML) under its id and version. ERR_EXISTS
 * when that version is there with other content.
 */
enum err cases_form_add(struct cases *c, struct str xml, const char *name,
			struct report *rep) MUST_CHECK;
/* Can it be used here? Nothing is kept. */
enum err cases_form_check(struct cases *c, struct str xml, const char *name,
			  struct report *rep) MUST_CHECK;
/* A file forms look into ("wilayah.csv"), or "datasets.csv". */
enum err cases_media_put(struct cases *c, struct str name, struct str bytes,
			 struct report *rep) MUST_CHECK;
struct form_row {
	struct str id, version, title;
	bool current; /* the newest version of its id */
};
enum err cases_forms(struct cases *c, struct arena *a, struct form_row **rows,
		     size_t *n) MUST_CHECK;
/* Compiled, kept until cases_close. Empty version: the newest. */
enum err cases_form(struct cases *c, struct str id, struct str version,
		    const struct form **out, struct report *rep) MUST_CHECK;
enum err cases_form_remove(struct cases *c, struct str id,
			   struct report *rep) MUST_CHECK;
/*
 * Lists of the store: entity datasets, media files, petugas.csv (the workers:
 * name, label, role, village, language). Never built as a whole as a tree;
 * rows by name or by a property that links to a parent come from an index.
 */
struct lists *cases_lists(struct cases *c);
/* Those lists as their entities were (see cases_each_at), for one pass over
 * many records; the caller frees them. */
enum err cases_lists_then(struct cases *c, int64_t until,
			  struct lists **out) MUST_CHECK;
/* Between two records: lets go of what was read when that is much. */
void cases_lists_trim(struct lists *l);
void cases_lists_then_free(struct lists *l);
/* NULL when the store has none. */
const struct datasets *cases_datasets(struct cases *c);

/*
 * A new filling of a form with the worker's profile, the last saved record
 * and, when it starts from an entity, the first select_one that chooses from
 * that dataset answered, before it the one of the dataset it belongs to.
 * `*fixed` is that question, for the screen to protect, or REF_NONE. Version
 * empty: the newest. The caller frees the session.
 */
struct cases_start {
	/* Its id; behind it, as in a row of datasets.csv, answers that it
	 * begins with: "ubah jenis=alamat". */
	struct str form, version;
	struct str dataset, entity; /* empty: from none */
	/* Questions and their answers, behind those. */
	const struct entity_prop *answers;
	size_t n_answers;
	/* What was searched for before, and in which list: its rows of kind
	 * `typed` say which questions begin with it; or empty. */
	struct str typed, typed_in;
	/* On the form as a whole, why it is begun, for whoever fills it to
	 * keep with the answers (keying.h); or empty. */
	struct str remark;
};
enum err cases_start(struct cases *c, const struct cases_start *how,
		     struct session **out, struct ref *fixed,
		     struct report *rep) MUST_CHECK;
/* The same without answers and load: for a draft that is restored. */
enum err cases_session(struct cases *c, struct str form, struct str version,
		       struct session **out, struct report *rep) MUST_CHECK;

/* ---- entities */
/* What others did without knowing of it stands beside it (ODK.md 15.4): soft
 * where both changes stand, hard where a person has to decide. */
enum entity_conflict { CONFLICT_NONE, CONFLICT_SOFT, CONFLICT_HARD };
struct entity {
	struct str dataset, id, label;
	uint64_t version;
	struct str branch; /* branchId; trunk_version 0: never from a server */
	uint64_t trunk_version;
	enum entity_conflict conflict;
	const struct entity_prop *props;
	size_t n_props;
	/* The row of kind `closed` that says it left the lists, or NULL; it is
	 * still found, marked with that row's label. */
	const struct dataset_row *closed;
	struct str merged;  /* id of the one that stands for it; or empty */
	int64_t changed_at; /* of the last submission that changed it */
	/* Texts of datasets.csv kept with it, by dataset_row.shown. */
	const struct str *shown;
	size_t n_shown;
};
enum err cases_entity(struct cases *c, struct str dataset, struct str id,
		      struct arena *a, struct entity *out) MUST_CHECK;
/* The dataset a uuid belongs to; ERR_NOTFOUND. */
enum err cases_entity_any(struct cases *c, struct str id, struct arena *a,
			  struct entity *out) MUST_CHECK;
/*
 * Where another one stands for it (kind `merged`), that one instead; its
 * timeline has the events of both. A double is no child and no hit of search:
 * its words find the one that stands for it.
 */
enum err cases_survivor(struct cases *c, struct entity *e,
			struct arena *a) MUST_CHECK;
/* How many doubles it stands for. */
enum err cases_doubles(struct cases *c, const struct entity *e,
		       size_t *n) MUST_CHECK;
/* Its `p` is NULL where nobody ever gave it. */
struct str entity_prop_of(const struct entity *e, struct str name);
/* Entities of `dataset` whose parent is `id`, in order of creation. */
enum err cases_children(struct cases *c, struct str dataset, struct str id,
			struct arena *a, struct entity **out,
			size_t *n) MUST_CHECK;
/* How many are in the dataset; 0 where the store cannot be read. */
size_t cases_count(struct cases *c, struct str dataset);
/* Every entity of the dataset, in no order, lent for the call; the first
 * failure of `each` ends it. Damaged ones are left out. */
enum err cases_each(struct cases *c, struct str dataset,
		    enum err (*each)(void *arg, const struct entity *e),
		    void *arg) MUST_CHECK;
/*
 * The same as they were when that moment (milliseconds UTC) was over, by the
 * clocks of who recorded it, without shown texts; CASES_NOW: as they are.
 */
#define CASES_NOW INT64_MAX
enum err cases_each_at(struct cases *c, struct str dataset, int64_t until,
		       enum err (*each)(void *arg, const struct entity *e),
		       void *arg) MUST_CHECK;
/* Which columns will be asked for, by name; lent. What is read of a dataset is
 * then read in one pass with all of them, where that is not too much. */
void cases_lists_want(struct lists *l, const struct map *names);
/* cases_each_at() of that time, but only with the columns wanted, absent ones
 * as a NULL text. */
enum err cases_lists_each(struct lists *l, struct str dataset,
			  enum err (*each)(void *arg, const struct entity *e),
			  void *arg) MUST_CHECK;
/* Was it then already what it is here? False where that is not known. */
bool entity_as_then(const struct entity *e, int64_t until);
/* ERR_NOTFOUND: it had not been made then. */
enum err cases_entity_at(struct cases *c, struct str dataset, struct str id,
			 int64_t until, struct arena *a,
			 struct entity *out) MUST_CHECK;
/* The entity it belongs to: its first property of kind `parent` that leads to
 * one. ERR_NOTFOUND when there is none. */
enum err cases_parent(struct cases *c, const struct entity *e, struct arena *a,
		      struct entity *out) MUST_CHECK;
/* Other entities of the dataset with the same value of a `unique` property;
 * only ids, of UUID_LEN characters. */
enum err cases_same(struct cases *c, const struct entity *e,
		    struct str property, struct arena *a, struct str **ids,
		    size_t *n) MUST_CHECK;
/*
 * What is due (rows of kind `due` in datasets.csv) on the days from `from` to
 * `to`, in their order; days count from 1970-01-01.
 */
struct due {
	struct str dataset, id;
	size_t row; /* which of the dataset's rows of that kind */
	int64_t day;
};
enum err cases_due(struct cases *c, int64_t from, int64_t to, struct arena *a,
		   struct due **out, size_t *n) MUST_CHECK;
/* What is due of this one, as its rows stand in datasets.csv. */
enum err cases_due_of(struct cases *c, const struct entity *e, struct arena *a,
		      struct due **out, size_t *n) MUST_CHECK;
/* Of what a row says what is due: its label. */
struct str cases_due_label(struct cases *c, const struct due *d);
enum err cases_due_count(struct cases *c, int64_t from, int64_t to,
			 size_t *n) MUST_CHECK;
/* Its title (the `title` row), else its label, else its id. */
struct str cases_title(struct cases *c, const struct entity *e);

/*
 * A row of datasets.csv on one entity: title, column, detail, due. The text is
 * the one kept with the projection; `mask` is applied when `masked`.
 */
enum err cases_shown(struct cases *c, const struct entity *e,
		     const struct dataset_row *row, bool masked,
		     struct arena *a, struct str *out) MUST_CHECK;

/* ---- events */
/*
 * What an event knew of an entity it touches: the last operation its author
 * had seen (sequence 0: none) and the branchId drawn for it.
 */
struct touch {
	struct str dataset, id;
	struct str seen_device; /* 16 hexadecimal digits */
	uint64_t seen_seq;
	struct str branch; /* empty: none drawn */
	bool usual_branch; /* of one that arrives: as cases_branch() says */
};
struct event {
	uint64_t seq;
	struct str device, worker, instance_id, form_id, form_version;
	struct str title; /* of the form */
	struct str name;  /* instanceName; may be empty */
	struct str deprecated_id;
	int64_t at; /* milliseconds UTC */
	int offset_min;
	bool doubtful; /* the clock was wrong when it was made */
	bool exported;
	const struct touch *touched;
	size_t n_touched;
	/* Of one that arrives from a copy of a device (sync): the number of
	 * that device, and one to take where another event has its own. */
	struct str copy_of, spare;
	struct str xml;   /* only from cases_event() */
	struct str audit; /* audit.csv beside it, from there; or empty */
};
/* Newest first: every event that touched this entity, or one of the doubles
 * it stands for. */
enum err cases_timeline(struct cases *c, struct str id, struct arena *a,
			struct event **out, size_t *n) MUST_CHECK;
enum err cases_event(struct cases *c, struct str instance_id, struct arena *a,
		     struct event *out) MUST_CHECK;
/* What its name says that the form's title, its day and the title of the
 * entity (`of`) do not: "Meninggal dunia", "diterima"; may be empty. */
struct str event_gist(const struct event *e, struct str of, struct arena *a);
/* What was remarked in a submission (keying.h), in its order. */
struct event_remark {
	struct str path;     /* of the question */
	struct str question; /* its label; empty: on the form as a whole */
	struct str text;
};
enum err cases_remarks(struct cases *c, struct str instance_id, struct arena *a,
		       struct event_remark **out, size_t *n) MUST_CHECK;
/*
 * Each change of a property of the entity in canonical order: who, when, from
 * which form. The last row of a property says where its value is from. What a
 * submission saved without changing it is no row.
 */
struct prop_change {
	struct str property, was, value;
	/* The same in words: as the case view or the form that decides
	 * conflicts calls it, choices' labels, titles of entities. */
	struct str label, was_text, value_text;
	struct str worker, title; /* title: of the form, or file of a list */
	struct str instance_id;
	int64_t at;
};
enum err cases_history(struct cases *c, const struct entity *e, struct arena *a,
		       struct prop_change **out, size_t *n) MUST_CHECK;

/*
 * The edit of a record (its deprecatedID) changes that record only. What it
 * corrects and the case still says as the record was: of each entity the
 * properties, `was` what the case says, `value` what the edit does; none where
 * it is no edit.
 */
struct correction {
	struct entity entity;
	struct prop_change *changes;
	size_t n;
};
enum err cases_corrected(struct cases *c, struct str edit, struct arena *a,
			 struct correction **out, size_t *n) MUST_CHECK;
/* The instanceID of the edit of that event; ERR_NOTFOUND: there is none. */
enum err cases_edited_by(struct cases *c, const struct event *e,
			 struct arena *a, struct str *by) MUST_CHECK;

/* ---- conflicts: settled by the dataset's action of kind `conflict` */
struct conflict_at {
	struct str dataset, id;
	bool hard;
};
enum err cases_conflicts(struct cases *c, struct arena *a,
			 struct conflict_at **out, size_t *n) MUST_CHECK;
struct conflict_who {
	struct str worker, device, title; /* title: of the form */
	int64_t at;
};
/* Two values that one property was given by people who did not know of each
 * other; the second is the one shown until somebody decides. */
struct conflict_side {
	struct str property;
	struct str before, first, second;
	struct conflict_who first_by, second_by;
	/* The same as the form that decides says it: its label, choices'. */
	struct str label, before_text, first_text, second_text;
	bool asked; /* that form can give it another value */
};
/* Of a hard conflict; none otherwise. The same property may stand there
 * several times; its present value is the entity's. */
enum err cases_conflict(struct cases *c, const struct entity *e,
			struct arena *a, struct conflict_side **out,
			size_t *n) MUST_CHECK;

/*
 * How to begin the decision (in the arena): the value that is to hold of each
 * property; a property without a name: nothing differs, all stays as it is.
 * What the form cannot ask is decided as it stands. ERR_NOTFOUND:
 * the dataset has no action of kind `conflict`.
 */
enum err cases_decide(struct cases *c, const struct entity *e,
		      const struct entity_prop *values, size_t n,
		      struct arena *a, struct cases_start *out) MUST_CHECK;

/*
 * How to begin the merge of two, of which `e` stays (in the arena): see kind
 * `merged`. ERR_NOTFOUND: datasets.csv does not say.
 */
enum err cases_merge(struct cases *c, const struct entity *e, struct str other,
		     struct arena *a, struct cases_start *out) MUST_CHECK;
/*
 * Begins a form and saves it at once: its instanceID is in the arena.
 * ERR_CONSTRAINT when a person has to answer something first; `rep` says what.
 */
enum err cases_act(struct cases *c, const struct cases_start *how,
		   struct arena *a, struct str *instance_id,
		   struct report *rep) MUST_CHECK;

/* XML of the last submission of that form made here; ERR_NOTFOUND. */
enum err cases_last_saved(struct cases *c, struct str form_id, struct arena *a,
			  struct str *xml) MUST_CHECK;
/* Of all devices; 0 where the store cannot be read. */
size_t cases_event_count(struct cases *c);
/* Every submission that stands (of one form; empty: of all), device by device
 * in their order, with its XML and without what it touched; lent for the call.
 * What was taken back or edited since is left out. */
enum err cases_each_event(struct cases *c, struct str form,
			  enum err (*each)(void *arg, const struct event *e),
			  void *arg) MUST_CHECK;
/* The same of all forms for who needs no XML: much less is read. */
enum err cases_each_head(struct cases *c,
			 enum err (*each)(void *arg, const struct event *e),
			 void *arg) MUST_CHECK;
/* A file that came with the forms, in the arena. */
enum err cases_media(struct cases *c, struct str name, struct arena *a,
		     struct str *bytes) MUST_CHECK;

/*
 * The one door. One transaction appends the event, applies its entity
 * operations, updates indexes and the outbox; then the draft goes. When it
 * returns 0 the visit is on the disk. `draft` may be empty. Idempotent by
 * instanceID: the same content again is ERR_NONE, other content ERR_EXISTS.
 * An update of an entity that is not known stays in the event; `rep` gets a
 * warning, as for a value that datasets.csv wants unique and another one has.
 */
enum err cases_submit(struct cases *c, const struct submission *sub,
		      struct str draft, struct report *rep) MUST_CHECK;
/* Many in one transaction (demo store, imports). All or none. */
enum err cases_submit_all(struct cases *c, const struct submission *subs,
			  size_t n, struct report *rep) MUST_CHECK;

/*
 * What this worker finalised last can be taken back while no sync file took it
 * and nothing was said of the same entities since. The event stays in the log;
 * entities are as if it had never been. `out` with its XML, so that it can
 * become a draft again. ERR_NOTFOUND: there is none; ERR_REFUSED: it may not
 * be; the report says why.
 */
enum err cases_undo_last(struct cases *c, struct arena *a, struct event *out,
			 struct report *rep) MUST_CHECK;
/* ERR_REFUSED, too, when that is not the last one any more. */
enum err cases_undo(struct cases *c, struct str instance_id,
		    struct report *rep) MUST_CHECK;

/*
 * A list that comes in (a pre-list): each row is what an entity is to be. One
 * not known is made, one that differs is changed, another is left alone, so
 * the same list again does nothing. It stands in events of kind `list`, which
 * no sync file takes. At most 20,000 rows are a transaction, and 2,500 where
 * others wait for theirs; where it ends early (ERR_CANCELLED too) the rows
 * before are there and the same list again brings the rest. With `dry` nothing
 * is kept. `rep` warns of unique values that others have, by row.
 */
struct list_row {
	size_t number; /* in its file */
	struct str id, label;
	const struct entity_prop *props;
	size_t n_props;
};
struct list_in {
	struct str dataset, source; /* name of the file */
	const struct list_row *rows;
	size_t n;
	bool dry;
	store_progress progress; /* may be NULL, as may the next */
	bool (*cancelled)(void *arg);
	void *arg;
};
struct list_done {
	size_t created, changed, same;
	size_t rows; /* so many were dealt with */
};
enum err cases_import(struct cases *c, const struct list_in *in,
		      struct list_done *out, struct report *rep) MUST_CHECK;
/* The id of the entity that a foreign number stands for: the number itself
 * where it is a UUID of version 4, else one of that shape made of it with a key
 * of this store. */
enum err cases_import_id(struct cases *c, struct str dataset, struct str number,
			 char out[UUID_LEN + 1]) MUST_CHECK;
/* Is it a property that a form of this store saves into that dataset? */
bool cases_saves(struct cases *c, struct str dataset, struct str property);

/*
 * Throws projections and indexes away and applies all events again; what is
 * damaged there does not matter. ERR_CORRUPT, and nothing changes, when an
 * event itself is damaged.
 */
enum err cases_rebuild(struct cases *c, store_progress progress, void *arg,
		       struct report *rep) MUST_CHECK;
/* The same; ERR_CANCELLED: nothing has changed. */
enum err cases_rebuild_watched(struct cases *c, const struct store_watch *watch,
			       struct report *rep) MUST_CHECK;
/* Every projection's key and value in key order, one line each, canonical:
 * equal before and after a rebuild. */
enum err cases_dump(struct cases *c, enum err (*sink)(void *arg, struct str),
		    void *arg) MUST_CHECK;

/* ---- what has not been exported */
struct outbox_row {
	uint64_t seq;
	struct str instance_id;
};
/* By number, in the arena. */
enum err cases_outbox(struct cases *c, struct arena *a,
		      struct outbox_row **rows, size_t *n) MUST_CHECK;
size_t cases_waiting(struct cases *c); /* how many rows that would be */
struct batch {
	uint64_t seq;         /* of the sync file */
	int64_t at;           /* written then, milliseconds UTC */
	uint64_t first, last; /* event sequence */
	uint64_t events, bytes;
	struct str file, manifest_hash; /* hex */
};
/* Records that these events are in that file and takes them off the outbox.
 * `note` (arrive.h; may be NULL) is put in the same transaction. */
struct note;
enum err cases_batch_put(struct cases *c, const struct batch *batch,
			 const uint64_t *seqs, size_t n,
			 const struct note *note) MUST_CHECK;
/* The instanceID of the event that device made under that number, in the
 * arena; ERR_NOTFOUND. */
enum err cases_event_number(struct cases *c, struct str device, uint64_t seq,
			    struct arena *a,
			    struct str *instance_id) MUST_CHECK;
enum err cases_batches(struct cases *c, struct arena *a, struct batch **out,
		       size_t *n) MUST_CHECK;

#endif
