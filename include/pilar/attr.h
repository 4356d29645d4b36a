/* SPDX-License-Identifier: MIT */
#ifndef PILAR_ATTR_H
#define PILAR_ATTR_H

/* The caller must look at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Argument f is a printf format, its values begin at argument a. */
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
