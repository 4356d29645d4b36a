/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_LINE_H
#define SCREENS_LINE_H

#include <stdio.h>

#include "pilar/draft.h"
#include "pilar/keying.h"
#include "pilar/screens.h"

#include "choices.h"
#include "field.h"
#include "pages.h"

/* Longest line a person types; the rest of it is dropped. */
#define LINE_MAX_BYTES 8192
/* Choices of at most this many columns stand in the question. */
#define LINE_CHOICES 32
/* Matches of typed words that are listed. */
#define LINE_MATCHES 9

/*
 * A form being filled in lines. `at` is a step of `steps`, or their number:
 * the review. Everything said is collected in `said` and goes out in one
 * write, just before an answer is awaited.
 */
struct line {
	struct fill_lines *how;
	struct cases *cases;
	struct session *session;
	struct draft *draft;
	struct ref fixed;
	struct keying keying;
	struct changes changes;
	struct arena walk, turn; /* of the steps; of one question */
	struct step *steps;
	size_t n, at;
	struct buf said, here; /* here: path of the question */
	VEC(struct str) trail; /* paths passed, to go back */
	struct arena trail_texts;
	struct str insisted; /* an answer that was complained about */
	struct arena insisted_text;
	VEC(uint64_t) lists; /* of choices, said once in full */
	unsigned number;     /* of the question asked last, 0 to say the next */
	uint64_t part;       /* the heading's words before a colon */
	bool over;
	bool compared; /* it was said what is there already */
	bool refused;  /* something was complained about */
	bool added;    /* the last answer made a new row */
	bool fresh;    /* nothing done since the draft was made */
};

/* ---- line_ask.c: what is said */
void line_say(struct line *l, const char *format, ...) PRINTF_LIKE(2, 3);
/* "! why"; what was typed after it on the line is not used. */
void line_refuse(struct line *l, const char *why);
/* A text of the form or of a person, harmless to a terminal. */
void line_say_text(struct line *l, struct str text);
/* What one comes past on the way from `from` to the question. */
void line_pass(struct line *l, size_t from);
/* The same, then the question at `at`. */
void line_ask(struct line *l, size_t from);
/* The step with this number or these words; `n` where there is none. */
size_t line_find(struct line *l, struct str want);
void line_help(struct line *l);
/* What is missing or wrong, and remarks. */
void line_review(struct line *l);

/* ---- line_take.c: what is answered */
/* True: it stands, one goes on. */
bool line_take(struct line *l, struct str text);
enum err line_acted(struct line *l);

#endif
