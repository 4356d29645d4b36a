/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include "pilar/i18n.h"

enum err book_read_xlsx(struct book *b, struct str bytes, struct report *rep)
{
	(void)b;
	(void)bytes;
	report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
		   _("berkas .xlsx belum bisa dibaca; simpan sebagai .csv"));
	return ERR_INVALID;
}
