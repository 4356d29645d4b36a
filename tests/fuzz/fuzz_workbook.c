/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "pilar/csv.h"
#include "pilar/utf8.h"
#include "pilar/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err on_sheet(void *arg, const struct workbook_sheet *s,
			 void **handle)
{
	(void)s;
	*handle = arg;
	return ERR_NONE;
}

/* What is told is within the limits, and can be read. */
static enum err on_row(void *arg, void *handle, uint32_t at,
		       const struct str *cells, size_t n)
{
	if (handle != arg || !at || n > CSV_MAX_COLUMNS)
		abort();
	for (size_t i = 0; i < n; i++)
		if (cells[i].n > CSV_MAX_CELL || !utf8_valid(cells[i]))
			abort();
	return ERR_NONE;
}

static enum err on_merged(void *arg, void *handle,
			  const struct workbook_merged *m)
{
	if (handle != arg || !m->row || m->column > UINT16_MAX)
		abort();
	return ERR_NONE;
}

/* The first byte says which kind of workbook the others are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char arg = 0;
	const struct workbook_to to = { &arg, on_sheet, on_row, on_merged };
	struct report rep = { 0 };
	enum err rc;

	if (!size)
		return 0;
	rc = workbook_read(str_of((const char *)data + 1, size - 1),
			   data[0] % 2 ? WORKBOOK_XLS : WORKBOOK_XLSX, &to,
			   &rep);
	if (rc && rc != ERR_NOMEM && !rep.errors)
		abort();
	report_release(&rep);
	return 0;
}
