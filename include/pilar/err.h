/* SPDX-License-Identifier: MIT */
#ifndef PILAR_ERR_H
#define PILAR_ERR_H

/*
 * Every function that can fail returns `enum err`. 0 is success, every failure
 * is negative, so `if (rc)` reads as "if it failed". The names avoid the
 * macros OK and ERR, which <curses.h> defines.
 *
 * The code says what kind of failure it was; the sentence for the person, with
 * file, row or field, goes into a `struct report` (report.h) where one is
 * passed.
 */
#define ERR_LIST(X)                                                   \
	X(NOMEM, -1, "out of memory")                                 \
	X(IO, -2, "the operating system refused a read or write")     \
	X(CORRUPT, -3, "stored data does not have the expected form") \
	X(NOTFOUND, -4, "no such record")                             \
	X(TOOBIG, -5, "a limit was exceeded")                         \
	X(SYNTAX, -6, "the text is not well formed")                  \
	X(INVALID, -7, "well formed, but not allowed here")           \
	X(REFUSED, -8, "the act is not possible now")                 \
	X(CONSTRAINT, -9, "stored, but its constraint does not hold") \
	X(EXISTS, -10, "already there")                               \
	X(NOSPACE, -11, "the disk is full")                           \
	X(LOCKED, -12, "someone else holds it, or the key is wrong")  \
	X(VERSION, -13, "made by a newer program")                    \
	X(CANCELLED, -14, "a person stopped it")                      \
	X(BUSY, -15, "another process is writing")

enum err {
	ERR_NONE = 0,
#define X(name, value, text) ERR_##name = value,
	ERR_LIST(X)
#undef X
};

/* Text for developers and logs, never freed. The UI has its own catalogue. */
const char *err_str(enum err e);

#endif
