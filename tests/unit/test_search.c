/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/search.h"

#include "../lib/expect.h"
#include "../lib/world.h"

static struct world w;

static struct hit *search(const char *text, const char *dataset, size_t limit,
			  size_t *n, size_t *total)
{
	struct search_query q = { .text = str_from(text),
				  .dataset = str_from(dataset),
				  .limit = limit };
	struct search_result found;

	ok(cases_search(w.cases, &q, &w.arena, &found));
	*n = found.n;
	*total = found.total;
	return found.hits;
}

static size_t count(const char *text)
{
	size_t n, total;

	search(text, "", 20, &n, &total);
	return total;
}

static struct str house(const char *name, const char *number,
			const char *village)
{
	return world_put_house(&w, name, number, village);
}

static void any_word_of_any_searched_text_hits(void **state)
{
	static const char *const people[] = { "Bambang Sutejo" };
	struct submission s;
	struct hit *hits;
	struct str id = house("Sitti Aminah", "1871010203040003", "Palapa");
	size_t n, total;

	(void)state;
	assert_int_equal(count("siti"), 1);
	assert_int_equal(count("am si"), 1);
	assert_int_equal(count("palapa aminah"), 1);
	assert_int_equal(count("187101"), 1);
	assert_int_equal(count("1871 0102 0304 0003"), 1);
	assert_int_equal(count("1871.0102-0304"), 1);
	assert_int_equal(count("1871 0102 0304 0004"), 0);
	assert_int_equal(count("040003"), 1);
	assert_int_equal(count("0203"), 0);
	assert_int_equal(count("siti budi"), 0);
	hits = search("SITI", "", 20, &n, &total);
	assert_int_equal(n, 1);
	assert_true(str_eq(hits[0].id, id));
	assert_true(str_is(hits[0].dataset, "rumah"));
	s = world_family(&w, world_uuid(&w), "Rohani", people, 1, NULL);
	world_submit(&w, &s);
	assert_int_equal(count("bambang"), 1);
	search("", "warga", 20, &n, &total);
	assert_int_equal(total, 1);
	search("", "", 2, &n, &total);
	assert_int_equal(n, 2);
	assert_int_equal(total, 3);
}

static void nothing_typed_lists_all_by_name(void **state)
{
	static const char *const names[] = { "Zainal", "Aminah", "Muhlis" };
	struct hit *hits;
	struct entity e;
	size_t n, total;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		house(names[i], "", "Palapa");
	hits = search("", "rumah", 20, &n, &total);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < 3; i++) {
		static const char *const order[] = { "Aminah", "Muhlis",
						     "Zainal" };

		ok(cases_entity(w.cases, hits[i].dataset, hits[i].id, &w.arena,
				&e));
		assert_true(str_is(e.label, order[i]));
	}
}

static void a_new_name_replaces_the_old_one(void **state)
{
	struct str id = house("Sutinah", "", "Palapa");
	struct submission s;

	(void)state;
	assert_int_equal(count("sutinah"), 1);
	s = world_visit(&w, id, "ganti", "Kartini");
	world_submit(&w, &s);
	assert_int_equal(count("sutinah"), 0);
	assert_int_equal(count("kartini"), 1);
	world_close(&w);
	world_open(&w);
	assert_int_equal(count("sutinah"), 0);
	assert_int_equal(count("kartini"), 1);
}

/* At the next question, but one look is of one moment. */
static void others_commits_are_seen(void **state)
{
	struct world other;
	int status;
	pid_t pid;

	(void)state;
	house("Siti", "", "Palapa");
	world_close(&w);
	for (int round = 0; round < 3; round++) {
		int go[2], went[2];
		char c = 'x';

		assert_int_equal(pipe(go), 0);
		assert_int_equal(pipe(went), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			other = w;
			sys_fixed_init(&other.clock, w.clock.at, 420,
				       (uint64_t)(round + 7));
			w = other;
			world_open(&w);
			if (read(go[0], &c, 1) != 1)
				_exit(1);
			house("Tetangga", "", "Palapa");
			_exit(write(went[1], &c, 1) == 1 ? 0 : 1);
		}
		world_open(&w);
		ok(cases_look_begin(w.cases));
		assert_int_equal(count("tetangga"), (size_t)round);
		ok(cases_look_begin(w.cases));
		assert_int_equal(write(go[1], &c, 1), 1);
		assert_int_equal(read(went[0], &c, 1), 1);
		cases_look_end(w.cases);
		assert_int_equal(count("tetangga"), (size_t)round);
		cases_look_end(w.cases);
		assert_int_equal(count("tetangga"), (size_t)round + 1);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		world_close(&w);
		for (int i = 0; i < 2; i++) {
			close(go[i]);
			close(went[i]);
		}
	}
	world_open(&w);
}

static void a_rebuild_elsewhere_is_seen(void **state)
{
	static const char csv[] = "dataset,kind,name,value,search\n"
				  "rumah,title,t,desa,name\n";
	int status;
	pid_t pid;

	(void)state;
	house("Siti", "", "Palapa");
	assert_int_equal(count("siti"), 1);
	world_close(&w);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		world_open(&w);
		world_datasets_put(&w, csv);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	world_open(&w);
	assert_int_equal(count("siti"), 0);
	assert_int_equal(count("palapa"), 1);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_int_equal(count("palapa"), 1);
}

static void without_datasets_csv_the_label_is_searched(void **state)
{
	(void)state;
	world_datasets_put(&w, "dataset,kind,name,value\n"
			       "warga,parent,rumah,rumah\n");
	house("Siti Aminah", "123456", "Palapa");
	assert_int_equal(count("aminah"), 1);
	assert_int_equal(count("palapa"), 0);
	assert_int_equal(count("123456"), 0);
}

static size_t where(const char *text)
{
	size_t n, total;

	search(text, "rumah", 20, &n, &total);
	return total;
}

/* What is wrong with a text, and of what. */
static enum search_wrong wrong(const char *text, const char *dataset,
			       const char *of)
{
	struct search_query q = { .text = str_from(text),
				  .dataset = str_from(dataset),
				  .limit = 5 };
	struct search_result found;

	assert_int_equal(cases_search(w.cases, &q, &w.arena, &found),
			 ERR_INVALID);
	assert_true(str_is(found.what, of));
	assert_true(search_wrong(found.wrong)[0] != '\0');
	return found.wrong;
}

static void an_example_says_what_properties_must_be(void **state)
{
	(void)state;
	house("Siti Aminah", "100", "Palapa");
	house("Budi Santoso", "250", "Kota Baru");
	house("Siti Rahma", "", "Palapa");
	assert_int_equal(where("nomor>100"), 1);
	assert_int_equal(where("nomor>=100"), 2);
	assert_int_equal(where("nomor<250"), 1);
	assert_int_equal(where("nomor=90..200"), 1);
	assert_int_equal(where("nomor=200.."), 1);
	assert_int_equal(where("nomor=100|250"), 2);
	assert_int_equal(where("nomor="), 1);
	assert_int_equal(where("nomor!="), 2);
	assert_int_equal(where("desa=palapa nomor!="), 1);
	assert_int_equal(where("desa=\"kota baru\""), 1);
	assert_int_equal(where("desa=\"kota baru"), 1);
	assert_int_equal(where("desa=k*u"), 1);
	assert_int_equal(where("desa=p?lapa siti"), 2);
	assert_int_equal(where("sit desa!=palapa"), 0);
	assert_int_equal(where("village=palapa"), 2);
}

static void an_example_that_cannot_be_is_said_to_be_wrong(void **state)
{
	(void)state;
	house("Siti Aminah", "100", "Palapa");
	assert_int_equal(wrong("umur=3", "rumah", "umur"), SEARCH_UNKNOWN);
	assert_int_equal(wrong("nomor=1", "", "nomor"), SEARCH_EVERYWHERE);
	assert_int_equal(wrong("nomor<", "rumah", "nomor"), SEARCH_EMPTY);
	assert_int_equal(wrong("nomor=..", "rumah", "nomor"), SEARCH_EMPTY);
	assert_int_equal(wrong("nomor=9..1", "rumah", "nomor"),
			 SEARCH_BACKWARD);
	assert_int_equal(wrong("nomor>abc", "rumah", "nomor"), SEARCH_UNLIKE);
	assert_int_equal(wrong("desa>5", "rumah", "desa"), SEARCH_UNLIKE);
	assert_int_equal(wrong("desa=a desa=a desa=a desa=a desa=a desa=a "
			       "desa=a desa=a desa=a",
			       "rumah", "desa"),
			 SEARCH_MANY);
	assert_int_equal(where("nomor>9"), 1);
	assert_int_equal(where("desa>k"), 1);
}

static struct str told(const char *name, const char *condition)
{
	struct str id = house(name, "", "Palapa");
	struct submission s = world_visit(&w, id, condition, NULL);

	world_submit(&w, &s);
	return id;
}

static void days_are_compared_as_days_however_they_are_written(void **state)
{
	(void)state;
	told("Satu", "2026-10-02");
	told("Dua", "30 Sep 26"); /* as a list shows it */
	told("Tiga", "5 Mei 1999");
	told("Empat", "-");
	told("Lima", "~1950");
	assert_int_equal(where("kondisi>=01-10-2026"), 1);
	assert_int_equal(where("kondisi<1/10/2026"), 2);
	assert_int_equal(where("kondisi=30/9/2026"), 1);
	assert_int_equal(where("kondisi=10-2026"), 1);
	assert_int_equal(where("kondisi=2026"), 2);
	assert_int_equal(where("kondisi=9-2026..10-2026"), 2);
	assert_int_equal(where("kondisi<1990"), 1);
}

static void one_of_several_answers_is_enough(void **state)
{
	(void)state;
	told("Satu", "23,24");
	told("Dua", "23 26");
	told("Tiga", "2324");
	told("Empat", "Jl. Mawar No. 3");
	assert_int_equal(where("kondisi=23"), 2);
	assert_int_equal(where("kondisi=24|26"), 2);
	assert_int_equal(where("kondisi!=23"), 2);
	assert_int_equal(where("kondisi=\"jl mawar*\""), 1);
}

static void who_left_the_lists_is_counted_only_when_asked_for(void **state)
{
	static const char csv[] =
		"dataset,kind,name,label::id,value,search\n"
		"rumah,column,nama,Nama,nama,name\n"
		"rumah,closed,roboh,roboh,kondisi = 'roboh',\n"
		"rumah,merged,kunjung kondisi=,,kondisi,\n";
	struct str first;

	(void)state;
	world_datasets_put(&w, csv);
	first = told("Satu", "baik");
	told("Dua", "roboh");
	told("Tiga", arena_cstr(&w.arena, first)); /* a double of the first */
	assert_int_equal(where("desa=palapa"), 1);
	assert_int_equal(where("desa=palapa dua"), 1);
	assert_int_equal(where("kondisi=roboh"), 1);
	assert_int_equal(where("kondisi=*-*"), 0);
}

static void those_belonging_to_it_are_found_with_it(void **state)
{
	static const char *const people[] = { "Bambang Sutejo", "Sri Lestari" };
	struct str id = world_uuid(&w);
	struct submission s = world_family(&w, id, "Rohani", people, 2, NULL);
	struct entity child;
	struct hit *hits;
	size_t n, total;

	(void)state;
	world_submit(&w, &s);
	hits = search("sutejo", "rumah", 20, &n, &total);
	assert_int_equal(n, 1);
	assert_int_equal(total, 1);
	assert_true(str_eq(hits[0].id, id));
	assert_int_equal(hits[0].how, HIT_CHILD);
	assert_true(str_is(hits[0].child_dataset, "warga"));
	ok(cases_entity(w.cases, hits[0].child_dataset, hits[0].child, &w.arena,
			&child));
	assert_true(
		str_is(entity_prop_of(&child, STR("nama")), "Bambang Sutejo"));
	hits = search("rohani", "rumah", 20, &n, &total);
	assert_int_equal(hits[0].child.n, 0);
}

static void other_letters_of_old_spelling_are_tried(void **state)
{
	struct hit *hits;
	size_t n, total;

	(void)state;
	house("Saleh Yahya", "", "Palapa");
	hits = search("soleh", "", 20, &n, &total);
	assert_int_equal(n, 1);
	assert_int_equal(hits[0].how, HIT_SIMILAR);
	assert_int_equal(count("jahya"), 1);
	assert_int_equal(count("suleh"), 0);
}

static void assert_order(const char *text, const char *const *names, size_t n)
{
	struct search_query q = { .text = str_from(text), .limit = 20 };
	struct search_result found;
	struct entity e;

	ok(cases_search(w.cases, &q, &w.arena, &found));
	cases_spelled(w.cases, q.text, &found);
	assert_int_equal(found.n, n);
	for (size_t i = 0; i < n; i++) {
		ok(cases_entity(w.cases, found.hits[i].dataset,
				found.hits[i].id, &w.arena, &e));
		if (!str_is(e.label, names[i]))
			fail_msg("%s: %zu is %s", text, i, e.label.p);
	}
}

static void of_equal_hits_those_spelled_as_typed_come_first(void **state)
{
	static const char *const stored[] = { "Djoko Oetami", "Joko Utami",
					      "Djoko Oetomo", "Joko Utomo" };
	static const char *const as_typed[] = { "Joko Utami", "Joko Utomo",
						"Djoko Oetami",
						"Djoko Oetomo" };
	static const char *const old[] = { "Djoko Oetami", "Joko Utami" };
	static const char *const now[] = { "Joko Utami", "Djoko Oetami" };

	(void)state;
	/* whichever came first */
	for (size_t i = 0; i < ARRAY_LEN(stored); i++)
		house(stored[i], "", "Palapa");
	assert_order("joko", as_typed, ARRAY_LEN(as_typed));
	assert_order("utami JOK ", now, ARRAY_LEN(now));
	assert_order("joko utami", now, ARRAY_LEN(now));
	assert_order("djoko oetami", old, ARRAY_LEN(old));
	assert_order("djoko oe",
		     (const char *const[]){ "Djoko Oetami", "Djoko Oetomo",
					    "Joko Utami", "Joko Utomo" },
		     4);
}

static void titles_nobody_wrote_down_are_asked_for_in_vain(void **state)
{
	static const char *const typed[] = {
		"budi iskandar m.si",    "Drs. H. Budi Iskandar, M.Si",
		"budi iskandar, S.Pd.I", "Budi Iskandar SPd",
		"pak budi iskandar",     "Haji Budi Iskandar",
		"budi iskandar h",       "budi isk s.sos ",
	};

	(void)state;
	house("Budi Iskandar", "", "Palapa");
	house("Siti Hasnah, S.Pd", "", "Palapa");
	for (size_t i = 0; i < ARRAY_LEN(typed); i++)
		if (count(typed[i]) != 1)
			fail_msg("%s finds %zu", typed[i], count(typed[i]));
	assert_int_equal(count("siti hasnah s.pd"), 1);
	assert_int_equal(count("siti hasnah spd"), 1);
	assert_int_equal(count("siti s"), 1);
	assert_int_equal(count("spd"), 0);
	assert_int_equal(count("budi rahman m.si"), 0);
}

static void names_that_sound_alike_are_found_as_similar(void **state)
{
	static const char *const pairs[][2] = {
		{ "Denny Efendi", "deni efendi" },
		{ "Yeni", "yenny" },
		{ "Fitri", "pitri" },
		{ "Novi", "nopi" },
		{ "Zaenal", "jaenal" },
		{ "Aziz", "azis" },
		{ "Azis Rauf", "aziz" },
	};
	size_t n, total;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		house(pairs[i][0], "", "Palapa");
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		search(pairs[i][1], "", 20, &n, &total);
		if (!n)
			fail_msg("%s does not find %s", pairs[i][1],
				 pairs[i][0]);
	}
	assert_int_equal(count("fitra"), 0);
}

static void long_and_odd_questions_are_answered(void **state)
{
	char text[5000];

	(void)state;
	house("Siti Aminah", "", "Palapa");
	memset(text, 'b', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(count(text), 0);
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		text[i] = i & 1 ? 'a' : ' ';
	assert_int_equal(count(text), 1);
	count("\xff\xfe\x01");
	assert_int_equal(count("---"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(any_word_of_any_searched_text_hits, &w),
		world_test(nothing_typed_lists_all_by_name, &w),
		world_test(a_new_name_replaces_the_old_one, &w),
		world_test(others_commits_are_seen, &w),
		world_test(a_rebuild_elsewhere_is_seen, &w),
		world_test(without_datasets_csv_the_label_is_searched, &w),
		world_test(an_example_says_what_properties_must_be, &w),
		world_test(an_example_that_cannot_be_is_said_to_be_wrong, &w),
		world_test(days_are_compared_as_days_however_they_are_written,
			   &w),
		world_test(one_of_several_answers_is_enough, &w),
		world_test(who_left_the_lists_is_counted_only_when_asked_for,
			   &w),
		world_test(those_belonging_to_it_are_found_with_it, &w),
		world_test(other_letters_of_old_spelling_are_tried, &w),
		world_test(of_equal_hits_those_spelled_as_typed_come_first, &w),
		world_test(titles_nobody_wrote_down_are_asked_for_in_vain, &w),
		world_test(names_that_sound_alike_are_found_as_similar, &w),
		world_test(long_and_odd_questions_are_answered, &w),
	};

	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
