#include "db/prepared.h"

/* The slot of DEF, or the free one where it would go. The table is never full. */
static struct prepared_slot *slot_of(struct prepared_slot *slot, size_t cap, const struct db_stmt_def *def)
{
	size_t at = ((uintptr_t)def / _Alignof(struct db_stmt_def)) * (size_t)0x9E3779B97F4A7C15U >> 20;
	while (slot[at % cap].def && slot[at % cap].def != def)
		at++;
	return &slot[at % cap];
}

void *prepared_get(const struct prepared *p, const struct db_stmt_def *def)
{
	return p->cap ? slot_of(p->slot, p->cap, def)->kept : NULL;
}

static void grow(struct prepared *p)
{
	size_t cap = p->cap ? p->cap * 2 : 64;
	struct prepared_slot *slot = calloc(cap, sizeof *slot);
	if (!slot)
		abort();
	for (size_t i = 0; i < p->cap; i++)
		if (p->slot[i].def)
			*slot_of(slot, cap, p->slot[i].def) = p->slot[i];
	free(p->slot);
	p->slot = slot;
	p->cap = cap;
}

void prepared_put(struct prepared *p, const struct db_stmt_def *def, void *kept)
{
	assert(def && kept);
	if (2 * (p->count + 1) > p->cap)
		grow(p);
	struct prepared_slot *slot = slot_of(p->slot, p->cap, def);
	assert(!slot->def);
	*slot = (struct prepared_slot){ def, kept };
	p->count++;
}

void prepared_clear(struct prepared *p, void (*drop)(void *kept))
{
	for (size_t i = 0; drop && i < p->cap; i++)
		if (p->slot[i].def)
			drop(p->slot[i].kept);
	free(p->slot);
	*p = (struct prepared){ 0 };
}
