#include "db/memo.h"

enum { SLOTS = 256, KEY_BYTES_MAX = 1024, ANSWER_BYTES_MAX = 64 * 1024, BYTES_MAX = 1024 * 1024 };

/* One answer. Behind it stand its key, then its rows, in which texts are offsets (from 1; NULL stays NULL) into what stands
 * behind them. */
struct answer {
	const struct db_stmt_def *def;
	size_t key_bytes, rows, rows_bytes, text_bytes;
	_Alignas(16) char bytes[];
};

struct memo {
	struct answer *slot[SLOTS];
	size_t bytes;
	int64_t version;
};

struct memo *memo_new(void)
{
	struct memo *m = calloc(1, sizeof *m);
	if (!m)
		abort();
	return m;
}

void memo_forget(struct memo *m)
{
	if (m->bytes == 0)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		free(m->slot[i]);
		m->slot[i] = NULL;
	}
	m->bytes = 0;
}

void memo_free(struct memo *m)
{
	memo_forget(m);
	free(m);
}

void memo_see(struct memo *m, int64_t version)
{
	if (m->version != version)
		memo_forget(m);
	m->version = version;
}

/* The parameters as bytes, into KEY[KEY_BYTES_MAX], and how many into *SIZE. False: too many. */
static bool key_of(const struct db_stmt_def *def, const struct db_value *in, char *key, size_t *size)
{
	size_t n = 0;
	for (const char *type = def->in; *type; type++, in++) {
		bool text = in->type == DB_TEXT || in->type == DB_BLOB;
		size_t length = in->null ? 0 : text ? in->s.n : sizeof in->i;
		if (n + 1 + sizeof length > KEY_BYTES_MAX || length > KEY_BYTES_MAX - n - 1 - sizeof length)
			return false;
		key[n++] = in->null ? 'n' : *type;
		memcpy(key + n, &length, sizeof length);
		n += sizeof length;
		if (length)
			memcpy(key + n, text ? in->s.p : (const char *)&in->i, length);
		n += length;
	}
	*size = n;
	return true;
}

/* FNV-1a, eight bytes at a time as far as they go. */
static size_t slot_of(const struct db_stmt_def *def, const char *key, size_t n)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)def, piece;
	for (; n >= sizeof piece; key += sizeof piece, n -= sizeof piece) {
		memcpy(&piece, key, sizeof piece);
		hash = (hash ^ piece) * UINT64_C(0x100000001b3);
	}
	for (; n > 0; key++, n--)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32 ^ hash >> 17) % SLOTS;
}

static bool is_text(const struct db_column *col)
{
	return col->type == DB_TEXT || col->type == DB_BLOB;
}

static size_t rounded(size_t n)
{
	return (n + 15) & ~(size_t)15;
}

bool memo_get(const struct memo *m, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to)
{
	char key[KEY_BYTES_MAX];
	size_t n;
	if (m->bytes == 0 || !key_of(def, in, key, &n))
		return false;
	const struct answer *a = m->slot[slot_of(def, key, n)];
	if (!a || a->def != def || a->key_bytes != n || memcmp(a->bytes, key, n) != 0)
		return false;
	const char *rows = a->bytes + rounded(n);
	char *text = a->text_bytes ? arena_alloc(to->c->mem, a->text_bytes, 1) : NULL;
	if (a->text_bytes)
		memcpy(text, rows + rounded(a->rows_bytes), a->text_bytes);
	to->rows = arena_grow(to->c->mem, to->rows, 0, &to->cap, a->rows, def->row_size);
	to->count = a->rows;
	if (a->rows_bytes)
		memcpy(to->rows, rows, a->rows_bytes);
	for (size_t i = 0; i < a->rows; i++)
		for (const struct db_column *col = def->out; col < def->out + def->out_count; col++) {
			struct str *s = (struct str *)((char *)to->rows + i * def->row_size + col->at);
			if (is_text(col) && s->p)
				s->p = text + (uintptr_t)s->p - 1;
		}
	return true;
}

/* The texts of the rows OF, each with its NUL: how many bytes they take. With TEXT not NULL they are written there, and offsets
 * into ROWS. */
static size_t put_texts(const struct db_stmt_def *def, const struct db_rows *of, char *rows, char *text)
{
	size_t n = 0;
	for (size_t i = 0; i < of->count; i++)
		for (const struct db_column *col = def->out; col < def->out + def->out_count; col++) {
			size_t at = i * def->row_size + col->at;
			const struct str *s = (const struct str *)((const char *)of->rows + at);
			if (!is_text(col) || !s->p)
				continue;
			if (text) {
				memcpy(text + n, s->p, s->n + 1);
				((struct str *)(rows + at))->p = (const char *)(uintptr_t)(n + 1);
			}
			n += s->n + 1;
		}
	return n;
}

void memo_keep(struct memo *m, const struct db_stmt_def *def, const struct db_value *in, const struct db_rows *of)
{
	char key[KEY_BYTES_MAX];
	size_t n, rows_bytes = of->count * def->row_size, text_bytes = put_texts(def, of, NULL, NULL);
	if (!key_of(def, in, key, &n) || rows_bytes + text_bytes > ANSWER_BYTES_MAX)
		return;
	size_t size = sizeof(struct answer) + rounded(n) + rounded(rows_bytes) + text_bytes;
	if (m->bytes + size > BYTES_MAX)
		memo_forget(m);
	struct answer *a = calloc(1, size);
	if (!a)
		abort();
	*a = (struct answer){ def, n, of->count, rows_bytes, text_bytes };
	memcpy(a->bytes, key, n);
	char *rows = a->bytes + rounded(n);
	if (rows_bytes)
		memcpy(rows, of->rows, rows_bytes);
	put_texts(def, of, rows, rows + rounded(rows_bytes));
	struct answer **slot = &m->slot[slot_of(def, key, n)];
	free(*slot); /* its bytes stay counted until all is forgotten */
	*slot = a;
	m->bytes += size;
}
