/* SPDX-License-Identifier: MIT */
#ifndef PILAR_LISTS_H
#define PILAR_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Lists are tables of text that a form looks into: a CSV file, an entity
 * dataset, the last saved record. An expression sees list L as
 * instance('L')/root/item with the columns as children of item.
 *
 * A list answers "rows where column = value, in order" from an index, and is
 * never built as a tree as a whole. A row is a number of the list's own
 * choosing that stays good until the list changes.
 */
struct list {
	const struct list_ops *ops;
	/*
	 * Goes up whenever rows or cells may have changed: everything learned
	 * before is then void.
	 */
	uint64_t version;
};

struct list_ops {
	size_t (*columns)(const struct list *l);
	struct str (*column)(const struct list *l, size_t column);
	/* All rows in order, in the arena. */
	enum err (*all)(struct list *l, struct arena *a, const uint32_t **rows,
			size_t *n);
	/* Rows whose column equals value, in order, in the arena or lent. */
	enum err (*find)(struct list *l, size_t column, struct str value,
			 struct arena *a, const uint32_t **rows, size_t *n);
	/* Lent until the list changes. */
	struct str (*cell)(struct list *l, uint32_t row, size_t column);
	/*
	 * Rows for a person who types part of the `column` text, best first,
	 * at most `*n` of them; NULL: the caller scans. `among` may be NULL.
	 */
	enum err (*match)(struct list *l, size_t column, struct str typed,
			  struct arena *a, const uint32_t **rows, size_t *n);
	void (*release)(struct list *l); /* the list itself */
};

/* Index of a column or SIZE_MAX. */
size_t list_column(const struct list *l, struct str name);

/*
 * Where a form's instances come from. `open` gets the instance's id and its
 * src ("jr://file-csv/wilayah.csv") and answers a list or, for XML instances,
 * text. ERR_NOTFOUND when there is none. Lists are released by whoever opened
 * them.
 */
struct lists {
	enum err (*open)(struct lists *self, struct str id, struct str src,
			 struct list **out, struct report *rep);
	/* A whole file (XML or GeoJSON instance), in the arena. */
	enum err (*file)(struct lists *self, struct str src, struct arena *a,
			 struct str *out);
};

/*
 * A list over CSV text. `text` is copied only when `copy` says so and must
 * otherwise outlive the list. The first row names the columns, which must be
 * XML names; separator and line ends are found out (csv_detect). Indexes are
 * built on first use of a column. Messages name `name` and the line.
 */
enum err csv_list_new(struct list **out, struct str text, bool copy,
		      const char *name, struct report *rep) MUST_CHECK;

/* Lists that are files of a folder, by the last segment of the src. */
enum err dir_lists_new(struct lists **out, const char *dir) MUST_CHECK;
void dir_lists_free(struct lists *l);

#endif
