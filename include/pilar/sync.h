/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SYNC_H
#define PILAR_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/age.h"
#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/minisign.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/stream.h"

/*
 * Sync files (DESIGN 8): an age file around a zstd stream around a ustar tar:
 * manifest.json, its signature, then instances/<uuid>/submission.xml. Without
 * a recipient there is no age layer. Nothing counts as exported before the
 * file is durable under its name, and nothing as received before a signed
 * acknowledgement says so.
 *
 * A device has one Ed25519 key, made when first asked for and kept sealed in
 * the store: it signs, and what is sealed for it is opened with its X25519
 * form. Offices are those our files are sealed for; devices are those whose
 * files a person has accepted.
 */

/* ---- who we are */
struct sync_self {
	struct str device; /* 16 hexadecimal digits */
	struct minisign_key key;
	struct age_recipient recipient;
	char spoken[MINISIGN_SPOKEN + 1]; /* to be read aloud */
};
enum err sync_self(struct cases *c, struct sync_self *out) MUST_CHECK;
/* The secret that opens what is sealed for this device; seal_key_free(). */
enum err sync_identity(struct cases *c, struct seal_key **out) MUST_CHECK;

/* ---- for whom our files are sealed */
#define SYNC_NAME_MAX 40
struct sync_office {
	struct str name; /* letters, digits, blank, . _ - */
	struct age_recipient recipient;
	bool has_key; /* known by its signing key: its acks are believed */
	struct minisign_key key;
	struct str device; /* of its store; empty: not known */
};
/* By name, in the arena. */
enum err sync_offices(struct cases *c, struct arena *a,
		      struct sync_office **out, size_t *n) MUST_CHECK;
/* Replaces one of the same name. ERR_INVALID: says what is wrong. */
enum err sync_office_put(struct cases *c, const struct sync_office *o,
			 struct report *rep) MUST_CHECK;
/* ERR_NOTFOUND. */
enum err sync_office_remove(struct cases *c, struct str name) MUST_CHECK;
/*
 * Reads what a person has: "age1...", the text or file of a minisign key. The
 * name stays as it is. ERR_SYNTAX.
 */
enum err sync_office_parse(struct str text, struct sync_office *out) MUST_CHECK;

/* ---- whose files we take */
struct sync_device {
	struct str device, name; /* name: as a person calls it, may be empty */
	struct minisign_key key;
	bool revoked;
	int64_t at; /* accepted or revoked then, milliseconds UTC */
};
/* By number, in the arena. */
enum err sync_devices(struct cases *c, struct arena *a,
		      struct sync_device **out, size_t *n) MUST_CHECK;
enum err sync_device(struct cases *c, struct str device, struct arena *a,
		     struct sync_device *out) MUST_CHECK; /* ERR_NOTFOUND */
/* Replaces one of the same number. */
enum err sync_device_put(struct cases *c,
			 const struct sync_device *d) MUST_CHECK;
/* By its whole number; ERR_NOTFOUND. */
enum err sync_device_remove(struct cases *c, struct str device) MUST_CHECK;

/* ---- what has gone out */
struct sync_status {
	uint64_t waiting;      /* events not exported */
	uint64_t exported;     /* events in files written so far */
	uint64_t received;     /* of these acknowledged */
	uint64_t files, bytes; /* files written so far and their size */
	uint64_t files_received;
	int64_t last_at; /* of the last file, 0: none */
	struct str last_file;
	/* The first file nobody has acknowledged; 0: none. */
	uint64_t missing;
	struct str missing_file;
	uint64_t taken_in; /* events of others */
	/* Files of others that our offices are not known to have. */
	uint64_t to_forward;
	const struct sync_peer *peers;
	size_t n_peers;
};
/* A device whose files we take in. */
struct sync_peer {
	struct str device, name;
	struct str
		copy_of; /* the device whose second history it is; or empty */
	uint64_t files, events, last; /* last: the highest number */
	const uint64_t *gaps;         /* numbers not here, at most 20 */
	size_t n_gaps;
	int64_t at; /* of the last one taken in */
};
enum err sync_status(struct cases *c, struct arena *a,
		     struct sync_status *out) MUST_CHECK;

struct sync_export {
	struct str folder; /* where to write */
	bool best;         /* the smallest file, however long it takes */
	bool plain;        /* without the dictionary */
	bool dry;          /* only says what would be */
	uint64_t again;    /* that file once more; 0: what is waiting */
	const struct sync_office *to; /* sealed for these; none: not sealed */
	size_t n_to;
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg); /* may be NULL */
};
struct sync_result {
	struct str file; /* path; empty: nothing was waiting */
	uint64_t seq, events, bytes;
};
enum err sync_export(struct cases *c, const struct sync_export *how,
		     struct arena *a, struct sync_result *out,
		     struct report *rep) MUST_CHECK;

/*
 * What others made and this store has taken in, for those who are not known to
 * have it: their files as they were, with their manifests and signatures, and
 * the pre-lists, in one parcel signed by this device. sync_import() takes it
 * in. It holds everything that the recipients have not acknowledged, so one
 * that is lost is made up for by the next.
 */
struct sync_forward {
	struct str folder;
	const struct sync_office *to; /* `device` says who that is, if known */
	size_t n_to;
	/* Our own files, too, also what waits (for a device that is no office
	 * of ours); those files are kept in `own_folder`. */
	bool whole;
	struct str own_folder;
	bool dry;
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg); /* may be NULL */
};
struct sync_forwarded {
	struct str file; /* path; empty: they have everything */
	uint64_t files, events, lists, bytes;
	uint64_t left; /* files that did not fit in */
};
enum err sync_forward(struct cases *c, const struct sync_forward *how,
		      struct arena *a, struct sync_forwarded *out,
		      struct report *rep) MUST_CHECK;
/* A device whose files are taken, by its name or the front of its number, as
 * one to seal for; ERR_NOTFOUND. */
enum err sync_device_office(struct cases *c, struct str which, struct arena *a,
			    struct sync_office *out) MUST_CHECK;

/* ---- where files lie */
struct sync_found {
	struct str path, name, folder;
	uint64_t bytes;
	int64_t at; /* changed then, milliseconds UTC */
};
/* Folders of sticks and cards that are plugged in, with room for one more. */
enum err sync_places(struct arena *a, struct str **out, size_t *n) MUST_CHECK;
/*
 * Files in these folders, and in those in them down to the second, whose names
 * are those of sync files, acknowledgements and kits; the newest first. Folders
 * that are not there hold none, hidden ones are not looked into.
 */
#define SYNC_FIND_FILES   50000
#define SYNC_FIND_FOLDERS 5000
struct sync_search {
	const struct str *folders;
	size_t n;
	store_progress progress; /* folders */
	bool (*cancelled)(void *arg);
	void *arg;
};
enum err sync_find(struct arena *a, const struct sync_search *how,
		   struct sync_found **out, size_t *found) MUST_CHECK;

/* ---- over ssh */
struct sync_send {
	struct str host;   /* ssh://[user@]host[:port], or without ssh:// */
	struct str folder; /* where files are kept until they are received */
	const struct sync_office *to; /* as sync_export */
	size_t n_to;
	store_progress progress; /* bytes */
	void *arg;
	bool (*cancelled)(void *arg);
	bool dry;   /* only says how much it would be */
	bool quiet; /* ssh may ask nothing: the terminal is in use */
};
/* Where it was last sent; ERR_NOTFOUND. */
enum err sync_host(struct cases *c, struct arena *a,
		   struct str *host) MUST_CHECK;
struct sync_sent {
	uint64_t files, events, bytes; /* bytes: that went over the line */
	uint64_t received;             /* files acknowledged */
	uint64_t others;               /* files of other devices */
};
/*
 * Exports what waits, then sends every file that nobody has acknowledged, and
 * what others made (sync_forward), to
 * `ssh HOST sync import -` and takes in the acknowledgement it answers. What
 * went over before the line broke does not go again.
 */
enum err sync_send(struct cases *c, const struct sync_send *how,
		   struct arena *a, struct sync_sent *out,
		   struct report *rep) MUST_CHECK;

/* ---- what is not needed any more */
struct sync_prune {
	struct str folder; /* of exported files */
	int64_t before;    /* only what is older than this time */
	bool dry;
};
struct sync_pruned {
	uint64_t files, bytes;
};
/*
 * Removes files the office has acknowledged, their manifests, refused files in
 * quarantine/ and halves of files that nobody went on sending. Submissions and
 * cases are not touched.
 */
enum err sync_prune(struct cases *c, const struct sync_prune *how,
		    struct arena *a, struct sync_pruned *out) MUST_CHECK;

/* ---- what comes in */
enum sync_kind { SYNC_EVENTS_FILE = 1, SYNC_ACK, SYNC_KIT, SYNC_PARCEL };
/* What a file says of itself, once its signature was found good. */
struct sync_incoming {
	enum sync_kind kind;
	struct str device, name; /* who made it; the name we know it by */
	struct minisign_key key;
	char spoken[MINISIGN_SPOKEN + 1];
	bool known, mine; /* accepted before; made by this very device */
	bool sealed;
	uint64_t seq;
	int64_t made;
	uint64_t bytes;                /* of the file */
	uint64_t events, fresh, again; /* fresh: were not here */
	bool whole_again;              /* this very file was taken in before */
	/* Of a second history of its device: the store was copied, or brought
	 * back from a backup. It is kept beside the first. */
	bool copied;
	uint64_t files;   /* of a parcel: others' files in it */
	uint64_t revoked; /* and those of revoked devices, which stay out */
	uint64_t acked;   /* of an acknowledgement: files newly marked */
	const uint64_t *gaps;
	size_t n_gaps;
	struct str quarantine; /* where a refused file was put; or empty */
};
struct sync_import {
	const char *path; /* a regular file: it is read twice */
	struct str shown; /* its name in sentences; empty: the path */
	bool accept;      /* a person accepts its device, and those it names */
	struct str accept_as; /* what that device is called from now on */
	bool dry;             /* all is checked, nothing changed */
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg); /* may be NULL */
};
/*
 * Takes in a file of events, an acknowledgement or a kit: all of it or nothing.
 * What was altered, cut off, sealed or addressed for others is refused with a
 * sentence in `rep` and a copy is put into quarantine/ of the store.
 * ERR_LOCKED: nobody has accepted its device yet; `out` says which.
 */
enum err sync_import(struct cases *c, const struct sync_import *how,
		     struct arena *a, struct sync_incoming *out,
		     struct report *rep) MUST_CHECK;

/* What to say where it is `copied`: to the office, or to the one who reads an
 * acknowledgement. */
const char *sync_copied(const struct sync_incoming *in);

/*
 * A file that comes over a line is kept in the store's folder until it is
 * whole. Where the line breaks, what came stays there, and a sender that knows
 * how goes on from it: it begins with "pilar-send SHA256 SIZE\n" and is
 * answered "have BYTES\n" on `out_fd`; then the rest follows. Anything else is
 * the file itself.
 */
struct sync_spool {
	char *path; /* in the arena */
};
enum err sync_spool_fill(struct cases *c, int in_fd, int out_fd,
			 struct arena *a, struct sync_spool *out,
			 struct report *rep) MUST_CHECK;
void sync_spool_drop(struct sync_spool *s); /* it has been taken in */
/*
 * Of a device that nobody here has accepted: it waits in `folder` for a person
 * to do so, one file a device, of a few devices. `path` is where.
 */
enum err sync_spool_keep(struct sync_spool *s, struct str folder,
			 struct str device, struct arena *a,
			 struct str *path) MUST_CHECK;

/*
 * What an office hands a volunteer: its forms, their lists, its workers, its
 * own key, the offices files are sealed for, and the pre-lists, in one signed
 * file. sync_import() takes it in, also again when something has changed.
 */
struct sync_kit {
	const char *path;
	struct str name;              /* of the office */
	const struct sync_office *to; /* sealed for these; none: not */
	size_t n_to;
	bool no_lists;
	bool dry; /* only says what would be in it */
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg); /* may be NULL */
};
struct sync_kit_made {
	uint64_t forms, media, workers, lists, rows, bytes;
};
enum err sync_kit_make(struct cases *c, const struct sync_kit *how,
		       struct arena *a, struct sync_kit_made *out,
		       struct report *rep) MUST_CHECK;

/*
 * Tells a device what has come in of it: signed, sealed for it. The name of
 * the file is pilar-<device8>-<seq6>.ack.age.
 */
enum err sync_ack(struct cases *c, struct str device, byte_sink sink,
		  void *arg) MUST_CHECK;
struct str sync_ack_name(struct arena *a, struct str device, uint64_t seq);

#endif
