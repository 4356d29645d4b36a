/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(struct world *w, enum err rc, const char *what)
{
	if (!rc)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, err_str(rc),
		report_first(&w->report, &w->arena).p);
	abort();
}

/* 21 November 2026, 08.00 in the zone of the first users. */
#define TODAY INT64_C(1795222800000)

#define HEAD                                                   \
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\""      \
	" xmlns:h=\"http://www.w3.org/1999/xhtml\""            \
	" xmlns:jr=\"http://openrosa.org/javarosa\""           \
	" xmlns:odk=\"http://www.opendatakit.org/xforms\""     \
	" xmlns:entities=\"http://www.opendatakit.org/xforms/" \
	"entities\"><h:head>"

static const char form_daftar[] = HEAD
	"<h:title>Daftar</h:title><model "
	"entities:entities-version=\"2025.1.0\">"
	"<instance><data id=\"daftar\" version=\"1\"><nama/><nomor/><desa/>"
	"<warga jr:template=\"\"><wnama/><nik/><asal/><meta><entity "
	"dataset=\"warga\" "
	"id=\"\" create=\"1\"><label/></entity></meta></warga>"
	"<meta><instanceID/><instanceName/><entity dataset=\"rumah\" id=\"\" "
	"create=\"1\"><label/></entity></meta></data></instance>"
	"<bind nodeset=\"/data/nama\" type=\"string\" required=\"true()\" "
	"entities:saveto=\"nama\"/>"
	"<bind nodeset=\"/data/nomor\" type=\"string\" "
	"entities:saveto=\"nomor\"/>"
	"<bind nodeset=\"/data/desa\" type=\"string\" "
	"entities:saveto=\"desa\"/>"
	"<bind nodeset=\"/data/warga/wnama\" type=\"string\" "
	"entities:saveto=\"nama\"/>"
	"<bind nodeset=\"/data/warga/nik\" type=\"string\" "
	"entities:saveto=\"nik\"/>"
	"<bind nodeset=\"/data/warga/asal\" type=\"string\" "
	"calculate=\"/data/meta/entity/@id\" entities:saveto=\"rumah\"/>"
	"<bind nodeset=\"/data/warga/meta/entity/label\" "
	"calculate=\"../../../wnama\"/>"
	"<bind nodeset=\"/data/meta/entity/label\" calculate=\"/data/nama\"/>"
	"<bind nodeset=\"/data/meta/instanceName\" calculate=\"/data/nama\"/>"
	"<bind nodeset=\"/data/meta/instanceID\" type=\"string\" "
	"jr:preload=\"uid\"/>"
	"<setvalue ref=\"/data/meta/entity/@id\" value=\"uuid()\" "
	"event=\"odk-instance-first-load\"/>"
	"</model></h:head><h:body>"
	"<input ref=\"/data/nama\"><label>Nama</label></input>"
	"<input ref=\"/data/nomor\"><label>Nomor</label></input>"
	"<input ref=\"/data/desa\"><label>Desa</label></input>"
	"<group ref=\"/data/warga\"><label>Warga</label>"
	"<repeat nodeset=\"/data/warga\">"
	"<setvalue ref=\"/data/warga/meta/entity/@id\" value=\"uuid()\" "
	"event=\"odk-new-repeat odk-instance-first-load\"/>"
	"<input ref=\"/data/warga/wnama\"><label>Nama</label></input>"
	"<input ref=\"/data/warga/nik\"><label>NIK</label></input>"
	"</repeat></group></h:body></h:html>";

static const char form_kunjung[] = HEAD
	"<h:title>Kunjung</h:title><model "
	"entities:entities-version=\"2025.1.0\">"
	"<instance><data id=\"kunjung\" version=\"1\"><rumah/><kondisi/><nama/>"
	"<catatan/>"
	"<meta><instanceID/><entity dataset=\"rumah\" id=\"\" update=\"1\" "
	"baseVersion=\"\" trunkVersion=\"\" "
	"branchId=\"\"><label/></entity></meta>"
	"</data></instance>"
	"<instance id=\"rumah\" src=\"jr://file-csv/rumah.csv\"/>"
	"<bind nodeset=\"/data/rumah\" type=\"string\" required=\"true()\"/>"
	"<bind nodeset=\"/data/kondisi\" type=\"string\" "
	"entities:saveto=\"kondisi\"/>"
	"<bind nodeset=\"/data/nama\" type=\"string\" relevant=\"/data/kondisi "
	"= "
	"'ganti'\" entities:saveto=\"nama\"/>"
	"<bind nodeset=\"/data/catatan\" type=\"string\"/>"
	"<bind nodeset=\"/data/meta/entity/@id\" calculate=\"/data/rumah\"/>"
	"<bind nodeset=\"/data/meta/entity/@baseVersion\" calculate=\""
	"instance('rumah')/root/item[name=/data/rumah]/__version\"/>"
	"<bind nodeset=\"/data/meta/entity/@trunkVersion\" calculate=\""
	"instance('rumah')/root/item[name=/data/rumah]/__trunkVersion\"/>"
	"<bind nodeset=\"/data/meta/entity/@branchId\" calculate=\""
	"instance('rumah')/root/item[name=/data/rumah]/__branchId\"/>"
	"<bind nodeset=\"/data/meta/entity/label\" calculate=\"/data/nama\"/>"
	"<bind nodeset=\"/data/meta/instanceID\" type=\"string\" "
	"jr:preload=\"uid\"/>"
	"<submission odk:client-editable=\"true\"/>"
	"</model></h:head><h:body>"
	"<select1 ref=\"/data/rumah\"><label>Rumah</label>"
	"<itemset nodeset=\"instance('rumah')/root/item\"><value ref=\"name\"/>"
	"<label ref=\"label\"/></itemset></select1>"
	"<input ref=\"/data/kondisi\"><label>Kondisi</label></input>"
	"<input ref=\"/data/nama\"><label>Nama baru</label></input>"
	"<input ref=\"/data/catatan\"><label>Catatan</label></input>"
	"</h:body></h:html>";

static const char form_pindah[] = HEAD
	"<h:title>Pindah</h:title><model "
	"entities:entities-version=\"2025.1.0\">"
	"<instance><data id=\"pindah\" version=\"1\"><orang/><tujuan/>"
	"<meta><instanceID/><entity dataset=\"warga\" id=\"\" update=\"1\" "
	"baseVersion=\"\"><label/></entity></meta></data></instance>"
	"<instance id=\"warga\" src=\"jr://file-csv/warga.csv\"/>"
	"<bind nodeset=\"/data/orang\" type=\"string\"/>"
	"<bind nodeset=\"/data/tujuan\" type=\"string\" "
	"entities:saveto=\"rumah\"/>"
	"<bind nodeset=\"/data/meta/entity/@id\" calculate=\"/data/orang\"/>"
	"<bind nodeset=\"/data/meta/instanceID\" type=\"string\" "
	"jr:preload=\"uid\"/>"
	"</model></h:head><h:body>"
	"<select1 ref=\"/data/orang\"><label>Orang</label>"
	"<itemset nodeset=\"instance('warga')/root/item\"><value ref=\"name\"/>"
	"<label ref=\"label\"/></itemset></select1>"
	"<input ref=\"/data/tujuan\"><label>Tujuan</label></input>"
	"</h:body></h:html>";

static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"rumah,menu,k,Rumah,Houses,,,,,\n"
	"rumah,title,judul,Rumah,House,,,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,,,nama\n"
	"rumah,column,nomor,Nomor,Number,2,number,4*4,,nomor\n"
	"rumah,column,desa,Desa,Village,3,place,,,desa\n"
	"rumah,column,isi,Isi,People,4,,,,"
	"count(instance('warga')/root/item[rumah = current()/name])\n"
	"rumah,detail,kondisi,Kondisi,Condition,,,,,kondisi\n"
	"rumah,unique,nomor,Nomor,Number,,,,,\n"
	"rumah,action,kunjung,kunjung,visit,n,,,,visit\n"
	"rumah,action,daftar,daftar,register,b,,,,new\n"
	"warga,title,judul,Warga,Person,,,,,nama\n"
	"warga,column,nama,Nama,Name,1,name,,,nama\n"
	"warga,column,nik,NIK,NIK,2,number,4*4,,nik\n"
	"warga,detail,rumah,Rumah,House,,,,,"
	"instance('rumah')/root/item[name = current()/rumah]/label\n"
	"warga,parent,rumah,Rumah,House,,,,,rumah\n"
	"warga,unique,nik,NIK,NIK,,,,,\n";

void world_open(struct world *w)
{
	struct store_open how = { .dir = w->dir, .sys = &w->clock.sys };

	must(w, store_open(&w->store, &how, &w->report), "store_open");
	must(w,
	     cases_open(&w->cases, w->store, &w->clock.sys, STR(""),
			&w->report),
	     "cases_open");
}

static void add_form(struct world *w, const char *xml, const char *name)
{
	must(w, cases_form_add(w->cases, str_from(xml), name, &w->report),
	     name);
}

void world_datasets_put(struct world *w, const char *csv)
{
	must(w,
	     cases_media_put(w->cases, STR("datasets.csv"), str_from(csv),
			     &w->report),
	     "datasets.csv");
}

static enum err fill(void *arg, struct store *st)
{
	const struct cases_setup who = { .worker_code = STR("dewi"),
					 .worker_name = STR("Dewi"),
					 .worker_role = STR("PSM"),
					 .village = STR("Palapa"),
					 .language = STR("id") };
	struct world *w = arg;

	return cases_setup(st, &w->clock.sys, &who, &w->report);
}

static void begin(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	sys_fixed_init(&w->clock, TODAY, 420, seed);
	snprintf(w->folder, sizeof(w->folder), "/tmp/pilar-cases-XXXXXX");
	if (!mkdtemp(w->folder))
		must(w, ERR_IO, w->folder);
	snprintf(w->dir, sizeof(w->dir), "%s/s", w->folder);
}

static void create(struct world *w)
{
	struct store_create how = {
		.dir = w->dir, .sys = &w->clock.sys, .fill = fill, .arg = w
	};

	must(w, store_create(&how, &w->report), "store_create");
	world_open(w);
	world_datasets_put(w, datasets);
	add_form(w, form_daftar, "daftar.xml");
	add_form(w, form_kunjung, "kunjung.xml");
	add_form(w, form_pindah, "pindah.xml");
}

void world_make(struct world *w)
{
	world_make_as(w, 99);
}

void world_make_as(struct world *w, uint64_t seed)
{
	begin(w, seed);
	create(w);
}

void world_keep(struct world *w, const char *dir)
{
	begin(w, 99);
	snprintf(w->dir, sizeof(w->dir), "%s", dir);
	if (access(dir, F_OK))
		create(w);
	else
		world_open(w);
}

void world_close(struct world *w)
{
	cases_close(w->cases);
	store_close(w->store);
	w->cases = NULL;
	w->store = NULL;
}

void world_remove(struct world *w)
{
	char command[128];

	world_close(w);
	arena_release(&w->arena);
	report_release(&w->report);
	snprintf(command, sizeof(command), "rm -rf %s", w->folder);
	if (system(command))
		must(w, ERR_IO, command);
}

int world_setup(void **state)
{
	world_make(*state);
	return 0;
}

int world_teardown(void **state)
{
	world_remove(*state);
	return 0;
}

/* ---- submissions */
struct str world_uuid(struct world *w)
{
	char text[UUID_LEN + 1];

	sys_uuid(&w->clock.sys, text);
	return arena_dup(&w->arena, str_from(text));
}

static struct submission submission(struct world *w, const char *form,
				    struct str body, struct str entity)
{
	struct submission s = { .form_id = str_from(form),
				.form_version = STR("1") };

	w->clock.at += 60000;
	s.instance_id = arena_printf(&w->arena, "uuid:%s", world_uuid(w).p);
	s.xml = arena_printf(
		&w->arena,
		"<data id=\"%s\" version=\"1\">%s<meta><instanceID>%s"
		"</instanceID>%s</meta></data>",
		form, body.p, s.instance_id.p, entity.p);
	if (!s.xml.p)
		must(w, ERR_NOMEM, form);
	return s;
}

static struct str person(struct world *w, struct str id, const char *name,
			 size_t n)
{
	return arena_printf(&w->arena,
			    "<warga><wnama>%s</wnama><nik>18710101010%05zu"
			    "</nik><asal>%%s</asal><meta><entity "
			    "dataset=\"warga\" id=\"%s\" create=\"1\"><label>%s"
			    "</label></entity></meta></warga>",
			    name, n, id.p, name);
}

struct submission world_family(struct world *w, struct str id, const char *name,
			       const char *const *people, size_t n,
			       struct str *ids)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	struct submission s;

	buf_addf(&b,
		 "<nama>%s</nama><nomor>1871%012u</nomor>"
		 "<desa>Palapa</desa>",
		 name, (unsigned)(w->clock.at / 60000 % 1000000));
	for (size_t i = 0; i < n; i++) {
		struct str pid = world_uuid(w);
		struct str xml =
			person(w, pid, people[i],
			       (size_t)(w->clock.at / 60000 % 1000) * 10 + i);
		size_t at = str_find(xml, STR("%s"), 0);

		if (ids)
			ids[i] = pid;
		buf_addstr(&b, str_sub(xml, 0, at));
		buf_addstr(&b, id);
		buf_addstr(&b, str_sub(xml, at + 2, xml.n));
	}
	s = submission(w, "daftar", buf_str(&b),
		       arena_printf(&w->arena,
				    "<entity dataset=\"rumah\" id=\"%s\" "
				    "create=\"1\"><label>%s</label></entity>",
				    id.p, name));
	buf_release(&b);
	return s;
}

struct submission world_house(struct world *w, struct str id, const char *name,
			      const char *number, const char *village)
{
	return submission(
		w, "daftar",
		arena_printf(&w->arena,
			     "<nama>%s</nama><nomor>%s</nomor><desa>%s</desa>",
			     name, number, village),
		arena_printf(&w->arena,
			     "<entity dataset=\"rumah\" id=\"%s\" "
			     "create=\"1\"><label>%s</label></entity>",
			     id.p, name));
}

struct submission world_visit(struct world *w, struct str house,
			      const char *condition, const char *name)
{
	struct str renamed = STR("");

	if (name)
		renamed = arena_printf(&w->arena, "<nama>%s</nama>", name);
	return submission(
		w, "kunjung",
		arena_printf(&w->arena,
			     "<rumah>%s</rumah><kondisi>%s</kondisi>%s",
			     house.p, condition, renamed.p),
		arena_printf(&w->arena,
			     "<entity dataset=\"rumah\" id=\"%s\" update=\"1\" "
			     "baseVersion=\"1\"><label>%s</label></entity>",
			     house.p, name ? name : ""));
}

struct submission world_move(struct world *w, struct str person_id,
			     struct str house)
{
	return submission(
		w, "pindah",
		arena_printf(&w->arena, "<orang>%s</orang><tujuan>%s</tujuan>",
			     person_id.p, house.p),
		arena_printf(&w->arena,
			     "<entity dataset=\"warga\" id=\"%s\" update=\"1\" "
			     "baseVersion=\"1\"><label/></entity>",
			     person_id.p));
}

void world_submit(struct world *w, const struct submission *s)
{
	must(w, cases_submit(w->cases, s, STR(""), &w->report), "submit");
}

struct str world_put_house(struct world *w, const char *name,
			   const char *number, const char *village)
{
	struct str id = world_uuid(w);
	struct submission s = world_house(w, id, name, number, village);

	world_submit(w, &s);
	return id;
}

struct str world_put_family(struct world *w, const char *const *people,
			    size_t n, struct str *ids)
{
	struct str id = world_uuid(w);
	struct submission s = world_family(w, id, people[0], people, n, ids);

	world_submit(w, &s);
	return id;
}

struct entity world_entity(struct world *w, const char *dataset, struct str id)
{
	struct entity e = { 0 };

	must(w, cases_entity(w->cases, str_from(dataset), id, &w->arena, &e),
	     dataset);
	return e;
}

/* ---- files */
char *world_export(struct world *w, const char *folder)
{
	struct sync_export how = { .folder = str_from(folder), .plain = true };
	struct sync_result r;

	must(w, sync_export(w->cases, &how, &w->arena, &r, &w->report),
	     "export");
	if (!r.file.n)
		must(w, ERR_NOTFOUND, "export");
	return arena_cstr(&w->arena, r.file);
}

enum err world_take(struct world *w, const char *path, struct sync_incoming *in)
{
	struct sync_import how = { .path = path, .accept = true };
	struct report rep = { 0 };
	enum err rc = sync_import(w->cases, &how, &w->arena, in, &rep);

	/* every refusal has its sentence */
	if (rc && !rep.errors)
		must(w, rc, path);
	report_release(&rep);
	return rc;
}

void world_carry(struct world *from, struct world *to)
{
	struct sync_incoming in;

	must(to, world_take(to, world_export(from, from->folder), &in),
	     "import");
}

struct sync_office world_office(struct world *w, const char *name)
{
	struct sync_office o = { .name = str_from(name), .has_key = true };
	struct sync_self self;

	must(w, sync_self(w->cases, &self), "self");
	o.key = self.key;
	o.recipient = self.recipient;
	o.device = arena_dup(&w->arena, self.device);
	return o;
}

static enum err add_line(void *arg, struct str line)
{
	struct buf *b = arg;

	buf_addstr(b, line);
	buf_addc(b, '\n');
	return b->failed;
}

struct str world_dump(struct world *w, struct arena *a)
{
	struct buf b = BUF_INIT((size_t)256 << 20);
	struct str out;

	must(w, cases_dump(w->cases, add_line, &b), "dump");
	out = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}
