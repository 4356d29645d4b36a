/* SPDX-License-Identifier: MIT */
#ifndef PILAR_FILE_H
#define PILAR_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/* A whole regular file, or "-" for standard input, of at most `b->max`. */
enum err file_read(const char *path, struct buf *b) MUST_CHECK;

/*
 * Makes the file appear whole or not at all: written beside it with mode 0600,
 * synced, renamed, the folder synced. ERR_NOSPACE when the disk is full.
 */
enum err file_write(const char *path, struct str content) MUST_CHECK;

/* The same in steps, for content that is streamed. */
struct file_out {
	FILE *f;
	char *path, *tmp;
};
enum err file_out_open(struct file_out *o, const char *path) MUST_CHECK;
enum err file_out_add(struct file_out *o, const void *p, size_t n) MUST_CHECK;
enum err file_out_commit(struct file_out *o) MUST_CHECK;
void file_out_abort(struct file_out *o); /* safe after a commit */

bool file_exists(const char *path);             /* of any kind */
enum err dir_make(const char *path) MUST_CHECK; /* 0700, parents too */
enum err dir_sync(const char *path) MUST_CHECK;
/* Removes a folder with the plain files in it; refuses sub-folders. */
enum err dir_remove(const char *path) MUST_CHECK;
/* Names of entries, sorted, without . and ..; in the arena. */
enum err dir_list(const char *path, struct arena *a, struct str **names,
		  size_t *n) MUST_CHECK;
/* dir + "/" + name in the arena. */
char *path_join(struct arena *a, const char *dir, const char *name);
/*
 * The first of `places` that is there, each seen from the folder the program
 * lies in. In the arena; NULL when none is.
 */
const char *share_find(struct arena *a, const char *const *places, size_t n);
/* What ships with the program: beside it where it was built, else installed. */
const char *share_dir(struct arena *a);

/* errno to err, the disk-full and permission cases told apart. */
enum err err_from_errno(int e);

#endif
