/* SPDX-License-Identifier: MIT */
#include "doc.h"

#include "pilar/utf8.h"

/*
 * One page that needs nothing but itself: no script, no picture, no font. Black
 * on white, since office printers are.
 */
static const char style[] =
	"@page{size:A4;margin:14mm;"
	"@bottom-right{content:counter(page) ' / ' counter(pages);"
	"font:8pt 'Liberation Sans',Arial,sans-serif}}"
	"*{box-sizing:border-box}"
	"body{font:10.5pt/1.35 'Liberation Sans',Arial,sans-serif;color:#000;"
	"background:#fff;max-width:182mm;margin:0 auto;padding:4mm 0}"
	"@media print{body{max-width:none;padding:0}}"
	"h1{font-size:15pt;margin:0 0 3mm}"
	"h2{font-size:12pt;margin:5mm 0 2mm;border-bottom:.4mm solid #000;"
	"break-after:avoid}"
	"h3{font-size:11pt;margin:4mm 0 1mm;break-after:avoid}"
	"p{margin:1mm 0}h2+.n{break-after:avoid}"
	".n{font-size:9pt;color:#333;margin:0 0 1.5mm}"
	".p{display:flex}.p b{font-weight:400;flex:0 0 45mm}"
	".p span:before{content:': '}"
	"table{border-collapse:collapse;width:100%;margin:2mm 0 3mm}"
	"th,td{border:.2mm solid #000;padding:.7mm 1.2mm;text-align:left;"
	"vertical-align:top;overflow-wrap:break-word}"
	"th{font-weight:700;background:#eee}"
	"thead{display:table-header-group}tr{break-inside:avoid}"
	"th.r{width:1px;min-width:8mm}td.r,th.r{text-align:right;"
	"font-variant-numeric:tabular-nums}"
	"td.k,th.k{white-space:nowrap}table.w{font-size:9pt}"
	"tr.t td{font-weight:700;border-top:.6mm solid #000}"
	".b{display:grid;grid-template-columns:55mm 1fr;gap:.8mm 2mm;"
	"break-inside:avoid;margin:2mm 0 3mm}"
	".b i{display:inline-block;height:3.4mm;background:#555;"
	"border:.2mm solid #000;margin-right:1.5mm;vertical-align:middle;"
	"-webkit-print-color-adjust:exact;print-color-adjust:exact}"
	".b span{font-style:normal}"
	".q{display:grid;grid-template-columns:9mm 1fr;break-inside:avoid;"
	"margin:0 0 2.4mm}"
	".q .a{grid-column:2;margin-top:.6mm}"
	".q .c{display:inline-block;margin:0 5mm .6mm 0}"
	".q .c u{display:inline-block;width:3.4mm;height:3.4mm;"
	"border:.25mm solid #000;margin-right:1.4mm;vertical-align:-.5mm}"
	".q .x{display:inline-block;width:5.4mm;height:6.4mm;"
	"border:.25mm solid #000;margin-right:-.25mm}"
	".q .l{border-bottom:.25mm dotted #000;height:7mm}"
	".s{display:flex;justify-content:space-between;gap:10mm;"
	"margin-top:10mm;break-inside:avoid;text-align:center}"
	".s div{flex:1}.s span{display:block;margin-top:20mm;"
	"border-top:.25mm solid #000}";

static void put(struct doc *d, const char *html)
{
	buf_adds(d->out, html);
}

static void escape(struct doc *d, struct str text)
{
	static const char *const special[256] = {
		['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;", ['\n'] = "<br>",
	};

	for (size_t i = 0, from = 0; i <= text.n; i++) {
		unsigned char c = i < text.n ? (unsigned char)text.p[i] : 0;

		if (i < text.n && !special[c])
			continue;
		utf8_clean(d->out, str_sub(text, from, i));
		if (i < text.n)
			put(d, special[c]);
		from = i + 1;
	}
}

static void wrapped(struct doc *d, const char *before, struct str text,
		    const char *after)
{
	put(d, before);
	escape(d, text);
	put(d, after);
}

static void html_open(struct doc *d, const char *lang, struct str title)
{
	buf_addf(d->out,
		 "<!DOCTYPE html>\n<html lang=\"%s\"><head>"
		 "<meta charset=\"utf-8\">\n<title>",
		 lang);
	escape(d, title);
	buf_addf(d->out, "</title>\n<style>%s</style></head>\n<body>\n", style);
}

static void html_close(struct doc *d)
{
	put(d, "</body></html>\n");
}

static void html_heading(struct doc *d, unsigned level, struct str text)
{
	static const char *const tags[][2] = { { "<h1>", "</h1>\n" },
					       { "<h2>", "</h2>\n" },
					       { "<h3>", "</h3>\n" } };
	size_t at = level > 3 ? 2 : level ? level - 1 : 0;

	wrapped(d, tags[at][0], text, tags[at][1]);
}

static void html_text(struct doc *d, struct str text)
{
	wrapped(d, "<p>", text, "</p>\n");
}

static void html_note(struct doc *d, struct str text)
{
	wrapped(d, "<p class=n>", text, "</p>\n");
}

static void html_pair(struct doc *d, struct str label, struct str value)
{
	wrapped(d, "<div class=p><b>", label, "</b>");
	wrapped(d, "<span>", value, "</span></div>\n");
}

/* More columns are written smaller. */
#define WIDE_TABLE 10
/* Short texts without blanks are not broken at a hyphen: dates, codes. */
#define SHORT_CELL 16

static bool keeps(struct str text)
{
	struct str rest = text, word;

	return text.n <= SHORT_CELL && str_word(&rest, &word) &&
	       word.n == text.n;
}

static void cell(struct doc *d, const char *tag, const struct doc_column *c,
		 struct str text)
{
	static const char *const classes[2][2] = {
		{ "", " class=k" }, { " class=r", " class=\"r k\"" }
	};

	buf_addf(
		d->out, "<%s%s", tag,
		classes[c->right][keeps(text) && (tag[1] == 'h' || !c->right)]);
	if (c->share > 0)
		buf_addf(d->out, " style=\"width:%d%%\"", c->share);
	put(d, ">");
	escape(d, text);
	buf_addf(d->out, "</%s>", tag);
}

static void html_table(struct doc *d, const struct doc_table *t)
{
	put(d, t->n_columns > WIDE_TABLE ? "<table class=w>" : "<table>");
	put(d, "<thead><tr>");
	for (size_t c = 0; c < t->n_columns; c++)
		cell(d, "th", &t->columns[c], t->columns[c].head);
	put(d, "</tr></thead>\n<tbody>\n");
	for (size_t r = 0; r < t->n_rows; r++) {
		bool total = t->last_is_total && r + 1 == t->n_rows;

		put(d, total ? "<tr class=t>" : "<tr>");
		for (size_t c = 0; c < t->n_columns; c++)
			cell(d, "td", &t->columns[c],
			     t->cells[r * t->n_columns + c]);
		put(d, "</tr>\n");
	}
	put(d, "</tbody></table>\n");
}

static void html_bars(struct doc *d, struct str title,
		      const struct doc_bar *bars, size_t n)
{
	double max = doc_bars_max(bars, n);
	char number[DOC_NUMBER_MAX];

	if (title.n)
		html_heading(d, 3, title);
	put(d, "<div class=b>\n");
	for (size_t i = 0; i < n; i++) {
		wrapped(d, "<span>", bars[i].label, "</span>");
		buf_addf(d->out, "<span><i style=\"width:%.1f%%\"></i>%.*s",
			 bars[i].value / max * 85,
			 STR_ARG(doc_number(d, bars[i].value, number)));
		put(d, "</span>\n");
	}
	put(d, "</div>\n");
}

static void answer(struct doc *d, const struct doc_question *q)
{
	for (size_t i = 0; i < q->n_choices; i++) {
		wrapped(d, "<span class=c><u></u>", q->choices[i].code, " ");
		wrapped(d, "", q->choices[i].label, "</span> ");
	}
	for (size_t i = 0; i < q->boxes; i++)
		put(d, "<span class=x></span>");
	for (size_t i = 0; i < q->lines; i++)
		put(d, "<div class=l></div>");
}

static void html_question(struct doc *d, const struct doc_question *q)
{
	wrapped(d, "<div class=q><div>", q->number, "</div><div>");
	escape(d, q->label);
	put(d, q->required ? " *" : "");
	if (q->condition.n)
		wrapped(d, "<div class=n><b>&rarr; ", q->condition,
			"</b></div>");
	if (q->hint.n)
		wrapped(d, "<div class=n>", q->hint, "</div>");
	put(d, "</div><div class=a>");
	answer(d, q);
	put(d, "</div></div>\n");
}

static void html_signatures(struct doc *d, const struct doc_signature *s,
			    size_t n)
{
	put(d, "<div class=s>");
	for (size_t i = 0; i < n; i++) {
		wrapped(d, "<div>", s[i].over, "");
		wrapped(d, "<span>", s[i].name.n ? s[i].name : STR("\xc2\xa0"),
			"</span></div>");
	}
	put(d, "</div>\n");
}

const struct doc_ops *doc_html_ops(void)
{
	static const struct doc_ops ops = {
		.open = html_open,
		.close = html_close,
		.heading = html_heading,
		.text = html_text,
		.note = html_note,
		.pair = html_pair,
		.table = html_table,
		.bars = html_bars,
		.question = html_question,
		.signatures = html_signatures,
	};

	return &ops;
}
