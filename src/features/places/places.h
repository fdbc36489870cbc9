/* places.h - the territory: province 31, city 31.71, district, village (kelurahan), RW, RT. Codes are Kemendagri's,
 * with RW and RT appended as three digits each: 31.71.08.1002.008 is RW 08 of Kampung Rawa. */
#ifndef ADEM_PLACES_H
#define ADEM_PLACES_H
#include "http/http.h"

struct place {
	int64_t id, parent_id; /* parent 0: the root */
	struct str code, level, name;
};

/* How a place is called on screen: "RW 08, Kampung Rawa"; a village alone: "Kampung Rawa". */
MUST_CHECK enum err places_label(struct ctx *c, int64_t id, struct str *label);
/* The labels of COUNT places at once: *LABELS[I] is that of IDS[I]. For lists. */
MUST_CHECK enum err places_labels(struct ctx *c, const int64_t *ids, size_t count, struct str **labels);
/* One place by id, or by code (ERR_NOT_FOUND). */
MUST_CHECK enum err places_by_id(struct ctx *c, int64_t id, struct place *out);
MUST_CHECK enum err places_by_code(struct ctx *c, struct str code, struct place *out);
/* The place itself and everything above it, from the place upward; at most 6. */
MUST_CHECK enum err places_upward(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count);
MUST_CHECK enum err places_children(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count);
/* Places that touch it. */
MUST_CHECK enum err places_touching(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count);
/* All villages of the region with their RW, for the report form: rows in order of village name, then RW number;
 * a village row stands before its RW rows. */
MUST_CHECK enum err places_choices(struct ctx *c, struct place **rows, size_t *rows_count);
/* The region ("31.71") that a code belongs to: its first two parts. False when it has fewer. */
bool places_region_of(struct str code, struct str *region);
/* Finds the region row of c->region: its number in receipts, its name, its zone (WIB, WITA or WIT). */
struct region {
	struct str region, name, zone;
	int64_t number;
	bool demo; /* everybody there is invented */
};
MUST_CHECK enum err places_region(struct ctx *c, struct region *out);
/* Makes what follows be about REGION, by its clock: the only way in which a feature changes c->region. */
void places_set(struct ctx *c, const struct region *r);
/* Back to the region that WAS was about: who looked for a name has not entered where it was found. */
void places_set_as(struct ctx *c, const struct ctx *was);
/* The same for a code, such as c->region where a job or a live page begins; ERR_NOT_FOUND when there is no such region. */
MUST_CHECK enum err places_enter(struct ctx *c, struct str region);
/* Enters the region of a place's code. *FOUND: there is one, which says nothing of the place yet. */
MUST_CHECK enum err places_enter_of(struct ctx *c, struct str code, bool *found);
/* All regions of this database, by name. */
MUST_CHECK enum err places_regions(struct ctx *c, struct region **rows, size_t *rows_count);
/* Region of a receipt's number; ERR_NOT_FOUND. */
MUST_CHECK enum err places_region_by_number(struct ctx *c, int64_t number, struct region *out);

/* Makes c->region and enters it: NUMBER (0–1023) stands in its receipts, ZONE is WIB, WITA or WIT. */
MUST_CHECK enum err places_add_region(struct ctx *c, int64_t number, struct str name, struct str zone);
/* Says of c->region that everybody there is invented. */
MUST_CHECK enum err places_be_demo(struct ctx *c);
/* A place below PARENT_ID (0: the root); LEVEL is province, city, district, village, rw or rt. */
MUST_CHECK enum err places_add(
	struct ctx *c, int64_t parent_id, struct str code, const char *level, struct str name, int64_t *id);
/* The two places touch. */
MUST_CHECK enum err places_touch(struct ctx *c, int64_t a, int64_t b);

enum err places_index_page(struct ctx *c, const struct request *q, struct response *r); /* GET /places */
enum err places_show_page(struct ctx *c, const struct request *q, struct response *r);  /* GET /places/:code */
#endif
