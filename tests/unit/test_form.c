/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* What a form definition knows, and which forms are refused with what words. */

static struct scenario *loaded(const char *xml)
{
	struct scenario *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	assert_int_equal(scenario_load(s, xml), ERR_NONE);
	return s;
}

static void drop(struct scenario *s)
{
	scenario_close(s);
	free(s);
}

/* Every error, one a line. */
static void errors(const struct report *rep, struct buf *b)
{
	vec_each (p, &rep->problems) {
		if (p->severity != PROBLEM_ERROR)
			continue;
		buf_addf(b, "%.*s: %.*s\n", STR_ARG(p->place),
			 STR_ARG(p->text));
	}
}

/* The form is refused, and each of the words is said. */
static void refused(const char *xml, const char *const *words)
{
	struct scenario s = { 0 };
	struct buf said = BUF_INIT(1 << 20);

	assert_int_not_equal(scenario_load(&s, xml), ERR_NONE);
	errors(&s.report, &said);
	assert_true(said.n > 0);
	for (; *words; words++) {
		if (str_find(buf_str(&said), str_from(*words), 0) != SIZE_MAX)
			continue;
		print_error("\"%s\" is not in:\n%s", *words, said.p);
		fail();
	}
	buf_release(&said);
	scenario_close(&s);
}

#define REFUSED(xml, ...) \
	refused(xml, (const char *const[]){ __VA_ARGS__, NULL })

#define CALC(node, expr) \
	"<bind nodeset=\"/data/" node "\" calculate=\"" expr "\"/>"

static void a_cycle_names_every_node_on_it_in_order(void **state)
{
	(void)state;
	REFUSED(XFORM("<a/><b/><c/><d/>",
		      CALC("a", "/data/b + 1") CALC("b", "/data/c + 1")
			      CALC("c", "/data/a + 1") CALC("d", "/data/a"),
		      ""),
		"/data/a -> /data/c -> /data/b -> /data/a");
}

static void a_node_must_not_read_itself(void **state)
{
	(void)state;
	REFUSED(XFORM("<a/>", CALC("a", ". + 1"), ""), "/data/a, calculate");
	REFUSED(XFORM("<a/>",
		      "<bind nodeset=\"/data/a\" relevant=\". &gt; 0\"/>", ""),
		"/data/a, relevant");
	REFUSED(XFORM("<a/>",
		      "<bind nodeset=\"/data/a\" required=\"/data/a = 1\"/>",
		      ""),
		"/data/a, required");
	REFUSED(XFORM("<r><a/></r>",
		      "<bind nodeset=\"/data/r/a\" readonly=\"../a = 1\"/>",
		      "<repeat nodeset=\"/data/r\"><input "
		      "ref=\"a\"/></repeat>"),
		"/data/r/a, readonly");
}

static void a_constraint_and_other_instances_may_be_read(void **state)
{
	(void)state;
	drop(loaded(XFORM(
		"<a/><b/><r><x/></r>",
		"<bind nodeset=\"/data/a\" constraint=\". &gt; 0\" "
		"relevant=\"/data/b = 1\"/>"
		"<bind nodeset=\"/data/b\" relevant=\"/data/a = 1\"/>"
		"<bind nodeset=\"/data/r/x\" calculate=\"/data/r[position() = "
		"position(current()/..) - 1]/x + 1\"/>",
		"<repeat nodeset=\"/data/r\"><input ref=\"x\"/></repeat>")));
}

static void all_faults_are_listed_at_once(void **state)
{
	(void)state;
	REFUSED(XFORM("<a/><b/><c/>",
		      CALC("a", "1 +") CALC("b", "tidak-ada(1)")
			      CALC("c", "round()"),
		      "<range ref=\"/data/a\" start=\"x\" end=\"2\" "
		      "step=\"1\"/>"
		      "<setvalue event=\"entah\" ref=\"/data/a\"/>"
		      "<input ref=\"/data/b\"><setvalue event=\"entah\" "
		      "ref=\"/data/a\"/></input>"),
		"/data/a, calculate", "/data/b, calculate", "tidak-ada",
		"/data/c, calculate", "/data/a, start", "entah");
}

static void actions_know_their_place(void **state)
{
	(void)state;
	REFUSED(XFORM("<a/>",
		      "<setvalue event=\"odk-new-repeat\" ref=\"/data/a\"/>",
		      ""),
		"odk-new-repeat");
	REFUSED(XFORM("<a/>", "",
		      "<input ref=\"/data/a\"><setvalue "
		      "event=\"odk-new-repeat\" ref=\"/data/a\"/></input>"),
		"odk-new-repeat");
}

static void a_missing_list_is_refused_or_empty(void **state)
{
	const char *xml = XFORM(
		"<a/>", "<instance id=\"l\" src=\"jr://file-csv/l.csv\"/>",
		"<select1 ref=\"/data/a\"><itemset nodeset=\""
		"instance('l')/root/item\"><value ref=\"name\"/>"
		"<label ref=\"label\"/></itemset></select1>");
	struct form_options opt = { .allow_missing = true };
	struct report rep = { 0 };
	struct form *f;

	(void)state;
	REFUSED(xml, "instance l", "jr://file-csv/l.csv");
	assert_int_equal(form_new(&f, str_from(xml), &opt, &rep), ERR_NONE);
	assert_int_equal(rep.errors, 0);
	assert_int_equal(form_media_count(f), 1);
	assert_non_null(form_select_of(f, STR("l")));
	assert_int_equal(form_dataset_count(f), 1);
	form_free(f);
	report_release(&rep);
}

static void what_is_no_form_is_refused(void **state)
{
	(void)state;
	REFUSED("<html/>", "XForm");
	REFUSED("bukan xml", "uji.xml");
	REFUSED("<html><head><model/></head><body/></html>", "instance");
	REFUSED("<html><head><model><instance/></model></head><body/></html>",
		"kosong");
}

static void newer_entities_are_refused(void **state)
{
	char xml[4000];
	const char *form = XFORM(
		"<meta><entity dataset=\"orang\" id=\"\"><label/></entity>"
		"</meta>",
		"", "");
	char *version;

	(void)state;
	drop(loaded(form));
	assert_true(strlen(form) < sizeof(xml));
	memcpy(xml, form, strlen(form) + 1);
	version = strstr(xml, "2025.1.0");
	assert_non_null(version);
	memcpy(version, "2025.2.0", 8);
	REFUSED(xml, "2025.2.0");
}

static void names_of_lists_and_properties_are_checked(void **state)
{
	(void)state;
	REFUSED(XFORM("<meta><entity dataset=\"a.b\" id=\"\"/></meta>", "", ""),
		"a.b");
	REFUSED(XFORM("<a/><meta><entity dataset=\"o\" id=\"\"/></meta>",
		      "<bind nodeset=\"/data/a\" entities:saveto=\"name\"/>",
		      ""),
		"/data/a", "name");
	REFUSED(XFORM("<a/>",
		      "<bind nodeset=\"/data/a\" entities:saveto=\"x\"/>", ""),
		"/data/a", "entity");
}

static void the_default_language_comes_first(void **state)
{
	struct scenario *s = loaded(XFORM(
		"<a/>",
		"<itext><translation lang=\"English (en)\"><text id=\"t\">"
		"<value>Age</value></text></translation>"
		"<translation lang=\"Indonesia (id)\" default=\"true()\">"
		"<text id=\"t\"><value>Umur</value></text></translation>"
		"</itext>",
		"<input ref=\"/data/a\"><label "
		"ref=\"jr:itext('t')\"/></input>"));

	(void)state;
	assert_int_equal(form_language_count(s->form), 2);
	assert_true(str_is(form_language(s->form, 0), "Indonesia (id)"));
	assert_true(str_is(form_language(s->form, 1), "English (en)"));
	drop(s);
}

static void the_body_is_a_tree_of_items(void **state)
{
	struct scenario *s = loaded(XFORM(
		"<g><a/><r><b/></r></g><c/>",
		"<bind nodeset=\"/data/c\" type=\"xsd:int\"/>",
		"<group ref=\"/data/g\" appearance=\"Field-List w2\">"
		"<label>G</label><input ref=\"a\"/>"
		"<group ref=\"/data/g/r\"><label>R</label>"
		"<repeat nodeset=\"/data/g/r\"><select1 ref=\"b\"><item>"
		"<label>X</label><value>x</value></item></select1></repeat>"
		"</group></group><group><label>L</label>"
		"<input ref=\"/data/c\"/></group>"));
	const struct item *g = form_body(s->form)->first, *r, *layout;

	(void)state;
	assert_int_equal(g->kind, ITEM_GROUP);
	assert_true(item_has(g, "field-list") && !item_has(g, "field"));
	assert_true(str_is(g->first->name, "a"));
	r = g->first->next;
	assert_int_equal(r->kind, ITEM_REPEAT);
	assert_true(r->labelled);
	assert_int_equal(r->first->kind, ITEM_SELECT1);
	assert_ptr_equal(form_item(s->form, r->slot), r);
	layout = g->next;
	assert_int_equal(layout->slot, ITEM_NO_SLOT);
	assert_int_equal(layout->first->type, TYPE_INT);
	assert_null(layout->next);
	drop(s);
}

static void a_broken_reference_is_only_a_warning(void **state)
{
	struct scenario *s = loaded(
		XFORM("<a/>", "<bind nodeset=\"/data/x\" type=\"int\"/>",
		      "<input ref=\"/data/y\"/><input ref=\"/data/a\"/>"));
	struct buf said = BUF_INIT(10000);

	(void)state;
	vec_each (p, &s->report.problems)
		buf_addstr(&said, p->text);
	assert_non_null(strstr(said.p, "/data/x"));
	assert_non_null(strstr(said.p, "/data/y"));
	buf_release(&said);
	drop(s);
}

static void a_list_that_is_not_there_is_warned_of(void **state)
{
	struct scenario *s =
		loaded(XFORM("<a/>",
			     "<bind nodeset=\"/data/a\" relevant=\"false() and "
			     "instance('zz')/root/item/x\"/>",
			     "<input ref=\"/data/a\"/>"));

	(void)state;
	assert_int_equal(s->report.problems.n, 1);
	assert_non_null(strstr(s->report.problems.at[0].text.p, "kolom 22"));
	drop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cycle_names_every_node_on_it_in_order),
		cmocka_unit_test(a_node_must_not_read_itself),
		cmocka_unit_test(a_constraint_and_other_instances_may_be_read),
		cmocka_unit_test(all_faults_are_listed_at_once),
		cmocka_unit_test(actions_know_their_place),
		cmocka_unit_test(a_missing_list_is_refused_or_empty),
		cmocka_unit_test(what_is_no_form_is_refused),
		cmocka_unit_test(newer_entities_are_refused),
		cmocka_unit_test(names_of_lists_and_properties_are_checked),
		cmocka_unit_test(the_default_language_comes_first),
		cmocka_unit_test(the_body_is_a_tree_of_items),
		cmocka_unit_test(a_broken_reference_is_only_a_warning),
		cmocka_unit_test(a_list_that_is_not_there_is_warned_of),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
