/* SPDX-License-Identifier: MIT */
#ifndef TEST_SCENARIO_H
#define TEST_SCENARIO_H

#include "pilar/session.h"

/*
 * A form and a session for a test, and lines that read like what a person
 * does and sees:
 *
 *   set    /data/umur        17
 *   is     /data/kategori    anak
 *   shown  /data/sekolah             hidden /data/pekerjaan
 *   refuse /data/umur        -1      Umur tidak boleh negatif
 *   no     /data/kategori    x       (nothing happens)
 *   add    /data/anggota             remove /data/anggota[2]
 *   count  /data/anggota     2
 *   label  /data/umur        Umur Budi
 *   offers /data/desa        a b c
 *   walk   umur anggota[1] nama prompt
 *   wrong  /data/umur /data/nama     (what session_validate() finds)
 *   undo   redo   lang en
 *
 * Columns are separated by blanks; the last one takes the rest of the line.
 * A line that does not hold is printed and fails the test.
 */
struct scenario {
	struct form *form;
	struct session *session;
	struct report report;
	struct sys_fixed clock;
	struct changes changes; /* of the last act */
	struct lists *lists;
	struct arena arena;
};

/* 2026-01-02T03:04:05.678+07:00; chance from a seed. */
void scenario_open(struct scenario *s, const char *xml);
/* The same without a session; the result of form_new(). */
enum err scenario_load(struct scenario *s, const char *xml);
void scenario_close(struct scenario *s);
void scenario_play(struct scenario *s, const char *lines);
/* All three. */
void scenario(const char *xml, const char *lines);

/* An XForm around the three parts; the texts are not copied. */
#define XFORM(instance, binds, body)                                     \
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\" "               \
	"xmlns:h=\"http://www.w3.org/1999/xhtml\" "                      \
	"xmlns:jr=\"http://openrosa.org/javarosa\" "                     \
	"xmlns:orx=\"http://openrosa.org/xforms\" "                      \
	"xmlns:odk=\"http://www.opendatakit.org/xforms\" "               \
	"xmlns:entities=\"http://www.opendatakit.org/xforms/entities\">" \
	"<h:head><h:title>Uji</h:title><model "                          \
	"entities:entities-version=\"2025.1.0\"><instance>"              \
	"<data id=\"uji\" version=\"1\">" instance                       \
	"<meta><instanceID/></meta></data></instance>" binds             \
	"<bind nodeset=\"/data/meta/instanceID\" jr:preload=\"uid\"/>"   \
	"</model></h:head><h:body>" body "</h:body></h:html>"
#define BIND(node, rest) "<bind nodeset=\"/data/" node "\" " rest "/>"
#define INPUT(node)      "<input ref=\"/data/" node "\"/>"

#endif
