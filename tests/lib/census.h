/* SPDX-License-Identifier: MIT */
#ifndef TEST_CENSUS_H
#define TEST_CENSUS_H

#include "world.h"

struct index_write;
struct record;
struct shelf;

/*
 * A store of many made-up people, to be asked for: 12,500 households and
 * 50,000 persons, or as many households as PILAR_BENCH_HOUSES says; in the
 * folder PILAR_BENCH_STORE, where it stays and is filled only once, or in one
 * of its own. Entities and their index only, no submissions. What fails ends
 * the program with the reason.
 */
#define PEOPLE 4  /* in a household */
#define ROWS   20 /* of a screen */

struct census {
	struct world w;
	const char *folder; /* of the store; other files may lie there */
	size_t houses;
	struct shelf *shelf;
	struct index_write *writer; /* as a session keeps it */
};

/* Fills what is not there yet, from where an interrupted run left off; gives
 * how many were taken in a second, 0 when nothing was missing. */
double census_begin(struct census *c);
/* That store once more, in another process that only asks. */
void census_join(struct census *c, const char *dir);
/* Also of one that was joined: the store of a folder that stays is left. */
void census_end(struct census *c);

/* Households and persons. */
size_t census_size(const struct census *c);
/* As large as a province, where other bars hold. */
bool census_large(const struct census *c);

struct person {
	char name[128], number[20], village[32], street[64];
};

/* The i-th, of whom each PEOPLE + 1st is a household: always the same. */
void person_at(size_t i, struct person *p);
/* What the index takes of it; the caller releases its bytes. */
void make_record(struct record *r, const struct person *p, bool house,
		 struct arena *a);
/* Those of [from, to) in one commit, with what the index takes or without. */
void put_people(struct census *c, size_t from, size_t to, bool indexed);

/* What is typed in the search line. */
enum asked { TYPED, WHOLE, MIXED, PLACED, NUMBERED, ASKED_COUNT };
const char *asked_name(enum asked kind);

/* Letter by letter, sixteen of each name, as somebody types it. */
#define TYPED_LETTERS 16

/* The i-th question of a kind, of somebody who is there. */
void question(const struct census *c, enum asked kind, size_t i, char out[256]);

struct spent {
	double cpu, wall; /* us */
};

/* A key: the hits, and the rows that a screen then shows, opened. */
struct spent key(const struct census *c, const char *text, struct arena *a);

#endif
