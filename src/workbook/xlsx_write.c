/* SPDX-License-Identifier: MIT */
#include "pilar/sax.h"
#include "pilar/tree.h"
#include "pilar/workbook.h"
#include "pilar/zip.h"

#define HEAD   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define TYPE   "application/vnd.openxmlformats-officedocument.spreadsheetml."
#define PACK   "http://schemas.openxmlformats.org/package/2006/"

/* Every cell has style 1, whose format 49 is "text". */
static const struct {
	const char *path, *content;
} frame[] = {
	{ "[Content_Types].xml",
	  HEAD "<Types xmlns=\"" PACK "content-types\">"
	       "<Default Extension=\"rels\" ContentType=\"application/"
	       "vnd.openxmlformats-package.relationships+xml\"/>"
	       "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE
	       "sheet.main+xml\"/>"
	       "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE
	       "styles+xml\"/>"
	       "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
	       "ContentType=\"" TYPE "worksheet+xml\"/></Types>" },
	{ "_rels/.rels", HEAD "<Relationships xmlns=\"" PACK "relationships\">"
			      "<Relationship Id=\"rId1\" Type=\"" OFFICE
			      "relationships/officeDocument\" "
			      "Target=\"xl/workbook.xml\"/></Relationships>" },
	{ "xl/workbook.xml",
	  HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
	       "relationships\"><sheets><sheet name=\"Daftar\" sheetId=\"1\" "
	       "r:id=\"rId1\"/></sheets></workbook>" },
	{ "xl/_rels/workbook.xml.rels",
	  HEAD "<Relationships xmlns=\"" PACK "relationships\">"
	       "<Relationship Id=\"rId1\" Type=\"" OFFICE
	       "relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	       "<Relationship Id=\"rId2\" Type=\"" OFFICE
	       "relationships/styles\" Target=\"styles.xml\"/>"
	       "</Relationships>" },
	{ "xl/styles.xml",
	  HEAD "<styleSheet xmlns=\"" MAIN "\">"
	       "<fonts count=\"1\"><font><sz val=\"11\"/>"
	       "<name val=\"Calibri\"/></font></fonts>"
	       "<fills count=\"2\"><fill><patternFill patternType=\"none\"/>"
	       "</fill><fill><patternFill patternType=\"gray125\"/></fill>"
	       "</fills><borders count=\"1\"><border/></borders>"
	       "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
	       "<cellXfs count=\"2\"><xf xfId=\"0\"/>"
	       "<xf numFmtId=\"49\" applyNumberFormat=\"1\" xfId=\"0\"/>"
	       "</cellXfs><cellStyles count=\"1\"><cellStyle "
	       "name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
	       "</styleSheet>" },
};

static void put_row(struct buf *b, const struct str *cells, size_t n)
{
	buf_adds(b, "<row>");
	for (size_t i = 0; i < n; i++) {
		if (!cells[i].n) {
			buf_adds(b, "<c s=\"1\"/>");
			continue;
		}
		buf_adds(b, "<c s=\"1\" t=\"inlineStr\"><is>"
			    "<t xml:space=\"preserve\">");
		xml_escape(b, cells[i]);
		buf_adds(b, "</t></is></c>");
	}
	buf_adds(b, "</row>");
}

static enum err put_sheet(struct buf *b, const struct workbook_from *from)
{
	const struct str *cells;
	enum err rc = ERR_NONE;
	size_t n;

	buf_adds(b, HEAD "<worksheet xmlns=\"" MAIN
			 "\"><cols><col min=\"1\" max=\"256\" width=\"20\" "
			 "style=\"1\" customWidth=\"1\"/></cols>"
			 "<sheetData>");
	while (!rc) {
		rc = from->next(from->arg, &cells, &n);
		if (!rc)
			put_row(b, cells, n);
	}
	buf_adds(b, "</sheetData></worksheet>");
	return rc == ERR_NOTFOUND ? b->failed : rc;
}

enum err workbook_write(struct buf *out, const struct workbook_from *from)
{
	struct buf sheet = BUF_INIT(SAX_MAX_BYTES);
	struct zip_out *z = NULL;
	enum err rc = put_sheet(&sheet, from), closed;

	if (!rc)
		rc = zip_out_new(&z, out);
	for (size_t i = 0; i < ARRAY_LEN(frame) && !rc; i++)
		rc = zip_out_add(z, frame[i].path, str_from(frame[i].content));
	if (!rc)
		rc = zip_out_add(z, "xl/worksheets/sheet1.xml",
				 buf_str(&sheet));
	closed = z ? zip_out_close(z) : ERR_NONE;
	buf_release(&sheet);
	return rc ? rc : closed;
}
