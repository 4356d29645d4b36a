/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "try.h"

/* The headless contract: one JSON object a line in, one a line out. */
const struct command *commands_try(void)
{
	static const struct command rows[] = {
		{ "form xpath", try_xpath, "[--now WAKTU] [--form] DOKUMEN.xml",
		  "pilar form xpath --form formulir.xml",
		  N_("Menghitung ungkapan XPath atas sebuah dokumen; "
		     "satu baris JSON satu ungkapan.") },
		{ 0 },
	};

	return rows;
}
