/* SPDX-License-Identifier: MIT */
#ifndef CASES_HOLDER_H
#define CASES_HOLDER_H

#include "pilar/arena.h"
#include "pilar/buf.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * Who has a draft open: the process, told apart from a later one with the same
 * number by the boot and the time it started, and where it sits.
 */
#define HOLDER_TOKEN 8
struct holder {
	int64_t pid; /* 0: nobody */
	uint64_t started;
	struct str boot, tty;
	/* Drawn at each opening: a take-over is seen by it. */
	uint8_t token[HOLDER_TOKEN];
};

int64_t holder_pid(void);
struct holder holder_self(const struct sys *sys, struct arena *a);
bool holder_same(const struct holder *a, const struct holder *b);
bool holder_alive(const struct holder *h);
void holder_write(struct buf *b, const struct holder *h);
struct holder rd_holder(struct rd *r);

#endif
