#include "http_ask.h"
#include "base/clock.h"
#include "base/id.h"
#include <unistd.h>

struct router router;
struct vault *vault;
int64_t later_ms, waited_ms;
const char *peer;

struct asked *ask(struct testdb *t, const char *method, const char *target, const char *headers, const char *body)
{
	static struct asked a;
	struct str rest = str_of(headers), line, name;
	struct request q;
	html_free(&a.r.body);
	a = (struct asked){ 0 };
	t->c = (struct ctx){ .mem = t->c.mem, .db = t->c.db, .vault = vault, .now_ms = clock_now_ms() + later_ms };
	if (!request_parse(t->c.mem, method, str_of(target), &q))
		fail_msg("%s", target);
	q.waited_ms = waited_ms;
	request_header(&q, S("Host"), S("adem.example"));
	request_header(&q, S("Content-Type"), S("application/x-www-form-urlencoded"));
	while (str_cut(&rest, '\n', &line))
		if (str_cut(&line, ':', &name))
			request_header(&q, name, str_trim(line));
	q.body = str_of(body);
	if (peer && !address_read(str_of(peer), &q.peer))
		fail_msg("%s", peer);
	html_init(&a.r.body, PAGE_BYTES_MAX, LANG_ID);
	assert_int_equal(router_answer(&router, &t->c, &q, &a.r, &a.notified), OK);
	assert_false(db_in_transaction(t->c.db));
	struct str text = a.r.json ? buf_str(a.r.json) : (struct str){ a.r.body.p, a.r.body.n };
	a.text = arena_alloc(t->c.mem, text.n + 1, 1);
	memcpy(a.text, text.p ? text.p : "", text.n);
	return &a;
}

struct asked *get(struct testdb *t, const char *target)
{
	return ask(t, "GET", target, "", "");
}

int rows(struct testdb *t)
{
	int64_t n = -1;
	assert_true(str_to_i64(str_of(testdb_value(t, "SELECT count(*) FROM events")), 0, 1000, &n));
	return (int)n;
}

void assert_says(const struct asked *a, int status, const char *piece)
{
	if (a->r.status != status || !strstr(a->text, piece))
		fail_msg("expected %d with \"%s\", got %d: %.300s", status, piece, a->r.status, a->text);
}

struct testdb *fresh(void **state)
{
	struct testdb *t = *state;
	little = (struct little){ .taken_id = id_new(clock_now_ms()) };
	router = little_router();
	assert_true(router_check(&t->c, &router));
	return t;
}

bool ask_begin(void)
{
	char dir[] = "/tmp/adem-test-XXXXXX", file[100];
	if (!mkdtemp(dir))
		return false;
	vault = little_vault(dir);
	snprintf(file, sizeof file, "%s/pepper.key", dir);
	unlink(file);
	return rmdir(dir) == 0;
}
