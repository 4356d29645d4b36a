/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/tree.h"

#define NO_URI ((struct str){ NULL, 0 })

static struct tree *parsed(const char *xml)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct tree *t = NULL;
	enum err rc = tree_parse(&t, str_from(xml), "uji.xml", &rep);

	if (rc)
		print_error("%.*s\n", STR_ARG(report_first(&rep, &a)));
	assert_int_equal(rc, 0);
	report_release(&rep);
	arena_release(&a);
	return t;
}

static void assert_str(struct str s, const char *want)
{
	if (!str_is(s, want))
		print_error("got \"%.*s\", want \"%s\"\n", STR_ARG(s), want);
	assert_true(str_is(s, want));
}

/* What comes out when the document is read and written again. */
static void assert_writes(const char *xml, const char *want)
{
	struct tree *t = parsed(xml);
	struct buf out = BUF_INIT(1 << 20);

	assert_int_equal(tree_write(&out, t->root, NULL, NULL), 0);
	assert_str(buf_str(&out), want);
	buf_release(&out);
	tree_free(t);
}

static void assert_same(const char *xml)
{
	assert_writes(xml, xml);
}

static void assert_refused(struct str xml, enum err want, const char *message)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct tree *t = NULL;

	assert_int_equal(tree_parse(&t, xml, "uji.xml", &rep), want);
	assert_null(t);
	assert_str(report_first(&rep, &a), message);
	report_release(&rep);
	arena_release(&a);
}

static void documents_come_back_as_they_were(void **state)
{
	(void)state;
	assert_same("<a/>");
	assert_same("<a b=\"1\" c=\"&quot;&amp;&lt;\">x &amp; y &lt; z</a>");
	assert_same("<?siapa itu?><!-- satu --><a>x<!--y-->z<?p q?></a>");
	assert_same("<p:a xmlns:p=\"u\"><b xmlns=\"v\" p:c=\"\"/></p:a>");
	assert_same("<a xmlns=\"u\"><b xmlns=\"\"/></a>");
	assert_same("<p:a xmlns:p=\"u?a=1&amp;b=2\"/>");
	assert_same("<a xml:lang=\"id\" b=\"&#10;&#9;&#13;\">\n\t&#13;</a>");
	assert_same("<a>\xc3\xa9\xf0\x9f\x98\x80</a>");
}

static void pieces_become_one_text_and_cdata_its_own(void **state)
{
	struct tree *t = parsed("<a>x&amp;<![CDATA[<y>]]>&#65;</a>");
	struct arena a = { 0 };

	(void)state;
	assert_str(t->element->first->text, "x&");
	assert_str(t->element->first->next->text, "<y>");
	assert_str(t->element->last->text, "A");
	assert_str(node_value(t->element, &a), "x&<y>A");
	arena_release(&a);
	tree_free(t);
}

static void a_plain_doctype_is_a_node_and_comes_back(void **state)
{
	(void)state;
	assert_same("<!DOCTYPE html><a/>");
}

static void ampersands_in_attributes_are_one_character(void **state)
{
	struct tree *t = parsed("<a b='x&amp;y&#38;z&amp;#38;' c='&#x26;'/>");

	(void)state;
	assert_str(node_attr_text(t->element, "b"), "x&y&z&#38;");
	assert_str(node_attr_text(t->element, "c"), "&");
	tree_free(t);
}

static void a_name_knows_prefix_and_namespace_and_line(void **state)
{
	struct tree *t = parsed("<h:a xmlns:h='u'>\n<b/>\n<h:c/></h:a>");
	const struct node *c = node_child(t->element, "c", STR("u"));

	(void)state;
	assert_non_null(c);
	assert_str(c->name->prefix, "h");
	assert_int_equal(c->line, 3);
	assert_ptr_equal(node_child(t->element, "b", NO_URI)->name,
			 tree_name(t, NO_URI, STR("b"), NO_URI));
	assert_null(node_child(t->element, "c", NO_URI));
	assert_str(t->element->decls->name->local, "h");
	assert_str(t->element->decls->text, "u");
	tree_free(t);
}

static void a_bare_doctype_is_ignored(void **state)
{
	struct tree *t = parsed("<!DOCTYPE html><html/>");

	(void)state;
	assert_str(t->element->name->local, "html");
	tree_free(t);
}

static void bad_documents_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *xml;
		enum err rc;
		const char *message;
	} rows[] = {
		{ "", ERR_SYNTAX,
		  "uji.xml: berkas ini kosong, bukan XML, atau bukan UTF-8" },
		{ "\xff\xfe<", ERR_SYNTAX,
		  "uji.xml: berkas ini kosong, bukan XML, atau bukan UTF-8" },
		{ "<a>\n<b></a>", ERR_SYNTAX,
		  "uji.xml, baris 2: tag penutup tidak cocok dengan tag "
		  "pembuka" },
		{ "<a>\n\n&x;</a>", ERR_SYNTAX,
		  "uji.xml, baris 3: entitas yang tidak dikenal" },
		{ "<!DOCTYPE a>\n<a b='&x;'/>", ERR_SYNTAX,
		  "uji.xml, baris 2: entitas yang tidak dikenal" },
		{ "<p:a/>", ERR_SYNTAX,
		  "uji.xml, baris 1: awalan nama tanpa xmlns (namespace tidak "
		  "dikenal)" },
		{ "<!DOCTYPE a [<!ENTITY x 'y'>]>\n<a>&x;</a>", ERR_INVALID,
		  "uji.xml, baris 1: DOCTYPE dengan isi tidak diterima" },
		{ "<!DOCTYPE a []><a/>", ERR_INVALID,
		  "uji.xml, baris 1: DOCTYPE dengan isi tidak diterima" },
		{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", ERR_INVALID,
		  "uji.xml, baris 1: DOCTYPE dengan isi tidak diterima" },
		{ "<a>\n\xe9</a>", ERR_SYNTAX,
		  "uji.xml, baris 2: ada huruf yang bukan UTF-8" },
		{ "<a>\n<![CDATA[overlong \xc1\xa4]]></a>", ERR_SYNTAX,
		  "uji.xml, baris 2: ada huruf yang bukan UTF-8" },
		{ "<a>\n<![CDATA[half a pair \xed\xa0\x80]]></a>", ERR_SYNTAX,
		  "uji.xml, baris 2: ada huruf yang bukan UTF-8" },
		{ "<a>\n\x01</a>", ERR_SYNTAX,
		  "uji.xml, baris 2: ada huruf yang tidak boleh dalam XML" },
		{ "<a b='1' b='2'/>", ERR_SYNTAX,
		  "uji.xml, baris 1: atribut ditulis dua kali" },
		{ "<a/><b/>", ERR_SYNTAX,
		  "uji.xml, baris 1: ada isi sesudah akhir dokumen" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_refused(str_from(rows[i].xml), rows[i].rc,
			       rows[i].message);
}

/* `part` n times; a '#' in it stands for 0, 1, 2, ... */
static void repeat(struct buf *b, const char *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (const char *p = part; *p; p++) {
			if (*p == '#')
				buf_addf(b, "%zu", i);
			else
				buf_addc(b, *p);
		}
	assert_int_equal(b->failed, 0);
}

static void attributes_stop_at_256(void **state)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES * 2);
	struct tree *t;

	(void)state;
	buf_adds(&b, "<a><b ");
	repeat(&b, "a#='>' ", TREE_MAX_ATTRS);
	buf_adds(&b, "/></a>");
	t = parsed(b.p);
	tree_free(t);
	buf_reset(&b);
	buf_adds(&b, "<!-- '' --><a>\n<b ");
	repeat(&b, "a#='' ", TREE_MAX_ATTRS + 1);
	buf_adds(&b, "/></a>");
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 2: terlalu banyak atribut dalam satu "
		       "elemen (paling banyak 256)");
	buf_release(&b);
}

static void depth_stops_at_64(void **state)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct tree *t;

	(void)state;
	repeat(&b, "<a>", TREE_MAX_DEPTH);
	repeat(&b, "</a>", TREE_MAX_DEPTH);
	t = parsed(b.p);
	tree_free(t);
	buf_reset(&b);
	repeat(&b, "<a>", TREE_MAX_DEPTH + 1);
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 1: elemen bersarang terlalu dalam "
		       "(paling dalam 64)");
	buf_release(&b);
}

static void namespaces_in_scope_stop_at_128(void **state)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct tree *t;

	(void)state;
	buf_adds(&b, "<r><a ");
	repeat(&b, "xmlns:a#='u' ", TREE_MAX_SPACES);
	buf_adds(&b, "/><a xmlns:b='u'/></r>");
	t = parsed(b.p);
	tree_free(t);
	buf_reset(&b);
	buf_adds(&b, "<r xmlns:b='u'><a ");
	repeat(&b, "xmlns:a#='u' ", TREE_MAX_SPACES);
	buf_adds(&b, "/></r>");
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 1: terlalu banyak xmlns (paling banyak "
		       "128)");
	buf_release(&b);
}

static void names_stop_at_50000(void **state)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct tree *t;

	(void)state;
	buf_adds(&b, "<r>");
	repeat(&b, "<a#/>", TREE_MAX_NAMES - 1);
	buf_adds(&b, "</r>");
	t = parsed(b.p);
	tree_free(t);
	buf_reset(&b);
	buf_adds(&b, "<r>\n");
	repeat(&b, "<a#/>", TREE_MAX_NAMES);
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 2: terlalu banyak nama yang berbeda");
	buf_reset(&b);
	buf_adds(&b, "<r>\n");
	repeat(&b, "<a xmlns:b='u#'/>", TREE_MAX_NAMES);
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 2: terlalu banyak nama yang berbeda");
	buf_release(&b);
}

/* Longer than the pieces in which libxml2 is fed. */
static void long_parts_come_in_one_piece(void **state)
{
	static const char *const rows[][2] = {
		{ "<a b=\"", "\"/>" },         { "<a>", "</a>" },
		{ "<a><![CDATA[", "]]></a>" }, { "<a><!--", "--></a>" },
		{ "<a><?b ", "?></a>" },
	};
	struct buf b = BUF_INIT(TREE_MAX_BYTES);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tree *t;
		struct node *e;

		buf_reset(&b);
		buf_adds(&b, rows[i][0]);
		repeat(&b, "> # \xc3\xa9 ", 50000);
		buf_adds(&b, rows[i][1]);
		t = parsed(b.p);
		e = t->element->first ? t->element->first : t->element->attrs;
		assert_int_equal(e->text.n,
				 b.n - strlen(rows[i][0]) - strlen(rows[i][1]));
		assert_null(e->next);
		tree_free(t);
	}
	buf_release(&b);
}

static void nodes_and_bytes_have_a_limit(void **state)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES * 2);

	(void)state;
	buf_adds(&b, "<a>");
	repeat(&b, "<b/>", TREE_MAX_NODES);
	buf_adds(&b, "</a>");
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml, baris 1: terlalu banyak elemen, atribut dan "
		       "teks");
	while (b.n <= TREE_MAX_BYTES)
		buf_addc(&b, ' ');
	assert_refused(buf_str(&b), ERR_TOOBIG,
		       "uji.xml: berkas XML terlalu besar (paling besar 16 "
		       "MB)");
	buf_release(&b);
}

static bool not_named_b(const struct node *n, void *arg)
{
	(void)arg;
	return n->kind == NODE_TEXT || !str_is(n->name->local, "b");
}

static void a_piece_brings_the_namespaces_it_needs(void **state)
{
	struct tree *t =
		parsed("<h:r xmlns:h='H' xmlns='X' xmlns:o='O' xmlns:u='U'>"
		       "<d><o:m/><x><o:n h:b='' h:c=''/></x><b/></d></h:r>");
	struct buf out = BUF_INIT(1 << 20);
	const struct node *d = node_child(t->element, "d", STR("X"));

	(void)state;
	assert_int_equal(tree_write(&out, d, not_named_b, NULL), 0);
	assert_str(buf_str(&out),
		   "<d xmlns=\"X\" xmlns:o=\"O\" xmlns:h=\"H\"><o:m/><x><o:n "
		   "h:c=\"\"/></x></d>");
	buf_release(&out);
	tree_free(t);
}

static void what_xml_cannot_hold_is_replaced(void **state)
{
	struct buf out = BUF_INIT(1 << 20);

	(void)state;
	xml_escape(&out, STR("a\x01\"\xff\xef\xbf\xbf\r\n\t>"));
	assert_str(buf_str(&out), "a\xef\xbf\xbd&quot;\xef\xbf\xbd"
				  "\xef\xbf\xbd&#13;\n\t&gt;");
	buf_reset(&out);
	xml_escape_attr(&out, STR("\n\t"));
	assert_str(buf_str(&out), "&#10;&#9;");
	buf_release(&out);
}

static void a_value_is_the_text_below_it(void **state)
{
	struct tree *t = parsed("<a>x<b>y</b><!--c--><d>z</d></a>");
	struct node *b = node_child(t->element, "b", NO_URI);
	struct arena a = { 0 };

	(void)state;
	assert_str(node_value(t->root, &a), "xyz");
	b->hidden = true;
	assert_str(node_value(t->element, &a), "xz");
	assert_str(node_value(b, &a), "");
	assert_str(node_value(b->first, &a), "");
	arena_release(&a);
	tree_free(t);
}

static void a_value_set_replaces_what_was_there(void **state)
{
	struct tree *t = parsed("<a b='1'>x<b/></a>");
	struct arena a = { 0 };
	struct node *e = t->element;

	(void)state;
	assert_int_equal(node_set_value(t, e, STR("y")), 0);
	e->text = STR("y"); /* the owner of an instance may say so */
	assert_str(node_value(e, &a), "y");
	assert_null(e->first->next);
	assert_int_equal(node_set_value(t, e, NO_URI), 0);
	assert_null(e->first);
	assert_str(node_value(e, &a), "");
	assert_int_equal(node_set_attr(t, e,
				       tree_name(t, NO_URI, STR("b"), NO_URI),
				       STR("2")),
			 0);
	assert_int_equal(node_set_attr(t, e,
				       tree_name(t, NO_URI, STR("c"), NO_URI),
				       STR("3")),
			 0);
	assert_str(node_attr_text(e, "b"), "2");
	assert_str(node_attr_text(e, "c"), "3");
	node_remove(e->attrs);
	assert_str(node_attr_text(e, "b"), "");
	arena_release(&a);
	tree_free(t);
}

static void a_copy_stands_in_another_tree(void **state)
{
	struct tree *t = parsed("<a xmlns:o='O' b='1'>x<o:c>y</o:c></a>");
	struct tree *u = tree_new();
	struct buf out = BUF_INIT(1 << 20);
	struct node *copy = node_copy(u, t->element);

	(void)state;
	assert_non_null(copy);
	node_append(u->root, copy);
	tree_free(t);
	assert_int_equal(tree_write(&out, u->root, NULL, NULL), 0);
	assert_str(buf_str(&out), "<a xmlns:o=\"O\" b=\"1\">x<o:c>y</o:c></a>");
	buf_release(&out);
	tree_free(u);
}

static void document_order_follows_the_changes(void **state)
{
	struct tree *t = parsed("<a i='' j=''><b k=''/><c><d/></c></a>");
	struct node *a = t->element, *b = a->first, *c = b->next;
	struct node *order[] = { t->root, a,        a->attrs, a->attrs->next,
				 b,       b->attrs, c,        c->first };
	struct node *e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		for (size_t j = 0; j < ARRAY_LEN(order); j++)
			assert_int_equal(node_order(order[i], order[j]),
					 i < j ? -1 : i > j);
	e = node_new(t, NODE_ELEMENT, b->name, NO_URI);
	node_insert_first(a, e);
	assert_int_equal(node_order(e, b), -1);
	node_remove(e);
	node_insert_after(b, e);
	assert_int_equal(node_order(e, b), 1);
	assert_int_equal(node_order(e, c->first), -1);
	node_remove(e);
	node_append(a, e);
	assert_int_equal(node_order(c->first, e), -1);
	tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_come_back_as_they_were),
		cmocka_unit_test(pieces_become_one_text_and_cdata_its_own),
		cmocka_unit_test(a_plain_doctype_is_a_node_and_comes_back),
		cmocka_unit_test(ampersands_in_attributes_are_one_character),
		cmocka_unit_test(a_name_knows_prefix_and_namespace_and_line),
		cmocka_unit_test(a_bare_doctype_is_ignored),
		cmocka_unit_test(bad_documents_are_refused_with_their_line),
		cmocka_unit_test(attributes_stop_at_256),
		cmocka_unit_test(depth_stops_at_64),
		cmocka_unit_test(namespaces_in_scope_stop_at_128),
		cmocka_unit_test(names_stop_at_50000),
		cmocka_unit_test(long_parts_come_in_one_piece),
		cmocka_unit_test(nodes_and_bytes_have_a_limit),
		cmocka_unit_test(a_piece_brings_the_namespaces_it_needs),
		cmocka_unit_test(what_xml_cannot_hold_is_replaced),
		cmocka_unit_test(a_value_is_the_text_below_it),
		cmocka_unit_test(a_value_set_replaces_what_was_there),
		cmocka_unit_test(a_copy_stands_in_another_tree),
		cmocka_unit_test(document_order_follows_the_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
