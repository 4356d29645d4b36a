/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "try.h"

/* The headless contract: one JSON object a line in, one a line out. */
const struct command *commands_try(void)
{
	static const struct command rows[] = {
		{ "form xpath", try_xpath,
		  N_("[--now WAKTU] [--form] DOKUMEN.xml"),
		  "pilar form xpath --form formulir.xml",
		  N_("Menghitung ungkapan XPath atas dokumen; "
		     "satu baris JSON satu ungkapan.") },
		{ "form try", try_form,
		  N_("[--now WAKTU] [--prop NAMA=NILAI]... [--allow-missing] "
		     "FORMULIR.xml"),
		  "pilar form try formulir.xml < langkah.jsonl",
		  N_("Mengisi formulir tanpa layar; satu baris JSON satu "
		     "langkah.") },
		{ 0 },
	};

	return rows;
}
