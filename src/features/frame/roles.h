/* roles.h - what somebody is at a post. */
#ifndef ADEM_FRAME_ROLES_H
#define ADEM_FRAME_ROLES_H

/* Held per post. c->roles is all of them together: good for what a page offers, never for what is allowed at one post. */
enum role {
	ROLE_RESIDENT = 1,
	ROLE_HEAD = 2, /* of an RT or RW */
	ROLE_FIGURE = 4,
	ROLE_MEDIATOR = 8,
	ROLE_OFFICER = 16, /* Bhabinkamtibmas */
	ROLE_DESK = 32,    /* duty desk, 110 operator */
	ROLE_COMMAND = 64, /* Kapolsek, Kapolres */
	ROLE_PRESS = 128,
	ROLE_ADMIN = 256,
	/* who holds the key of the post and reads what is sealed to it */
	ROLES_READER = ROLE_HEAD | ROLE_MEDIATOR | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND,
	/* who answers alerts and works on cases */
	ROLES_ANSWER = ROLE_HEAD | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND,
	/* what no mediator is at any post */
	ROLES_POLICE = ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND | ROLE_PRESS | ROLE_ADMIN,
	/* who keeps the roster and the number of their own post; who gives which role is in accounts_grants.h */
	ROLES_KEEPER = ROLE_HEAD | ROLE_MEDIATOR | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND | ROLE_ADMIN,
};
#endif
