/* SPDX-License-Identifier: MIT */
#ifndef SYNC_FORK_H
#define SYNC_FORK_H

#include "pilar/map.h"
#include "pilar/vec.h"

#include "keys.h"
#include "manifest.h"
#include "status.h"

/*
 * A store that was copied, or brought back from a backup, goes on under the
 * number of its device: there are two histories of it (RELIABILITY F18). Each
 * manifest names the one before, so the files of each are told apart; those of
 * the second are kept under a number made of the manifest that began it. The
 * note fork/DEVICE/NUMBER says with which file.
 */
struct place {
	struct str device; /* under which the file is kept; a copy's, perhaps */
	struct str spare;  /* for events whose number another one has */
	bool begins;       /* a history that was not known */
	bool again;        /* this very file is here */
};
/* The number of the history that a manifest of `device` begins. */
struct str fork_number(struct arena *a, struct str device, struct str hash);
enum err fork_note(struct arena *a, struct str device, struct str number,
		   uint64_t seq, struct note *out) MUST_CHECK;

struct fork {
	struct str device, number;
	uint64_t seq; /* of its first file */
};
/* What the other files of a parcel say, which is not stored yet. */
struct fresh {
	struct map notes; /* name to `struct note` */
	VEC(struct fork) forks;
};
/* Copies of one device that are told apart. */
#define FORKS_MAX 8
/*
 * Where a file belongs, by what came in so far; `fresh` may be NULL. `hash` of
 * its manifest. ERR_TOOBIG: one copy too many.
 */
enum err fork_place(struct cases *c, struct arena *a, const struct fresh *fresh,
		    const struct sheet *s, struct str hash,
		    struct place *out) MUST_CHECK;
/* Of one device; of all where it is empty. */
enum err forks(struct cases *c, struct str device, struct arena *a,
	       struct fork **out, size_t *n) MUST_CHECK;
/* The device of the event that a file of `device` calls `seq`, where the file
 * is kept under `number`: its own, or one it got when it came in. */
enum err fork_event(struct cases *c, struct arena *a, const struct place *at,
		    struct str device, uint64_t seq,
		    struct str *instance_id) MUST_CHECK;
/* The device whose copy has that number; NULL: it is none. */
const struct fork *fork_find(const struct fork *all, size_t n,
			     struct str number);
/* Is the file before this one kept with another history of its device? */
enum err fork_joined(struct cases *c, struct arena *a, const struct fork *all,
		     size_t n, const struct taken *t, bool *yes) MUST_CHECK;

#endif
