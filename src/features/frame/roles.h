/* roles.h - what somebody is at a post. */
#ifndef ADEM_FRAME_ROLES_H
#define ADEM_FRAME_ROLES_H

/* Held per post; c->roles is all of them together. */
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
	/* who may invite and remove at their own post */
	ROLES_KEEPER = ROLE_HEAD | ROLE_MEDIATOR | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND | ROLE_ADMIN,
};
#endif
