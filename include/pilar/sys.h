/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SYS_H
#define PILAR_SYS_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * The seam to the operating system: clock and randomness. Everything that
 * wants to know the time or draw a number takes a `const struct sys *`, so a
 * test can say what time it is. sys_real() is the machine's own.
 *
 * Times are milliseconds UTC since 1970. `offset_min` answers the local
 * zone's offset in minutes at that time (the TZ of the environment).
 */
struct sys {
	int64_t (*now)(void *self);
	int (*offset_min)(void *self, int64_t at);
	void (*random)(void *self, void *out, size_t n); /* CSPRNG */
	void *self;
};

const struct sys *sys_real(void);

/*
 * A clock that stands where it is put, a random source from a seed, and a
 * fixed or the environment's zone: for `--now`, tests and the demo store.
 */
#define SYS_ZONE_ENV INT32_MIN
struct sys_fixed {
	struct sys sys; /* pass &fixed.sys */
	int64_t at;
	int32_t zone_min; /* SYS_ZONE_ENV: as the environment says */
	uint64_t seed;    /* 0: real randomness */
};
void sys_fixed_init(struct sys_fixed *f, int64_t at, int32_t zone_min,
		    uint64_t seed);

int64_t sys_now(const struct sys *s);
double sys_random01(const struct sys *s); /* [0, 1) */

/* UUID version 4 in 36 characters and a NUL. */
#define UUID_LEN 36
void sys_uuid(const struct sys *s, char out[UUID_LEN + 1]);
/* 16 bytes of a UUID in text, and back. "uuid:" in front is allowed. */
enum err uuid_from_text(struct str text, uint8_t out[16]) MUST_CHECK;
void uuid_to_text(const uint8_t in[16], char out[UUID_LEN + 1]);

#endif
