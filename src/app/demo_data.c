#include "app/demo_data.h"
#include "features/accounts/accounts.h"

const struct demo_village demo_villages[4] = {
	{"31.71.08.1001",  "Johar Baru",   11},
	{ "31.71.08.1002", "Kampung Rawa", 8 },
	{ "31.71.08.1003", "Galur",        7 },
	{ "31.71.08.1004", "Tanah Tinggi", 14},
};

const struct demo_touch demo_touches[] = {
	{"31.71.08.1001",      "31.71.08.1002"    },
	{ "31.71.08.1002",     "31.71.08.1003"    },
	{ "31.71.08.1002",     "31.71.08.1004"    },
	{ "31.71.08.1001",     "31.71.08.1004"    },
	{ "31.71.08.1003",     "31.71.08.1004"    },
	{ "31.71.08.1002.001", "31.71.08.1002.002"},
	{ "31.71.08.1002.002", "31.71.08.1002.003"},
	{ "31.71.08.1002.003", "31.71.08.1002.004"},
	{ "31.71.08.1002.004", "31.71.08.1002.005"},
	{ "31.71.08.1002.005", "31.71.08.1002.006"},
	{ "31.71.08.1002.006", "31.71.08.1002.007"},
	{ "31.71.08.1002.007", "31.71.08.1002.008"},
	{ "31.71.08.1002.001", "31.71.08.1002.008"},
	{ "31.71.08.1002.003", "31.71.08.1002.007"},
	{ "31.71.08.1002.008", "31.71.08.1004.012"},
	{ "31.71.08.1002.001", "31.71.08.1003.006"},
};
const size_t demo_touches_count = COUNT(demo_touches);

const struct demo_post demo_posts[] = {
	{"polres",    "polres",  "Polres Metro Jakarta Pusat",     "31.71",             "",       "+62810000101"},
	{ "110",      "call110", "Call Center 110",                "31.71",             "polres", "110"         },
	{ "polsek",   "polsek",  "Polsek Johar Baru",              "31.71.08",          "polres", "+62810000102"},
	{ "bhabin-1", "bhabin",  "Bhabinkamtibmas Johar Baru",     "31.71.08.1001",     "polsek", "+62810000103"},
	{ "bhabin-2", "bhabin",  "Bhabinkamtibmas Kampung Rawa",   "31.71.08.1002",     "polsek", "+62810000104"},
	{ "bhabin-3", "bhabin",  "Bhabinkamtibmas Galur",          "31.71.08.1003",     "polsek", "+62810000105"},
	{ "bhabin-4", "bhabin",  "Bhabinkamtibmas Tanah Tinggi",   "31.71.08.1004",     "polsek", "+62810000106"},
	{ "rw-07",    "rw",      "Sekretariat RW 07 Kampung Rawa", "31.71.08.1002.007", "polsek", ""            },
	{ "rw-08",    "rw",      "Sekretariat RW 08 Kampung Rawa", "31.71.08.1002.008", "polsek", ""            },
	{ "fkpm",     "fkpm",    "FKPM Kampung Rawa",              "31.71.08.1002",     "",       ""            },
};
const size_t demo_posts_count = COUNT(demo_posts);

/* Invented. The night from 23 to 05 has two officers in turn at Kampung Rawa; Galur has a gap that the roster shows. */
const struct demo_person demo_people[] = {
	{"Sari Wulandari",   "+62810000001", "bhabin-2", ROLE_OFFICER,              18, 12},
	{ "Bima Pratama",    "+62810000002", "bhabin-2", ROLE_OFFICER,              6,  12},
	{ "Laras Hidayat",   "+62810000003", "bhabin-1", ROLE_OFFICER,              0,  24},
	{ "Yoga Setiawan",   "+62810000004", "bhabin-3", ROLE_OFFICER,              5,  18},
	{ "Intan Maharani",  "+62810000005", "bhabin-4", ROLE_OFFICER,              0,  24},
	{ "Dimas Nugroho",   "+62810000006", "polsek",   ROLE_DESK,                 18, 12},
	{ "Ratih Kusuma",    "+62810000007", "polsek",   ROLE_DESK,                 6,  12},
	{ "Agung Wibisono",  "+62810000008", "polsek",   ROLE_COMMAND,              0,  0 },
	{ "Citra Anggraini", "+62810000009", "110",      ROLE_DESK,                 0,  24},
	{ "Bayu Saputra",    "+62810000010", "polres",   ROLE_COMMAND | ROLE_ADMIN, 0,  0 },
	{ "Nadia Permata",   "+62810000011", "polres",   ROLE_PRESS,                0,  0 },
	{ "Hasan Basri",     "+62810000012", "rw-08",    ROLE_HEAD,                 0,  0 },
	{ "Wati Suryani",    "+62810000013", "rw-07",    ROLE_HEAD,                 0,  0 },
	{ "Mulyadi Arifin",  "+62810000014", "fkpm",     ROLE_MEDIATOR,             0,  0 },
};
const size_t demo_people_count = COUNT(demo_people);
