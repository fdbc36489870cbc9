-- Through whom an account came, and which third person knows its holder: until one does, both count as one person where two have to
-- agree. Accounts of before came through whoever made the invitation that they were made with.
ALTER TABLE accounts ADD COLUMN invited_by BIGINT; -- null: the operator
ALTER TABLE accounts ADD COLUMN vouched_by BIGINT;
ALTER TABLE accounts ADD COLUMN vouched_ms BIGINT;

UPDATE accounts SET
  invited_by = (SELECT max(i.made_by) FROM invitations i
                  JOIN memberships m ON m.region = i.region AND m.post_id = i.post_id AND m.since_ms = i.used_ms
                 WHERE i.region = accounts.region AND i.used_ms = accounts.created_ms AND m.account_id = accounts.id);
