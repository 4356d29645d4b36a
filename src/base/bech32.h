/* SPDX-License-Identifier: MIT */
#ifndef BASE_BECH32_H
#define BASE_BECH32_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * BIP 173's text of bytes with a checksum, without its limit of 90 letters.
 * `hrp` is the part in front of the 1, in lower case.
 */
void bech32_write(struct buf *out, const char *hrp, const uint8_t *p, size_t n);
/* Exactly `n` bytes in letters of one case, or ERR_SYNTAX. */
enum err bech32_read(struct str text, const char *hrp, uint8_t *out,
		     size_t n) MUST_CHECK;

#endif
