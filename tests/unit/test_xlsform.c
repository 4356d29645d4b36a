/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../lib/sheets.h"

static void has(const struct converted *r, const char *part)
{
	if (!r->xform.p || !strstr(r->xform.p, part))
		fail_msg("not found:\n%s\nin:\n%s", part,
			 r->xform.p ? r->xform.p : "(nothing)");
}

/* The form of these pipe tables has all the parts. */
static void becomes(const char *md, ...)
{
	struct converted r = sheets_convert(md, SHEETS_MD);
	const char *part;
	va_list ap;

	if (r.rc) {
		struct arena a = { 0 };

		fail_msg("refused: %.*s", STR_ARG(report_first(&r.rep, &a)));
	}
	va_start(ap, md);
	while ((part = va_arg(ap, const char *)))
		has(&r, part);
	va_end(ap);
	sheets_release(&r);
}

static void a_csv_file_becomes_a_form(void **state)
{
	struct converted r =
		sheets_convert("survey,,,\n"
			       ",type,name,label,hint\n"
			       ",text,nama,\"Nama, lengkap\",Sesuai KTP\n"
			       ",integer,umur,Umur <tahun>,\n"
			       "settings\n"
			       ",form_title,form_id,version\n"
			       ",Judul,id1,2\n",
			       SHEETS_CSV);

	(void)state;
	assert_int_equal(r.rc, ERR_NONE);
	has(&r, "<h:title>Judul</h:title>");
	has(&r, "<data id=\"id1\" version=\"2\"><nama/><umur/><meta>"
		"<instanceID/></meta></data>");
	has(&r, "<bind nodeset=\"/data/nama\" type=\"string\"/>"
		"<bind nodeset=\"/data/umur\" type=\"int\"/>"
		"<bind nodeset=\"/data/meta/instanceID\" type=\"string\" "
		"readonly=\"true()\" jr:preload=\"uid\"/>");
	has(&r, "<input ref=\"/data/nama\"><label>Nama, lengkap</label>"
		"<hint>Sesuai KTP</hint></input>");
	has(&r, "<label>Umur &lt;tahun&gt;</label>");
	sheets_release(&r);
}

static void the_file_name_stands_in_for_id_and_title(void **state)
{
	(void)state;
	becomes("| survey | | | |\n"
		"| | type | name | label |\n"
		"| | text | a | A |\n",
		"<h:title>coba</h:title>", "<data id=\"coba\">", NULL);
}

static void columns_have_other_names_too(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | Type | NAME | Caption | Relevance | Constraint Message "
		"| constraint | read_only | Required |\n"
		"| | text | a | A | | | | | |\n"
		"| | text | b | B | ${a} = 1 | salah | . > 1 | yes | TRUE |\n",
		"<bind nodeset=\"/data/b\" type=\"string\" "
		"relevant=\" /data/a  = 1\" jr:constraintMsg=\"salah\" "
		"constraint=\". &gt; 1\" readonly=\"true()\" "
		"required=\"true()\"/>",
		NULL);
}

static void a_repeat_has_a_template_and_one_instance(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | appearance |\n"
		"| | begin_group | g | G | field-list |\n"
		"| | begin repeat | r | R | |\n"
		"| | text | a | A | |\n"
		"| | end repeat | | | |\n"
		"| | end_group | | | |\n",
		"<g><r jr:template=\"\"><a/></r><r><a/></r></g>",
		"<group ref=\"/data/g\" appearance=\"field-list\">"
		"<label>G</label><group ref=\"/data/g/r\"><label>R</label>"
		"<repeat nodeset=\"/data/g/r\"><input ref=\"/data/g/r/a\">",
		NULL);
}

static void references_are_relative_within_one_repeat(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | calculation |\n"
		"| | text | luar | L | |\n"
		"| | begin_repeat | r | R | |\n"
		"| | text | a | A | |\n"
		"| | begin_group | g | G | |\n"
		"| | note | n | Halo ${a} ${luar} | |\n"
		"| | calculate | c | | ${a} + count(${r}) |\n"
		"| | calculate | d | | instance('x')/root/item[k = ${a}]/v |\n"
		"| | calculate | e | | indexed-repeat(${a}, ${r}, ${b}) |\n"
		"| | end_group | | | |\n"
		"| | text | b | B | |\n"
		"| | end_repeat | | | |\n"
		"| | calculate | f | | sum(${a}) |\n",
		"<label>Halo <output value=\" ../../a \"/> "
		"<output value=\" /data/luar \"/></label>",
		"calculate=\" ../../a  + count( /data/r )\"",
		"[k =  current()/../../a ]",
		"indexed-repeat( /data/r/a ,  /data/r ,  ../../b )",
		"calculate=\"sum( /data/r/a )\"", NULL);
}

static void choices_become_an_instance_and_filters_predicates(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | choice_filter | parameters |\n"
		"| | select_one kab | kab | K | | |\n"
		"| | select_multiple desa | desa | D | kab = ${kab} "
		"| randomize=true seed=${kab} |\n"
		"| choices |\n"
		"| | list_name | name | label | kab |\n"
		"| | kab | 1 | Satu | |\n"
		"| | desa | 11 | Sebelas | 1 |\n",
		"<instance id=\"desa\"><root><item><name>11</name>"
		"<label>Sebelas</label><kab>1</kab></item></root></instance>",
		"<select1 ref=\"/data/kab\"><label>K</label>"
		"<itemset nodeset=\"instance('kab')/root/item\">"
		"<value ref=\"name\"/><label ref=\"label\"/></itemset>",
		"nodeset=\"randomize(instance('desa')/root/item"
		"[kab =  /data/kab ], /data/kab)\"",
		NULL);
}

static void files_and_answers_can_be_chosen_from(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | parameters | choice_filter |\n"
		"| | select_one_from_file w.csv | w | W | value=kode | |\n"
		"| | select_one_from_file p.geojson | p | P | | |\n"
		"| | begin_repeat | r | R | | |\n"
		"| | text | nama | N | | |\n"
		"| | end_repeat | | | | |\n"
		"| | select_one ${nama} | kepala | K | | |\n"
		"| | csv-external | luar | | | |\n",
		"<instance id=\"w\" src=\"jr://file-csv/w.csv\"/>",
		"<instance id=\"p\" src=\"jr://file/p.geojson\"/>",
		"<instance id=\"luar\" src=\"jr://file-csv/luar.csv\"/>",
		"<value ref=\"kode\"/><label ref=\"label\"/>",
		"<value ref=\"id\"/><label ref=\"title\"/>",
		"<itemset nodeset=\"/data/r[./nama != '']\">"
		"<value ref=\"nama\"/><label ref=\"nama\"/>",
		NULL);
}

static void languages_become_itext_and_gaps_a_dash(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | label::English (en) | hint "
		"| guidance_hint | media::image |\n"
		"| | text | a | Nama ${b} | Name | petunjuk | lanjut | |\n"
		"| | text | b | B | | | | b.jpg |\n"
		"| settings |\n"
		"| | default_language |\n"
		"| | Bahasa (id) |\n",
		"<translation lang=\"Bahasa (id)\" default=\"true()\">"
		"<text id=\"/data/a:label\"><value>Nama "
		"<output value=\" /data/b \"/></value></text>"
		"<text id=\"/data/a:hint\"><value>petunjuk</value>"
		"<value form=\"guidance\">lanjut</value></text>"
		"<text id=\"/data/b:label\"><value>B</value>"
		"<value form=\"image\">jr://images/b.jpg</value></text>",
		"<translation lang=\"English (en)\">"
		"<text id=\"/data/a:label\"><value>Name</value></text>"
		"<text id=\"/data/a:hint\"><value>-</value>"
		"<value form=\"guidance\">-</value></text>",
		"<label ref=\"jr:itext('/data/a:label')\"/>"
		"<hint ref=\"jr:itext('/data/a:hint')\"/>",
		NULL);
}

static void a_text_that_a_language_lacks_is_warned_of(void **state)
{
	struct converted r =
		sheets_convert("| survey |\n"
			       "| | type | name | label::id | label::en |\n"
			       "| | text | a | A | A |\n"
			       "| | text | b | B | |\n",
			       SHEETS_MD);
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(r.rc, ERR_NONE);
	assert_int_equal(r.rep.problems.n, 1);
	assert_true(str_is(report_first(&r.rep, &a),
			   "survey, baris 4, kolom label: belum ada dalam "
			   "bahasa \"en\", akan tampil sebagai \"-\""));
	arena_release(&a);
	sheets_release(&r);
}

static void choices_in_languages_are_shown_by_their_itext(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label |\n"
		"| | select_one l | a | A |\n"
		"| choices |\n"
		"| | list_name | name | label::id | label::en |\n"
		"| | l | y | Ya | Yes |\n",
		"<text id=\"l-0\"><value>Yes</value></text>",
		"<item><itextId>l-0</itextId><name>y</name></item>",
		"<label ref=\"jr:itext(itextId)\"/>", NULL);
}

static void messages_that_refer_come_from_itext(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | constraint_message "
		"| required_message |\n"
		"| | text | a | A | bukan ${a} | harus diisi |\n",
		"jr:constraintMsg=\"jr:itext('/data/a:jr:constraintMsg')\"",
		"jr:requiredMsg=\"harus diisi\"",
		"<value>bukan <output value=\" /data/a \"/></value>", NULL);
}

static void defaults_that_compute_are_set_when_the_record_begins(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | default |\n"
		"| | text | a | A | kota-kota |\n"
		"| | date | b | B | 2024-01-31 |\n"
		"| | begin_repeat | r | R | |\n"
		"| | integer | c | C | 1 + 1 |\n"
		"| | end_repeat | | | |\n",
		"<a>kota-kota</a><b>2024-01-31</b>",
		"<setvalue ref=\"/data/r/c\" event=\"odk-instance-first-load\" "
		"value=\"1 + 1\"/>",
		"<setvalue ref=\"/data/r/c\" event=\"odk-new-repeat\" "
		"value=\"1 + 1\"/></repeat>",
		NULL);
}

static void a_trigger_sets_the_value_when_it_changes(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | calculation | trigger |\n"
		"| | text | a | A | | |\n"
		"| | dateTime | b | | now() | ${a} |\n",
		"<bind nodeset=\"/data/b\" type=\"dateTime\"/>",
		"<setvalue ref=\"/data/b\" event=\"xforms-value-changed\" "
		"value=\"now()\"/></input>",
		NULL);
}

static void an_expression_counts_repeats_through_a_node(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | repeat_count |\n"
		"| | integer | n | N | |\n"
		"| | begin_repeat | r | R | ${n} |\n"
		"| | text | a | A | |\n"
		"| | end_repeat | | | |\n"
		"| | begin_repeat | s | S | ${n} + 1 |\n"
		"| | text | b | B | |\n"
		"| | end_repeat | | | |\n",
		"<repeat nodeset=\"/data/r\" jr:count=\" /data/n \">",
		"<bind nodeset=\"/data/s_count\" type=\"string\" "
		"readonly=\"true()\" calculate=\" /data/n  + 1\"/>",
		"<repeat nodeset=\"/data/s\" jr:count=\" /data/s_count \">",
		NULL);
}

static void the_last_record_is_an_instance(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | default |\n"
		"| | text | a | A | ${last-saved#a} |\n",
		"<instance id=\"__last-saved\" "
		"src=\"jr://instance/last-saved\"/>",
		"value=\" instance('__last-saved')/data/a \"", NULL);
}

static void or_other_asks_what_else(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label |\n"
		"| | select_one l or_other | a | A |\n"
		"| choices |\n"
		"| | list_name | name | label |\n"
		"| | l | 1 | Satu |\n",
		"<item><name>other</name><label>Other</label></item>",
		"<bind nodeset=\"/data/a_other\" type=\"string\" "
		"relevant=\"selected(../a, 'other')\"/>",
		"<label>Specify other.</label>", NULL);
}

static void a_table_list_has_a_row_of_labels(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | appearance |\n"
		"| | begin_group | g | G | table-list |\n"
		"| | select_one l | a | A | |\n"
		"| | end_group | | | |\n"
		"| choices |\n"
		"| | list_name | name | label |\n"
		"| | l | 1 | Satu |\n",
		"<group ref=\"/data/g\" appearance=\"field-list\">"
		"<input ref=\"/data/g/generated_table_list_label_2\">"
		"<label>G</label></input>"
		"<select1 ref=\"/data/g/reserved_name_for_field_list_labels_3\""
		" appearance=\"label\">",
		"<select1 ref=\"/data/g/a\" appearance=\"list-nolabel\">",
		NULL);
}

static void a_loop_is_a_group_for_each_choice(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label |\n"
		"| | begin_loop over l | g | G |\n"
		"| | text | a | Isi %(label)s |\n"
		"| | end_loop | | |\n"
		"| choices |\n"
		"| | list_name | name | label |\n"
		"| | l | s1 | Satu |\n"
		"| | l | s2 | Dua |\n",
		"<g><s1><a/></s1><s2><a/></s2></g>",
		"<input ref=\"/data/g/s2/a\"><label>Isi Dua</label>", NULL);
}

static void metadata_asks_the_client(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | parameters |\n"
		"| | start | mulai | | |\n"
		"| | deviceid | alat | | |\n"
		"| | audit | | | track-changes=true |\n"
		"| settings |\n"
		"| | instance_name |\n"
		"| | concat(${mulai}, 'x') |\n",
		"<meta><audit/><instanceID/><instanceName/></meta>",
		"<bind nodeset=\"/data/mulai\" type=\"dateTime\" "
		"jr:preload=\"timestamp\" jr:preloadParams=\"start\"/>",
		"<bind nodeset=\"/data/meta/audit\" type=\"binary\" "
		"odk:track-changes=\"true\"/>",
		"calculate=\"concat( /data/mulai , 'x')\"", NULL);
}

static void an_entity_outside_of_repeats_stands_at_the_root(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | save_to |\n"
		"| | begin_group | g | G | |\n"
		"| | text | a | A | sifat |\n"
		"| | end_group | | | |\n"
		"| entities |\n"
		"| | list_name | label |\n"
		"| | daftar | ${a} |\n",
		"entities:entities-version=\"2024.1.0\"",
		"<meta><entity dataset=\"daftar\" create=\"1\" id=\"\"><label/>"
		"</entity><instanceID/></meta>",
		"<bind nodeset=\"/data/g/a\" type=\"string\" "
		"entities:saveto=\"sifat\"/>",
		"<setvalue ref=\"/data/meta/entity/@id\" "
		"event=\"odk-instance-first-load\" value=\"uuid()\"/>",
		"<bind nodeset=\"/data/meta/entity/label\" type=\"string\" "
		"readonly=\"true()\" calculate=\" /data/g/a \"/>",
		NULL);
}

static void entities_of_a_repeat_get_an_id_each(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | save_to |\n"
		"| | text | a | A | satu#x |\n"
		"| | begin_repeat | r | R | |\n"
		"| | text | b | B | dua#y |\n"
		"| | end_repeat | | | |\n"
		"| entities |\n"
		"| | list_name | label |\n"
		"| | satu | ${a} |\n"
		"| | dua | ${b} |\n",
		"entities:entities-version=\"2025.1.0\"",
		"<r><b/><meta><entity dataset=\"dua\" create=\"1\" id=\"\">",
		"calculate=\" ../../../b \"",
		"<setvalue ref=\"/data/r/meta/entity/@id\" "
		"event=\"odk-new-repeat\" value=\"uuid()\"/></repeat>",
		"<meta><entity dataset=\"satu\"", NULL);
}

static void an_update_says_which_version_it_starts_from(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label |\n"
		"| | text | a | A |\n"
		"| entities |\n"
		"| | list_name | entity_id | update_if |\n"
		"| | d | ${a} | ${a} != '' |\n",
		"<entity dataset=\"d\" update=\"1\" baseVersion=\"\" "
		"trunkVersion=\"\" branchId=\"\" id=\"\"/>",
		"<instance id=\"d\" src=\"jr://file-csv/d.csv\"/>",
		"calculate=\"instance('d')/root/item[name= /data/a ]/"
		"__trunkVersion\"",
		"<bind nodeset=\"/data/meta/entity/@id\" calculate=\" /data/a "
		"\" type=\"string\" readonly=\"true()\"/>",
		NULL);
}

static void parameters_become_attributes(void **state)
{
	(void)state;
	becomes("| survey |\n"
		"| | type | name | label | parameters |\n"
		"| | range | a | A | end=5 step=0.5 |\n"
		"| | image | b | B | max-pixels=640 |\n"
		"| | geopoint | c | C | capture-accuracy=2.5 |\n"
		"| | text | d | D | rows=3 |\n",
		"<bind nodeset=\"/data/a\" type=\"decimal\"/>",
		"start=\"1\" end=\"5\" step=\"0.5\"", "orx:max-pixels=\"640\"",
		"accuracyThreshold=\"2.5\"", "rows=\"3\"", NULL);
}

/* A seed of the fuzzer; its first byte tells the fuzzer what it is. */
static struct converted convert_seed(const char *path, enum sheet_format format)
{
	struct buf file = BUF_INIT(1 << 20);
	struct converted r = { .xform = BUF_INIT(1 << 20) };

	if (file_read(path, &file))
		skip();
	r.rc = xlsform_convert(str_sub(buf_str(&file), 1, file.n), format,
			       STR("buku"), &r.xform, &r.rep);
	buf_release(&file);
	assert_int_equal(r.rc, ERR_NONE);
	sheets_squash(&r.xform);
	return r;
}

static void a_workbook_reads_like_the_tables(void **state)
{
	struct converted r =
		convert_seed("tests/fuzz/seed/fuzz_xlsform/xlsx", SHEETS_XLSX);

	(void)state;
	has(&r, "<data id=\"buku\"><q>1</q><tgl>2024-01-31 00:00:00</tgl>"
		"<jam>12:00:00</jam><d>0.1</d>");
	has(&r, "<bind nodeset=\"/data/q\" type=\"string\" "
		"required=\"true()\"/>");
	has(&r, "<label>Setuju?</label>");
	sheets_release(&r);
}

static void an_old_workbook_reads_like_the_tables(void **state)
{
	struct converted r =
		convert_seed("tests/fuzz/seed/fuzz_xlsform/xls", SHEETS_XLS);

	(void)state;
	has(&r, "<data id=\"buku\"><q>1</q><tgl>2024-01-31 00:00:00</tgl>"
		"<d>0.1</d><f>hasil</f>");
	has(&r, "<label>Tanggal</label>");
	has(&r, "<item><name>1</name><label>Ya</label></item>");
	sheets_release(&r);
}

static void a_workbook_that_is_none_is_said_so(void **state)
{
	struct converted r = sheets_convert("bukan", SHEETS_XLSX);
	struct converted s = sheets_convert("bukan", SHEETS_XLS);
	struct arena a = { 0 };

	(void)state;
	assert_true(str_is(report_first(&r.rep, &a),
			   "bukan berkas .xlsx yang utuh"));
	assert_true(str_is(report_first(&s.rep, &a),
			   "bukan berkas .xls yang utuh"));
	arena_release(&a);
	sheets_release(&r);
	sheets_release(&s);
}

static void the_format_is_told_by_the_file_name(void **state)
{
	enum sheet_format f;

	(void)state;
	assert_int_equal(xlsform_format("a/b.csv", &f), ERR_NONE);
	assert_int_equal(f, SHEETS_CSV);
	assert_int_equal(xlsform_format("b.xlsx", &f), ERR_NONE);
	assert_int_equal(f, SHEETS_XLSX);
	assert_int_equal(xlsform_format("a.md/b", &f), ERR_INVALID);
	assert_int_equal(xlsform_format(".csv", &f), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_csv_file_becomes_a_form),
		cmocka_unit_test(the_file_name_stands_in_for_id_and_title),
		cmocka_unit_test(columns_have_other_names_too),
		cmocka_unit_test(a_repeat_has_a_template_and_one_instance),
		cmocka_unit_test(references_are_relative_within_one_repeat),
		cmocka_unit_test(
			choices_become_an_instance_and_filters_predicates),
		cmocka_unit_test(files_and_answers_can_be_chosen_from),
		cmocka_unit_test(languages_become_itext_and_gaps_a_dash),
		cmocka_unit_test(a_text_that_a_language_lacks_is_warned_of),
		cmocka_unit_test(choices_in_languages_are_shown_by_their_itext),
		cmocka_unit_test(messages_that_refer_come_from_itext),
		cmocka_unit_test(
			defaults_that_compute_are_set_when_the_record_begins),
		cmocka_unit_test(a_trigger_sets_the_value_when_it_changes),
		cmocka_unit_test(an_expression_counts_repeats_through_a_node),
		cmocka_unit_test(the_last_record_is_an_instance),
		cmocka_unit_test(or_other_asks_what_else),
		cmocka_unit_test(a_table_list_has_a_row_of_labels),
		cmocka_unit_test(a_loop_is_a_group_for_each_choice),
		cmocka_unit_test(metadata_asks_the_client),
		cmocka_unit_test(
			an_entity_outside_of_repeats_stands_at_the_root),
		cmocka_unit_test(entities_of_a_repeat_get_an_id_each),
		cmocka_unit_test(an_update_says_which_version_it_starts_from),
		cmocka_unit_test(parameters_become_attributes),
		cmocka_unit_test(a_workbook_reads_like_the_tables),
		cmocka_unit_test(an_old_workbook_reads_like_the_tables),
		cmocka_unit_test(a_workbook_that_is_none_is_said_so),
		cmocka_unit_test(the_format_is_told_by_the_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
