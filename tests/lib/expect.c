/* SPDX-License-Identifier: MIT */
#include "expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void assert_text_at(struct str got, const char *want, const char *file,
		    int line)
{
	if (str_is(got, want))
		return;
	print_error("got \"%.*s\", want \"%s\"\n", STR_ARG(got), want);
	_fail(file, line);
}
