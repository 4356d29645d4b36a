/* SPDX-License-Identifier: MIT */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "pilar/cases.h"
#include "pilar/sync.h"

/*
 * A store for tests with made-up lists: houses (`rumah`) and the people in
 * them (`warga`). The form `daftar` registers a house with its people in a
 * repeat, `kunjung` visits a house and changes it, `pindah` moves a person to
 * another house. What fails ends the program with the reason.
 */
struct world {
	char folder[64], dir[200];
	struct sys_fixed clock;
	struct store *store;
	struct cases *cases;
	struct arena arena;
	struct report report;
};

/* Makes the store with forms and lists; the clock stands, chance is seeded. */
void world_make(struct world *w);
/* The same as another device: its chance has another seed. */
void world_make_as(struct world *w, uint64_t seed);
void world_open(struct world *w); /* the same store again */
/* A store of that folder, which world_remove() leaves; made when not there. */
void world_keep(struct world *w, const char *dir);
void world_close(struct world *w); /* keeps the files */
void world_remove(struct world *w);
/* For cmocka: the initial state is the world, made anew for each test. */
int world_setup(void **state);
int world_teardown(void **state);
#define world_test(name, w)                                         \
	cmocka_unit_test_prestate_setup_teardown(name, world_setup, \
						 world_teardown, (w))
void world_datasets_put(struct world *w, const char *csv);

/* Submissions as XML, in the arena. Ids are drawn from the seeded chance. */
struct str world_uuid(struct world *w);
struct submission world_house(struct world *w, struct str id, const char *name,
			      const char *number, const char *village);
/* A house with `n` people; their ids go to `ids` when not NULL. */
struct submission world_family(struct world *w, struct str id, const char *name,
			       const char *const *people, size_t n,
			       struct str *ids);
struct submission world_visit(struct world *w, struct str house,
			      const char *condition, const char *name);
struct submission world_move(struct world *w, struct str person,
			     struct str house);
void world_submit(struct world *w, const struct submission *s);
/* An entity that is there. */
struct entity world_entity(struct world *w, const char *dataset, struct str id);
/* A house that is registered; its id. */
struct str world_put_house(struct world *w, const char *name,
			   const char *number, const char *village);
/* The same with `n` people, named after the first; `ids` may be NULL. */
struct str world_put_family(struct world *w, const char *const *people,
			    size_t n, struct str *ids);

/* What waits for export, as one plain file in that folder; its path. */
char *world_export(struct world *w, const char *folder);
/* Takes that file in; a refusal has to say why. */
enum err world_take(struct world *w, const char *path,
		    struct sync_incoming *in);
/* What waits in the one, taken in by the other. */
void world_carry(struct world *from, struct world *to);
/* This device as one that others seal for. */
struct sync_office world_office(struct world *w, const char *name);

/* The whole dump as one text. */
struct str world_dump(struct world *w, struct arena *a);

#endif
