/* Reading places, pairs, events, named days and cells: what is read, what is refused and on which line. */
#include "near.h"
#include "num/data/events.h"

static int setup(void **state)
{
	struct ctx *c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	c->mem = arena_new(1 << 16);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct ctx *c = *state;
	arena_free(c->mem);
	free(c);
	return 0;
}

#define assert_why(c, begin)                                                                                           \
	do {                                                                                                           \
		if (!str_starts((c)->err.why, S(begin)))                                                               \
			fail_msg("%.*s", STR_ARG((c)->err.why));                                                       \
	} while (0)

static void days_are_numbers(void **state)
{
	(void)state;
	int32_t day, second;
	assert_int_equal(day_of((struct date){ 1970, 1, 1 }), 0);
	assert_int_equal(day_of((struct date){ 2000, 2, 29 }), 11016);
	assert_int_equal(day_of((struct date){ 1900, 1, 1 }), DAY_MIN);
	assert_int_equal(day_of((struct date){ 2199, 12, 31 }), DAY_MAX);
	for (day = DAY_MIN; day <= DAY_MAX; day++) {
		char text[11];
		int32_t again = 0;
		day_write(day, text);
		assert_true(day_read(str_of(text), &again) && again == day);
		assert_int_equal((day_weekday(day) + 1) % 7, day_weekday(day + 1));
	}
	assert_int_equal(day_weekday(day_of((struct date){ 2024, 11, 19 })), 1);
	assert_int_equal(day_of_year(day_of((struct date){ 2016, 12, 31 })), 365);
	assert_true(day_read_time(S("2017-01-31T23:05"), &day, &second) && second == 83100);
	assert_true(day_read_time(S("2017-01-31 23:05:59.250"), &day, &second) && second == 83159);
	assert_true(day_read_time(S("2017-01-31"), &day, &second) && second == -1);
}

static void what_is_no_time_is_not_read(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "2017", "2017-1-31", "2017-02-29", "2017-04-31", "2017-00-10",
		"2017-13-01", "1899-12-31", "2200-01-01", "2017-01-31T", "2017-01-31T24:00", "2017-01-31T23:60",
		"2017-01-31T23:05Z", "2017-01-31T23:05+07:00", "2017-01-31T23:05:60", "2017-01-31T23:05:10.",
		"2017-01-31T23:05:10.x", "+017-01-31", "2017-01-31x", "NaN", "31.01.2017" };
	int32_t day = 7, second = 7;
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (day_read_time(str_of(wrong[i]), &day, &second) || day != 7)
			fail_msg("%s", wrong[i]);
}

static void places_come_before_the_groups_they_belong_to(void **state)
{
	struct ctx *c = *state;
	struct places *p;
	assert_int_equal(places_read(c,
				 S("population,parent,place\n"
				   ",,Johar\n"
				   "3000,Rawa,RW 1\n"
				   "\n"
				   "2000,Rawa,\"RW 2\"\n"
				   ",Johar,Rawa\n"
				   "10,Galur,RW 3\n"),
				 (struct places_columns){ 0 }, &p),
		OK);
	assert_int_equal(p->count, 3);
	assert_int_equal(p->nodes, 6);
	assert_true(str_is(p->name[0], "RW 1") && str_is(p->name[2], "RW 3") && str_is(p->name[3], "Johar"));
	assert_int_equal(p->parent[0], places_find(p, S("Rawa")));
	assert_int_equal(p->parent[4], 3);
	assert_int_equal(p->parent[3], PLACES_NONE);
	assert_int_equal(p->parent[places_find(p, S("Galur"))], PLACES_NONE);
	assert_near(p->population[1], 2000, 0);
	assert_int_equal(places_find(p, S("RW 9")), PLACES_NONE);
}

static void what_is_wrong_with_places_is_told_by_line(void **state)
{
	struct ctx *c = *state;
	struct places *p;
	struct places_columns k = { 0 };
	assert_int_equal(places_read(c, S(""), k, &p), ERR_INPUT);
	assert_why(c, "line 1: the file is empty");
	assert_int_equal(places_read(c, S("place,parent\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 2: there is no place");
	assert_int_equal(places_read(c, S("name\nA\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 1: the header does not name place");
	assert_int_equal(places_read(c, S("place\nA\nB\nA\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 4: A is there twice");
	assert_int_equal(places_read(c, S("place,population\nA,nan\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 2: population");
	assert_int_equal(places_read(c, S("place,population\nA,-1\n"), k, &p), ERR_INPUT);
	assert_int_equal(places_read(c, S("place,parent\nA,B\nB,C\nC,A\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 2: A has more than 16 levels");
	assert_int_equal(places_read(c, S("place,parent\nA,\"B\n"), k, &p), ERR_INPUT);
	assert_why(c, "line 2: a quote is not closed");
}

static void pairs_go_both_ways_once(void **state)
{
	struct ctx *c = *state;
	struct places *p;
	struct place_edges *e;
	assert_int_equal(places_gather(c, S("nta\nC\nA\nB\nA\n"), "nta", &p), OK);
	assert_true(p->count == 3 && str_is(p->name[0], "A"));
	assert_int_equal(places_read_edges(c, S("a,b\nA,C\nC,A\nA,B\nB,B\n"), p, NULL, &e), OK);
	assert_int_equal(e->first[3], 4);
	assert_true(e->first[1] == 2 && e->other[0] == 1 && e->other[1] == 2 && e->other[2] == 0 && e->other[3] == 0);
	assert_int_equal(places_read_edges(c, S("nta_a,nta_b\nA,C\n"), p, "nta", &e), OK);
	assert_int_equal(places_read_edges(c, S("a,b\nA,C\nA,X\n"), p, NULL, &e), ERR_INPUT);
	assert_why(c, "line 3: unknown place X");
	assert_int_equal(places_read_edges(c, S("a,c\nA,C\n"), p, NULL, &e), ERR_INPUT);
	assert_why(c, "line 1: the header must name a and b, or place_a and place_b");
}

static void events_are_sorted_whatever_the_order_of_the_rows(void **state)
{
	static const char *const rows[] = { "B,2017-01-02T10:00,\n", "A,2017-01-02T10:00,petasan\n",
		"A,2017-01-02T10:00,incident\n", "A,2017-01-02,convoy\n", "B,2016-12-31T23:59,\n" };
	struct ctx *c = *state;
	struct places *p;
	assert_int_equal(places_read(c, S("place,parent\nA,G\nB,G\n"), (struct places_columns){ 0 }, &p), OK);
	struct event first[5] = { 0 };
	for (size_t turn = 0; turn < 5; turn++) {
		struct events *e;
		struct str text = S("place,time,kind\n");
		for (size_t i = 0; i < 5; i++)
			text = arena_printf(c->mem, "%.*s%s", STR_ARG(text), rows[(i + turn) % 5]);
		assert_int_equal(events_read(c, text, (struct events_columns){ .places = p }, &e), OK);
		assert_true(e->count == 5 && e->kinds == 3 && e->late);
		assert_true(str_is(e->kind[1], "convoy") && str_is(e->kind[2], "petasan"));
		if (turn == 0)
			memcpy(first, e->event, sizeof first);
		assert_memory_equal(first, e->event, sizeof first);
		assert_int_equal(events_from(e, e->event[0].day + 1), 1);
		assert_int_equal(events_from(e, DAY_MAX), 5);
	}
	assert_int_equal(first[1].second, -1);
	assert_true(first[2].kind == 0 && first[3].kind == 2 && first[4].place == 1);
}

static void what_is_wrong_with_events_is_told_by_line(void **state)
{
	struct ctx *c = *state;
	struct places *p;
	struct events *e;
	assert_int_equal(places_read(c, S("place,parent\nA,G\nB,G\n"), (struct places_columns){ 0 }, &p), OK);
	struct events_columns areas = { .places = p }, points = { .coordinates = true };
	assert_int_equal(events_read(c, S("place,time\n"), areas, &e), ERR_INPUT);
	assert_why(c, "line 2: there is no event");
	assert_int_equal(events_read(c, S("place,time\nA,2017-01-01\nX,2017-01-01\n"), areas, &e), ERR_INPUT);
	assert_why(c, "line 3: unknown place X");
	assert_int_equal(events_read(c, S("place,time\nG,2017-01-01\n"), areas, &e), ERR_INPUT);
	assert_why(c, "line 2: G is a group of places");
	assert_int_equal(events_read(c, S("place,time\n\n\nA,yesterday\n"), areas, &e), ERR_INPUT);
	assert_why(c, "line 4: no local time such as 2017-01-31T23:05: yesterday");
	assert_int_equal(events_read(c, S("x_m,y_m,time\n1,nan,2017-01-01\n"), points, &e), ERR_INPUT);
	assert_why(c, "line 2: x_m and y_m must be metres");
	assert_int_equal(events_read(c, S("x_m,y_m,time\n1,inf,2017-01-01\n"), points, &e), ERR_INPUT);
	assert_int_equal(events_read(c, S("x_m,y_m,time\n1,,2017-01-01\n"), points, &e), ERR_INPUT);
	assert_int_equal(events_read(c, S("x_m,time\n1,2017-01-01\n"), points, &e), ERR_INPUT);
	assert_why(c, "line 1: the header does not name y_m");
	assert_int_equal(events_read(c, S("x_m,y_m,time\n-0.0,2.5,2017-01-01T00:10\n"), points, &e), OK);
	assert_false(signbit(e->event[0].x_m));
	assert_int_equal(e->event[0].place, PLACES_NONE);
}

static void named_days_are_read(void **state)
{
	struct ctx *c = *state;
	struct day_values *v;
	assert_int_equal(day_values_read(c, S("date,name,value\n2017-02-01,exam,\n2017-01-01,holiday,0.5\n"), &v), OK);
	assert_true(v->count == 2 && v->names == 2 && str_is(v->text[0], "exam"));
	assert_true(v->name[0] == 1 && v->name[1] == 0);
	assert_near(v->value[0], 0.5, 0);
	assert_near(v->value[1], 1, 0);
	assert_int_equal(day_values_read(c, S("date,name\n2017-02-01,a\n2017-02-01,a\n"), &v), ERR_INPUT);
	assert_why(c, "line 3: the day has this name already");
	assert_int_equal(day_values_read(c, S("date,name,value\n2017-02-01,a,NaN\n"), &v), ERR_INPUT);
	assert_why(c, "line 2: value");
	assert_int_equal(day_values_read(c, S("date,name\n"), &v), OK);
	assert_int_equal(v->count, 0);
}

static void cells_are_read(void **state)
{
	struct ctx *c = *state;
	struct cells *cells;
	assert_int_equal(cells_read(c, S("iy,ix\n7,-3\n8,-3\n"), &cells), OK);
	assert_true(cells->count == 2 && cells->ix[1] == -3 && cells->iy[1] == 8);
	assert_int_equal(cells_read(c, S("ix,iy\n1,1\n2,1\n1,1\n"), &cells), ERR_INPUT);
	assert_why(c, "line 4: the cell is the same as on line 2");
	assert_int_equal(cells_read(c, S("ix,iy\n1,0.5\n"), &cells), ERR_INPUT);
	assert_int_equal(cells_read(c, S("ix,iy\n"), &cells), ERR_INPUT);
}

static void places_can_be_left_out_with_what_belongs_to_them(void **state)
{
	struct ctx *c = *state;
	struct places *p;
	struct place_edges *e;
	struct events *v;
	uint32_t number[6];
	assert_int_equal(places_read(c, S("place,parent,population\nA,G,1\nB,H,2\nC,G,3\nH,T,0\n"),
				 (struct places_columns){ 0 }, &p),
		OK);
	assert_int_equal(places_read_edges(c, S("a,b\nA,B\nA,C\nB,C\n"), p, NULL, &e), OK);
	assert_int_equal(events_read(c, S("place,time\nB,2017-01-01\nC,2017-01-02\nA,2017-01-03\n"),
				 (struct events_columns){ .places = p }, &v),
		OK);
	const struct places *kept = places_keep(c->mem, p, (bool[]){ true, false, true }, number);
	/* With B go the groups that nobody else belongs to. */
	assert_true(kept->count == 2 && kept->nodes == 3 && str_is(kept->name[1], "C") && str_is(kept->name[2], "G"));
	assert_true(kept->parent[0] == 2 && kept->parent[1] == 2 && number[1] == PLACES_NONE && number[2] == 1);
	assert_near(kept->population[1], 3, 0);
	assert_int_equal(places_find(kept, S("B")), PLACES_NONE);
	const struct place_edges *edges = place_edges_keep(c->mem, e, number, kept->count);
	assert_true(edges->first[2] == 2 && edges->other[0] == 1 && edges->other[1] == 0);
	const struct events *events = events_keep(c->mem, v, number);
	assert_true(events->count == 2 && events->event[0].place == 1 && events->event[1].place == 0);
}

static void a_million_events_are_read(void **state)
{
	struct ctx *c = *state;
	enum { ROWS = 1000000, ROW = 22 };
	struct places *p = places_numbered(c->mem, 9999);
	char *text = arena_alloc(c->mem, 11 + (size_t)ROWS * ROW, 1), *at = text;
	memcpy(at, "place,time\n", 11);
	at += 11;
	for (uint32_t i = 0; i < ROWS; i++) {
		/* From the last to the first. */
		uint32_t k = ROWS - 1 - i;
		at += snprintf(at, ROW + 1, "%04u,20%02u-%02u-%02uT%02u:%02u\n", 1 + k * 7919u % 9000, 10 + k / 100000,
			1 + k / 8334 % 12, 1 + k / 300 % 28, k / 12 % 24, k % 60);
	}
	struct events *e;
	/* Names are written with leading zeros below 1000: unknown. */
	assert_int_equal(
		events_read(c, (struct str){ text, (size_t)(at - text) }, (struct events_columns){ .places = p }, &e),
		ERR_INPUT);
	assert_int_equal(places_gather(c, (struct str){ text, (size_t)(at - text) }, NULL, &p), OK);
	assert_int_equal(
		events_read(c, (struct str){ text, (size_t)(at - text) }, (struct events_columns){ .places = p }, &e),
		OK);
	assert_true(e->count == ROWS && p->count == 9000 && e->late);
	for (size_t i = 1; i < ROWS; i++)
		assert_true(e->event[i - 1].day <= e->event[i].day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_numbers),
		cmocka_unit_test(what_is_no_time_is_not_read),
		cmocka_unit_test_setup_teardown(places_come_before_the_groups_they_belong_to, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_places_is_told_by_line, setup, teardown),
		cmocka_unit_test_setup_teardown(pairs_go_both_ways_once, setup, teardown),
		cmocka_unit_test_setup_teardown(events_are_sorted_whatever_the_order_of_the_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_events_is_told_by_line, setup, teardown),
		cmocka_unit_test_setup_teardown(named_days_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(cells_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(places_can_be_left_out_with_what_belongs_to_them, setup, teardown),
		cmocka_unit_test_setup_teardown(a_million_events_are_read, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
