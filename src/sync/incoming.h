/* SPDX-License-Identifier: MIT */
#ifndef SYNC_INCOMING_H
#define SYNC_INCOMING_H

#include "pilar/arrive.h"

#include "fork.h"
#include "keys.h"
#include "manifest.h"
#include "pack.h"
#include "status.h"

/* The parcel that a file came in: who signed it, and whom he believes. */
struct voucher {
	struct str device;
	struct minisign_key key;
	struct age_recipient recipient;
	const struct json *devices; /* {"device", "name", "key"} */
	bool known; /* is known here, and nobody accepts this file by hand */
	uint64_t *left; /* bytes that its files may still unpack to */
};

/* A file on its way in, and what is known of it so far. */
struct incoming {
	struct cases *cases;
	const struct sync_import *how;
	struct sync_incoming *out;
	struct report *rep;
	struct arena *arena; /* the caller's */
	struct seal_key *identity;
	struct age_recipient me;
	int fd;
	struct str bytes; /* of a file in a parcel: instead of one on disk */
	struct str rest;  /* of these, still to be read */
	const struct voucher *voucher; /* of that parcel; or NULL */
	struct str called;             /* as the voucher calls its device */
	bool revoked;                  /* its device is */
	struct dict *dict;             /* of the parcel it came in; or NULL */
	struct unpack *unpack;
	struct buf entry;         /* the one read last */
	struct buf log;           /* the audit log behind it */
	struct buf first, second; /* manifest and signature, or the like */
	struct sheet sheet;
	struct place place;        /* where it is kept */
	const struct fresh *fresh; /* of the parcel it came in; or NULL */
	uint64_t done, total;      /* for the progress */
};

/* Opens the layers anew from the start of the file, and reads the first two
 * entries, which must have these names. */
enum err incoming_open(struct incoming *in, struct str *name) MUST_CHECK;
void incoming_close(struct incoming *in);
void incoming_release(struct incoming *in); /* its buffers */

/* Adds the sentence for a person, once. Gives `rc` back. */
enum err refuse(struct incoming *in, enum err rc, const char *sentence);
/* Keeps a copy of a file that cannot be what it says. */
void quarantine(struct incoming *in, enum err rc);

/* ---- import.c: a file of events, checked; then applied; what is kept of it */
#define FILE_NOTES 4
enum err import_look(struct incoming *in) MUST_CHECK;
enum err import_apply(struct incoming *in, struct arriving *to) MUST_CHECK;
/* Texts live in the arena. */
enum err import_notes(struct incoming *in, struct note notes[FILE_NOTES],
		      size_t *n) MUST_CHECK;

/* ---- kit_take.c: kits and parcels */
#define KIT_NAME "kit.json"
enum err kit_take(struct incoming *in) MUST_CHECK;

/* ---- ack.c */
#define ACK_NAME      "ack.json"
#define ACK_SIGNATURE "ack.json.minisig"
enum err ack_take(struct incoming *in) MUST_CHECK;

#endif
