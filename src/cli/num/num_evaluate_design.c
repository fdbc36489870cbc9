/* A roll-out by lot, whose order nobody can be said to have chosen: seed and hash are known before the start. */
#include "cli/num/num_evaluate.h"
#include "cli/num/num_rows.h"
#include "num/evaluate/evaluate_wedge.h"
#include "vault/hash.h"

static struct str in_hex(struct arena *a, const uint8_t hash[VAULT_HASH_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, 2 * VAULT_HASH_BYTES + 1, 1);
	for (size_t i = 0; i < VAULT_HASH_BYTES; i++) {
		text[2 * i] = digits[hash[i] >> 4];
		text[2 * i + 1] = digits[hash[i] & 15];
	}
	return str_of(text);
}

static void free_buf(void *buf)
{
	buf_free(buf);
}

/* place,start in the order of the places file: what is hashed, and what --treated takes. */
static struct str write_rows(
	struct ctx *c, const struct num_evaluate_words *w, const struct places *p, const size_t *step)
{
	struct num_rows rows;
	struct buf *text = arena_new_of(c->mem, struct buf);
	buf_init(text, NUM_FILE_BYTES_MAX);
	arena_defer(c->mem, free_buf, text);
	num_rows_begin(&rows, c->mem, text, false);
	for (size_t i = 0; i < p->count; i++) {
		int32_t day = w->from + (int32_t)((int64_t)step[i] * w->every_d);
		num_rows_text(&rows, w->town.place_column ? w->town.place_column : "place", p->name[i]);
		num_rows_text(&rows, "start", str_of(num_town_day(c->mem, day)));
		num_rows_next(&rows);
	}
	num_rows_end(&rows);
	return buf_str(text);
}

enum err num_evaluate_design(struct ctx *c, const struct num_evaluate_words *w, struct buf *out)
{
	struct str file;
	struct places *p;
	struct json j;
	uint8_t hash[VAULT_HASH_BYTES];
	if (!w->town.places || w->from == ARGS_DAY_NONE)
		return FAIL(c, ERR_INPUT, "a design needs --places and --from");
	TRY(num_read(c, w->town.places, &file));
	const struct places_columns k = { w->town.place_column, w->town.parent_column, w->town.population_column };
	TRY(num_of_file(c, w->town.places, places_read(c, file, k, &p)));
	if ((size_t)w->design > p->count)
		return FAIL(c, ERR_INPUT, "%" PRId64 " steps are more than %zu places", w->design, p->count);
	size_t *step = arena_array(c->mem, size_t, p->count);
	wedge_order(p->count, (size_t)w->design, (uint64_t)w->seed, step);
	struct str text = write_rows(c, w, p, step);
	vault_sha256(text, hash);
	struct str hex = in_hex(c->mem, hash);
	if (!w->json) {
		buf_put(out, text);
		num_note("seed %" PRId64 ", SHA-256 of this file %.*s: write both down before the first start", w->seed,
			STR_ARG(hex));
		return OK;
	}
	json_init(&j, out);
	json_object(&j);
	json_key(&j, "seed");
	json_int(&j, w->seed);
	json_key(&j, "sha256");
	json_str(&j, hex);
	json_key(&j, "file");
	json_str(&j, text);
	json_end(&j);
	buf_put_char(out, '\n');
	return OK;
}
