/* demo_data.h - the demo region: real places and codes of Johar Baru, invented people. The neighbourhood lines inside
 * Kampung Rawa are drawn for demonstration; a real region brings its own. */
#ifndef ADEM_APP_DEMO_DATA_H
#define ADEM_APP_DEMO_DATA_H
#include "base/base.h"

struct demo_village {
	const char *code, *name;
	int rw_count;
};
struct demo_touch {
	const char *a, *b; /* codes */
};
struct demo_post {
	const char *key, *kind, *name, *place, *parent, *phone;
};
struct demo_person {
	const char *name, *phone, *post;
	unsigned roles;
	int from_hour, hours; /* daily duty in local time; hours 0: none */
};

extern const struct demo_village demo_villages[4];
extern const struct demo_touch demo_touches[];
extern const size_t demo_touches_count;
extern const struct demo_post demo_posts[];
extern const size_t demo_posts_count;
extern const struct demo_person demo_people[];
extern const size_t demo_people_count;
#endif
