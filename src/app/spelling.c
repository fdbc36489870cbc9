#include "app/spelling.h"

enum { LETTERS_MAX = 60 };

static char letter(struct str s, size_t i)
{
	char ch = s.p[i];
	return ch == '_' ? '-' : ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t spelling_distance(struct str a, struct str b)
{
	size_t row[LETTERS_MAX + 1][LETTERS_MAX + 1];
	if (a.n > LETTERS_MAX || b.n > LETTERS_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i <= a.n; i++)
		for (size_t k = 0; k <= b.n; k++) {
			if (i == 0 || k == 0) {
				row[i][k] = i + k;
				continue;
			}
			bool same = letter(a, i - 1) == letter(b, k - 1);
			row[i][k] = least(least(row[i - 1][k], row[i][k - 1]) + 1, row[i - 1][k - 1] + !same);
			if (i > 1 && k > 1 && letter(a, i - 1) == letter(b, k - 2) &&
				letter(a, i - 2) == letter(b, k - 1))
				row[i][k] = least(row[i][k], row[i - 2][k - 2] + 1);
		}
	return row[a.n][b.n];
}

bool spelling_near(struct str a, struct str b)
{
	size_t d = spelling_distance(a, b);
	return d <= 2 && d * 2 < b.n;
}
