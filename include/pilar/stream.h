/* SPDX-License-Identifier: MIT */
#ifndef PILAR_STREAM_H
#define PILAR_STREAM_H

#include <stddef.h>

#include "pilar/err.h"

/*
 * Bytes that flow through archives, compression and sealing. A sink is given
 * all `n` bytes at once; what it returns ends the flow. A source puts at most
 * `max` bytes (at least 1) at `p` and says how many; 0 only at the end.
 */
typedef enum err (*byte_sink)(void *arg, const void *p, size_t n);
typedef enum err (*byte_source)(void *arg, void *p, size_t max, size_t *n);

#endif
