/* SPDX-License-Identifier: MIT */
#ifndef TEST_EXPECT_H
#define TEST_EXPECT_H

#include "pilar/str.h"

/* What tests say all the time. Include cmocka.h before. */
#define ok(call) assert_int_equal((call), ERR_NONE)

#define assert_text(got, want) assert_text_at((got), (want), __FILE__, __LINE__)
void assert_text_at(struct str got, const char *want, const char *file,
		    int line);

#endif
