-- Every statement of the feature.

-- stmt accounts_insert exec write
-- in  id int, name text, phone text, lang text, public_key blob, password_salt blob, password_cost int, password_key blob, recovery_key blob
INSERT INTO accounts (region, id, name, phone, lang, public_key, password_salt, password_cost, password_key,
                      recovery_key, created_ms)
VALUES (:region, :id, :name, :phone, :lang, :public_key, :password_salt, :password_cost, :password_key, :recovery_key,
        :now_ms);

-- stmt accounts_get maybe
-- in  id int
-- out id int, name text, phone text, lang text, public_key blob, password_salt blob, password_cost int, password_key blob, recovery_key blob, fresh_recovery_key blob?, fresh_recovery_ms int?, disabled_ms int?
SELECT id, name, phone, lang, public_key, password_salt, password_cost, password_key, recovery_key,
       fresh_recovery_key, fresh_recovery_ms, disabled_ms
  FROM accounts WHERE region = :region AND id = :id;

-- stmt accounts_password_update exec write
-- in  id int, password_salt blob, password_cost int, password_key blob
UPDATE accounts SET password_salt = :password_salt, password_cost = :password_cost, password_key = :password_key
 WHERE region = :region AND id = :id;

-- stmt accounts_recovery_update exec write
-- in  id int, recovery_key blob
UPDATE accounts SET recovery_key = :recovery_key, fresh_recovery_key = NULL, fresh_recovery_ms = NULL
 WHERE region = :region AND id = :id;

-- After a reset: the old key pair is lost.
-- stmt accounts_pair_update exec write
-- in  id int, public_key blob
UPDATE accounts SET public_key = :public_key WHERE region = :region AND id = :id;

-- stmt accounts_lang_update exec write
-- in  id int, lang text
UPDATE accounts SET lang = :lang WHERE region = :region AND id = :id;

-- stmt accounts_name_insert exec write
-- in  lookup blob, account_id int
INSERT INTO sign_in_names (region, lookup, account_id) VALUES (:region, :lookup, :account_id);

-- stmt accounts_name_find maybe
-- in  lookup blob
-- out region text, account_id int
-- any region: what is typed at sign-in names no region; a reference table
SELECT region, account_id FROM sign_in_names WHERE lookup = :lookup;

-- stmt accounts_session_insert exec write
-- in  id int, account_id int, token_hash blob, wrapped_key blob, expires_ms int
INSERT INTO sessions (region, id, account_id, token_hash, wrapped_key, created_ms, seen_ms, expires_ms)
VALUES (:region, :id, :account_id, :token_hash, :wrapped_key, :now_ms, :now_ms, :expires_ms);

-- stmt accounts_session_find maybe
-- in  token_hash blob, secrets_since_ms int
-- out id int, account_id int, wrapped_key blob, expires_ms int, name text, lang text, public_key blob, zone text, demo bool, news int, created_ms int, seen_ms int
SELECT s.id, s.account_id, s.wrapped_key, s.expires_ms, a.name, a.lang, a.public_key, r.zone, r.demo,
       (SELECT count(*) FROM notices n
         WHERE n.region = :region AND n.account_id = s.account_id AND n.id > s.news_seen_id AND (
           n.seen_ms IS NULL OR n.created_ms >= s.created_ms
           OR n.kind NOT IN ('joined', 'roles', 'removed', 'key') AND n.created_ms > :secrets_since_ms)) AS news, s.created_ms, s.seen_ms
  FROM sessions s JOIN accounts a ON a.region = :region AND a.id = s.account_id
  JOIN regions r ON r.region = :region
 WHERE s.region = :region AND s.token_hash = :token_hash AND s.expires_ms > :now_ms AND a.disabled_ms IS NULL;

-- stmt accounts_session_end exec write
-- in  id int
DELETE FROM sessions WHERE region = :region AND id = :id;

-- stmt accounts_sessions_end_others exec write
-- in  account_id int, id int
DELETE FROM sessions WHERE region = :region AND account_id = :account_id AND id <> :id;

-- stmt accounts_session_used exec write
-- in  id int
UPDATE sessions SET seen_ms = :now_ms WHERE region = :region AND id = :id AND seen_ms < :now_ms;

-- stmt accounts_sessions_of many
-- in  account_id int
-- out seen_ms int, expires_ms int
-- limit: the devices of one person
SELECT seen_ms, expires_ms FROM sessions WHERE region = :region AND account_id = :account_id AND expires_ms > :now_ms;

-- The duty that an account is on at a moment.
-- stmt accounts_duty_at maybe
-- in  account_id int, at_ms int
-- out until_ms int
SELECT until_ms FROM duties
 WHERE region = :region AND account_id = :account_id AND ended_ms IS NULL AND from_ms <= :at_ms AND until_ms > :at_ms
 ORDER BY until_ms DESC LIMIT 1;

-- Those that accounts_session_until() says have ended.
-- stmt accounts_sessions_forget exec write
-- in  idle_ms int, session_ms int
-- scan: every quarter of an hour, all that are signed in
DELETE FROM sessions
 WHERE region = :region AND (expires_ms <= :now_ms OR created_ms + :session_ms <= :now_ms
    OR (seen_ms + :idle_ms <= :now_ms AND NOT EXISTS (
        SELECT 1 FROM duties d WHERE d.region = :region AND d.account_id = sessions.account_id AND d.ended_ms IS NULL
           AND d.from_ms <= sessions.seen_ms + :idle_ms AND d.until_ms > :now_ms)));

-- Sessions that a clock which was ahead began, or saw in use, after AFTER_MS: they began at BEGAN_MS, and were last used now.
-- stmt accounts_sessions_put_right exec write
-- in  after_ms int, began_ms int
-- scan: every quarter of an hour, all that are signed in
UPDATE sessions SET created_ms = CASE WHEN created_ms > :after_ms THEN :began_ms ELSE created_ms END,
                    seen_ms = CASE WHEN seen_ms > :after_ms THEN :now_ms ELSE seen_ms END
 WHERE region = :region AND (created_ms > :after_ms OR seen_ms > :after_ms);

-- stmt accounts_memberships many
-- in  account_id int
-- out id int, post_id int, roles int, post_name text, post_kind text, place_id int, parent_id int?
-- limit: the posts of one person
SELECT m.id, m.post_id, m.roles, p.name AS post_name, p.kind AS post_kind, p.place_id, p.parent_id
  FROM memberships m JOIN posts p ON p.region = :region AND p.id = m.post_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND p.closed_ms IS NULL
 ORDER BY p.name;

-- The account's row is the lock: two posts that take the same person in at once queue on it.
-- stmt accounts_lock maybe write
-- only sqlite
-- in  id int
-- out id int
SELECT id FROM accounts WHERE region = :region AND id = :id;

-- stmt accounts_lock maybe write
-- only postgres
-- in  id int
-- out id int
SELECT id FROM accounts WHERE region = :region AND id = :id FOR UPDATE;

-- What an account is at all posts, closed ones too, but for one membership.
-- stmt accounts_roles_beside many
-- in  account_id int, membership_id int
-- out roles int
-- limit: the posts of one person
SELECT roles FROM memberships
 WHERE region = :region AND account_id = :account_id AND id <> :membership_id AND ended_ms IS NULL;

-- stmt accounts_membership_insert exec write
-- in  id int, account_id int, post_id int, roles int
INSERT INTO memberships (region, id, account_id, post_id, roles, since_ms)
VALUES (:region, :id, :account_id, :post_id, :roles, :now_ms);

-- stmt accounts_membership_get maybe
-- in  id int
-- out id int, account_id int, post_id int, roles int, name text
SELECT m.id, m.account_id, m.post_id, m.roles, a.name
  FROM memberships m JOIN accounts a ON a.region = :region AND a.id = m.account_id
 WHERE m.region = :region AND m.id = :id AND m.ended_ms IS NULL;

-- stmt accounts_membership_roles exec write
-- in  id int, roles int
UPDATE memberships SET roles = :roles WHERE region = :region AND id = :id AND ended_ms IS NULL;

-- stmt accounts_membership_end exec write
-- in  id int
UPDATE memberships SET ended_ms = :now_ms WHERE region = :region AND id = :id AND ended_ms IS NULL;

-- stmt accounts_members many
-- in  post_id int
-- out id int, account_id int, roles int, name text, phone text, since_ms int, public_key blob
-- limit: the members of one post
SELECT m.id, m.account_id, m.roles, a.name, a.phone, m.since_ms, a.public_key
  FROM memberships m JOIN accounts a ON a.region = :region AND a.id = m.account_id
 WHERE m.region = :region AND m.post_id = :post_id AND m.ended_ms IS NULL ORDER BY a.name;

-- stmt accounts_invitation_insert exec write
-- in  id int, post_id int?, account_id int?, roles int, name text, lookup blob, public_key blob, made_by int?, expires_ms int
INSERT INTO invitations (region, id, post_id, account_id, roles, name, lookup, public_key, made_by, created_ms, expires_ms)
VALUES (:region, :id, :post_id, :account_id, :roles, :name, :lookup, :public_key, :made_by, :now_ms, :expires_ms);

-- stmt accounts_invitation_find maybe
-- in  lookup blob
-- out id int, post_id int?, account_id int?, roles int, name text, made_by int?, expires_ms int, used_ms int?, ended_ms int?
SELECT id, post_id, account_id, roles, name, made_by, expires_ms, used_ms, ended_ms
  FROM invitations WHERE region = :region AND lookup = :lookup;

-- stmt accounts_invitation_get maybe
-- in  id int
-- out id int, post_id int?, roles int, made_by int?
SELECT id, post_id, roles, made_by FROM invitations
 WHERE region = :region AND id = :id AND used_ms IS NULL AND ended_ms IS NULL AND expires_ms > :now_ms;

-- stmt accounts_invitation_end exec write
-- in  id int
UPDATE invitations SET ended_ms = :now_ms WHERE region = :region AND id = :id AND used_ms IS NULL AND ended_ms IS NULL;

-- The open invitations that somebody made, at whatever post.
-- stmt accounts_invitations_by many
-- in  made_by int
-- out id int, post_id int?
-- limit: what one person made within seven days
SELECT id, post_id FROM invitations
 WHERE region = :region AND made_by = :made_by AND used_ms IS NULL AND ended_ms IS NULL AND expires_ms > :now_ms;

-- stmt accounts_invitation_use maybe write
-- in  id int
-- out created_ms int
UPDATE invitations SET used_ms = :now_ms
 WHERE region = :region AND id = :id AND used_ms IS NULL AND ended_ms IS NULL AND expires_ms > :now_ms
RETURNING created_ms;

-- stmt accounts_invitations_open many
-- in  post_id int
-- out id int, roles int, name text, expires_ms int
-- limit: open invitations of one post
SELECT id, roles, name, expires_ms FROM invitations
 WHERE region = :region AND post_id = :post_id AND used_ms IS NULL AND ended_ms IS NULL AND expires_ms > :now_ms
 ORDER BY id;

-- The post's row is the lock: members who leave at the same moment queue on it.
-- stmt accounts_post_lock maybe write
-- only sqlite
-- in  id int
-- out id int
SELECT id FROM posts WHERE region = :region AND id = :id;

-- stmt accounts_post_lock maybe write
-- only postgres
-- in  id int
-- out id int
SELECT id FROM posts WHERE region = :region AND id = :id FOR UPDATE;

-- stmt accounts_post maybe
-- in  id int
-- out name text, kind text, place_id int, parent_id int?
SELECT name, kind, place_id, parent_id FROM posts WHERE region = :region AND id = :id;

-- stmt accounts_notice_insert exec write
-- in  id int, account_id int, kind text, post_id int?, roles int, by_id int?
INSERT INTO notices (region, id, account_id, kind, post_id, roles, by_id, created_ms)
VALUES (:region, :id, :account_id, :kind, :post_id, :roles, :by_id, :now_ms);

-- What a session is told, as accounts_session_find counts it: what nobody of the account has seen, what happened since the session began
-- and it has not said itself that it has seen, and in every session what happened to its secrets since a moment.
-- stmt accounts_notices many
-- in  account_id int, session_id int, secrets_since_ms int
-- out id int, kind text, post_name text, roles int, by_id int?, by_name text, created_ms int
-- limit: 50
SELECT n.id, n.kind, coalesce(p.name, '') AS post_name, n.roles, n.by_id, coalesce(b.name, '') AS by_name, n.created_ms
  FROM notices n LEFT JOIN posts p ON p.region = :region AND p.id = n.post_id
  LEFT JOIN accounts b ON b.region = :region AND b.id = n.by_id
  JOIN sessions s ON s.region = :region AND s.id = :session_id
 WHERE n.region = :region AND n.account_id = :account_id AND n.id > s.news_seen_id AND (
           n.seen_ms IS NULL OR n.created_ms >= s.created_ms
           OR n.kind NOT IN ('joined', 'roles', 'removed', 'key') AND n.created_ms > :secrets_since_ms)
 ORDER BY n.id DESC LIMIT 50;

-- Up to the newest that the page showed: what happened since is still to be seen.
-- stmt accounts_session_news_seen exec write
-- in  id int, last int
UPDATE sessions SET news_seen_id = :last WHERE region = :region AND id = :id AND news_seen_id < :last;

-- stmt accounts_notices_seen exec write
-- in  account_id int, last int
UPDATE notices SET seen_ms = :now_ms
 WHERE region = :region AND account_id = :account_id AND seen_ms IS NULL AND id <= :last;

-- stmt accounts_notices_forget exec write
-- in  before_ms int
-- scan: once a day
DELETE FROM notices WHERE region = :region AND seen_ms < :before_ms;

-- stmt accounts_recovery_fresh exec write
-- in  id int, recovery_key blob, from_ms int
UPDATE accounts SET fresh_recovery_key = :recovery_key, fresh_recovery_ms = :from_ms
 WHERE region = :region AND id = :id;

-- stmt accounts_recovery_cancel exec write
-- in  id int
UPDATE accounts SET fresh_recovery_key = NULL, fresh_recovery_ms = NULL
 WHERE region = :region AND id = :id;

-- stmt accounts_came_from exec write
-- in  id int, invited_by int?
UPDATE accounts SET invited_by = :invited_by WHERE region = :region AND id = :id;

-- stmt accounts_lineage maybe
-- in  id int
-- out invited_by int?, vouched_by int?
SELECT invited_by, vouched_by FROM accounts WHERE region = :region AND id = :id;

-- stmt accounts_vouch_update exec write
-- in  id int, vouched_by int
UPDATE accounts SET vouched_by = :vouched_by, vouched_ms = :now_ms
 WHERE region = :region AND id = :id AND vouched_by IS NULL;
