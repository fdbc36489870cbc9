#include "http/negotiate.h"

enum { Q_FULL = 1000 };

/* Cuts the next element out of a list: its NAME, and its weight in thousandths. */
static bool next(struct str *list, struct str *name, int *weight)
{
	struct str one, rest, piece;
	if (!str_cut(list, ',', &one))
		return false;
	rest = one;
	*name = S("");
	*weight = Q_FULL;
	if (str_cut(&rest, ';', &piece))
		*name = str_trim(piece);
	while (str_cut(&rest, ';', &piece)) {
		double q;
		piece = str_trim(piece);
		if (str_starts(piece, S("q=")) && str_to_f64((struct str){ piece.p + 2, piece.n - 2 }, &q))
			*weight = q <= 0 ? 0 : q >= 1 ? Q_FULL : (int)(q * Q_FULL);
	}
	return true;
}

bool negotiate_json(struct str accept)
{
	struct str name;
	int weight, json = 0, html = 0;
	while (next(&accept, &name, &weight)) {
		if (str_is(name, "application/json"))
			json = weight;
		else if (str_is(name, "text/html"))
			html = weight;
	}
	return json > html;
}

bool negotiate_gzip(struct str encodings)
{
	struct str name;
	int weight;
	while (next(&encodings, &name, &weight))
		if (str_is(name, "gzip"))
			return weight > 0;
	return false;
}

enum lang negotiate_lang(struct str languages)
{
	struct str name;
	int weight, best = 0;
	enum lang lang = LANG_ID;
	while (next(&languages, &name, &weight)) {
		struct str rest = name, first = S("");
		if (!str_cut(&rest, '-', &first) || weight <= best)
			continue;
		bool english = str_is(first, "en");
		if (!english && !str_is(first, "id") && !str_is(first, "ms"))
			continue;
		lang = english ? LANG_EN : LANG_ID;
		best = weight;
	}
	return lang;
}
