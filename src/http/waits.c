#include "http/waits.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/hasher.h"
#include "vault/hash.h"
#include <sys/socket.h>

static const int64_t PATIENCE_MS = 15 * SECOND_MS;

static struct slow_work *work_of(struct exchange *x)
{
	return &x->slow->work[x->slow->count - 1];
}

static void give_up(struct exchange *x)
{
	work_of(x)->done = true;
	work_of(x)->failed = true;
	x->slow->wanted = false;
}

bool waits_add(struct waits *w, struct exchange *x, int64_t now_ms)
{
	assert(x->slow->wanted && x->slow->count > 0);
	struct hasher_packet p = { .number = ++w->numbers, .work = *work_of(x) };
	bool room = w->count < w->max && !w->ending && w->fd >= 0;
	bool sent = room && send(w->fd, &p, sizeof p, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof p;
	vault_wipe(&p, sizeof p);
	if (!sent) {
		give_up(x);
		return false;
	}
	x->slow_number = w->numbers;
	x->slow_until_ms = now_ms + PATIENCE_MS;
	x->slow->wanted = false;
	x->next = w->first;
	w->first = x;
	w->count++;
	MHD_suspend_connection(x->connection);
	return true;
}

void waits_remove(struct waits *w, struct exchange *x)
{
	for (struct exchange **at = &w->first; *at; at = &(*at)->next) {
		if (*at != x)
			continue;
		*at = x->next;
		x->next = NULL;
		w->count--;
		return;
	}
}

static void wake(struct waits *w, struct exchange *x)
{
	waits_remove(w, x);
	MHD_resume_connection(x->connection);
}

void waits_take(struct waits *w)
{
	struct hasher_packet p;
	while (recv(w->fd, &p, sizeof p, MSG_DONTWAIT) == (ssize_t)sizeof p) {
		struct exchange *x = w->first;
		while (x && x->slow_number != p.number)
			x = x->next;
		if (x) {
			memcpy(work_of(x)->key, p.work.key, sizeof p.work.key);
			work_of(x)->failed = p.work.failed;
			work_of(x)->done = true;
			wake(w, x);
		}
		vault_wipe(&p, sizeof p);
	}
}

void waits_expire(struct waits *w, int64_t now_ms)
{
	struct exchange *next;
	for (struct exchange *x = w->first; x; x = next) {
		next = x->next;
		if (x->slow_until_ms > now_ms && !w->ending)
			continue;
		log_warn("hasher_silent", "");
		give_up(x);
		wake(w, x);
	}
}
