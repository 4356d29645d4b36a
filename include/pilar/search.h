/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SEARCH_H
#define PILAR_SEARCH_H

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Search as you type over every property that datasets.csv marks for search:
 * any order of words, each by prefix, all must hit, best first. Folded for
 * case, diacritics and Indonesian spelling (INDEX.md). The index behind it can
 * be replaced without touching callers.
 *
 * In one dataset the text may also say what a property or a text shown must be:
 * desil<=2, status=aktif|pindah, tgl_lahir=1950..1959, nama=si*, hp= (nothing
 * there), alamat="jl mawar*"; !=, <, > and >= likewise. Days are written as
 * people do, 21-11-2026, 11-2026 or 2026. Every entity is then looked at, but
 * for those that the other words of the text leave out; without other words
 * those that left the lists (kind `closed`) hit only where nothing else does.
 */
enum hit_how {
	HIT_WORDS,   /* the words stand there, in some spelling */
	HIT_SIMILAR, /* with y for j, o for a, p for f and the like */
	HIT_CHILD    /* one of those that belong to it has them */
};

struct hit {
	struct str dataset, id; /* of the entity */
	enum hit_how how;
	unsigned rank; /* smaller is better */
	/* Of HIT_CHILD: the best of those that have the words. */
	struct str child_dataset, child;
};

struct search_query {
	struct str text;
	struct str dataset; /* empty: all */
	size_t limit;       /* rows wanted, from the best on */
};

/* What a text says of properties that cannot be answered. */
enum search_wrong {
	SEARCH_RIGHT,
	SEARCH_UNKNOWN,    /* no property and no text shown has that name */
	SEARCH_EVERYWHERE, /* asked of all datasets */
	SEARCH_EMPTY,      /* nothing to compare with */
	SEARCH_BACKWARD,   /* 5..2 */
	SEARCH_UNLIKE,     /* numbers or days compared with what is none */
	SEARCH_MANY        /* more than are taken */
};

struct search_result {
	struct hit *hits;
	size_t n;
	size_t total; /* how many hit, not only those returned */
	bool more;    /* there may be more than `total`: it stopped counting */
	enum search_wrong wrong; /* with ERR_INVALID */
	struct str what;         /* the name in what is wrong */
};
/* The sentence for it, behind "name: ". */
const char *search_wrong(enum search_wrong wrong);
/*
 * An empty text asks for all that did not leave the lists (kind `closed`).
 * Where there are few hits, similar spellings follow, and in one dataset those
 * of whose children (kind `parent`) the words are true. Others' commits are
 * seen. ERR_INVALID: `wrong` says what the text cannot ask. ERR_REFUSED:
 * the index is of another version and the store may only be read.
 */
enum err cases_search(struct cases *c, const struct search_query *q,
		      struct arena *a, struct search_result *out) MUST_CHECK;
/*
 * Of the first hits, where several are as good as each other, those written as
 * they were typed come first: "Joko" before "Djoko". They are read for it.
 */
void cases_spelled(struct cases *c, struct str text, struct search_result *r);

/*
 * Where the file is not in memory yet, asks the disk for a part of what leads
 * to what searches read; they ask for the rest themselves. For when nobody
 * types. False: that was all, or it could not be done, which does no harm.
 */
bool cases_search_prepare(struct cases *c);

/*
 * Entities that may be one and the same: a value of kind `unique` in common,
 * or names that are the same or nearly, while nothing of kind `alike` says
 * otherwise and something does not. Most likely first.
 */
struct alike {
	struct str id;
	struct str why; /* "NIK sama; nama mirip", for a person */
	bool sure;      /* more than the name says so */
	unsigned score; /* smaller is more likely */
};
enum err cases_alike(struct cases *c, const struct entity *e, struct arena *a,
		     struct alike **out, size_t *n) MUST_CHECK;
/* Of a name that is not stored yet. */
enum err cases_alike_name(struct cases *c, struct str dataset, struct str name,
			  struct arena *a, struct alike **out,
			  size_t *n) MUST_CHECK;

/*
 * What a submission would make that is likely to be there already, each beside
 * one of those it may be; nothing is written. Of lists that have a row of kind
 * `unique` or `alike`, and only where more than the name says so.
 */
struct twin {
	struct entity made; /* as it would be, with its texts */
	struct alike like;
};
enum err cases_twins(struct cases *c, const struct submission *sub,
		     struct arena *a, struct twin **out, size_t *n) MUST_CHECK;

/* The folding, for tests: words separated by one blank. */
struct str search_fold(struct arena *a, struct str text, bool typing);
/* The same of a name typed, without its titles and degrees ("M.Si"); empty
 * where nothing else is there. */
struct str search_bare(struct arena *a, struct str text);

#endif
