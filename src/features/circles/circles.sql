-- Every statement of the feature.

-- stmt circles_insert exec write
-- in  id int, post_id int, generation int, public_key blob
INSERT INTO circles (region, id, post_id, generation, public_key, created_ms)
VALUES (:region, :id, :post_id, :generation, :public_key, :now_ms);

-- stmt circles_newest maybe
-- in  post_id int
-- out id int, generation int, public_key blob
SELECT id, generation, public_key FROM circles
 WHERE region = :region AND post_id = :post_id ORDER BY generation DESC LIMIT 1;

-- The newest of each of the posts POST_IDS, separated by commas; a post without members has none.
-- stmt circles_newest_of many
-- only sqlite
-- in  post_ids text
-- out id int, public_key blob
-- limit: one for each post
WITH RECURSIVE asked (id, rest) AS (
  SELECT 0, :post_ids || ','
  UNION ALL
  SELECT CAST(substr(rest, 1, instr(rest, ',') - 1) AS INTEGER), substr(rest, instr(rest, ',') + 1) FROM asked WHERE rest <> '')
SELECT c.id, c.public_key FROM circles c
 WHERE c.region = :region AND c.post_id IN (SELECT id FROM asked)
   AND NOT EXISTS (SELECT 1 FROM circles n WHERE n.region = :region AND n.post_id = c.post_id AND n.generation > c.generation)
 ORDER BY c.id;

-- stmt circles_newest_of many
-- only postgres
-- in  post_ids text
-- out id int, public_key blob
-- limit: one for each post
SELECT c.id, c.public_key FROM circles c
 WHERE c.region = :region AND c.post_id = ANY (string_to_array(:post_ids, ',')::bigint[])
   AND NOT EXISTS (SELECT 1 FROM circles n WHERE n.region = :region AND n.post_id = c.post_id AND n.generation > c.generation)
 ORDER BY c.id;

-- stmt circles_of_post many
-- in  post_id int
-- out id int, generation int, public_key blob
-- limit: one generation for each member that ever left, here or above
SELECT id, generation, public_key FROM circles
 WHERE region = :region AND post_id = :post_id ORDER BY generation;

-- stmt circles_key_put exec write
-- in  circle_id int, holder text, holder_id int, sealed_key blob
INSERT INTO circle_keys (region, circle_id, holder, holder_id, sealed_key, created_ms)
VALUES (:region, :circle_id, :holder, :holder_id, :sealed_key, :now_ms)
ON CONFLICT (region, circle_id, holder, holder_id) DO UPDATE SET sealed_key = excluded.sealed_key;

-- stmt circles_key_get maybe
-- in  circle_id int, holder text, holder_id int
-- out sealed_key blob
SELECT sealed_key FROM circle_keys
 WHERE region = :region AND circle_id = :circle_id AND holder = :holder AND holder_id = :holder_id;

-- stmt circles_keys_of many
-- in  holder text, holder_id int
-- out circle_id int, sealed_key blob, public_key blob
-- limit: the circles of one holder
SELECT k.circle_id, k.sealed_key, c.public_key
  FROM circle_keys k JOIN circles c ON c.region = :region AND c.id = k.circle_id
 WHERE k.region = :region AND k.holder = :holder AND k.holder_id = :holder_id;

-- stmt circles_keys_forget exec write
-- in  holder text, holder_id int
DELETE FROM circle_keys WHERE region = :region AND holder = :holder AND holder_id = :holder_id;

-- Keys that lie sealed to invitations nobody can use any more.
-- stmt circles_invitation_keys_sweep exec write
DELETE FROM circle_keys
 WHERE region = :region AND holder = 'invitation' AND NOT EXISTS (
   SELECT 1 FROM invitations i
    WHERE i.region = :region AND i.id = circle_keys.holder_id AND i.used_ms IS NULL AND i.ended_ms IS NULL
      AND i.expires_ms > :now_ms);

-- stmt circles_key_forget exec write
-- in  post_id int, holder text, holder_id int
DELETE FROM circle_keys WHERE region = :region AND holder = :holder AND holder_id = :holder_id
   AND circle_id IN (SELECT id FROM circles WHERE region = :region AND post_id = :post_id);

-- The members who read here and hold some generation of the post's circle, with the key to seal to.
-- stmt circles_readers many
-- in  post_id int, roles int
-- out account_id int, public_key blob
-- limit: the members of one post
SELECT a.id AS account_id, a.public_key
  FROM memberships m
  JOIN accounts a ON a.region = :region AND a.id = m.account_id
 WHERE m.region = :region AND m.post_id = :post_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
   AND EXISTS (
     SELECT 1 FROM circles c
       JOIN circle_keys k ON k.region = :region AND k.circle_id = c.id
      WHERE c.region = :region AND c.post_id = :post_id AND k.holder = 'account' AND k.holder_id = m.account_id);

-- stmt circles_children many
-- in  post_id int
-- out id int
-- limit: the posts below one
SELECT id FROM posts WHERE region = :region AND parent_id = :post_id AND closed_ms IS NULL ORDER BY id;

-- Posts with members who may read, none of whom holds the newest key.
-- stmt circles_without_holder many
-- in  roles int
-- out id int, name text
-- scan: adem check reads everything
SELECT p.id, p.name FROM posts p
 WHERE p.region = :region AND p.closed_ms IS NULL
   AND EXISTS (SELECT 1 FROM memberships m
                WHERE m.region = :region AND m.post_id = p.id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0)
   AND NOT EXISTS (
     SELECT 1 FROM circles c
       JOIN circle_keys k ON k.region = :region AND k.circle_id = c.id AND k.holder = 'account'
       JOIN memberships m ON m.region = :region AND m.post_id = p.id AND m.account_id = k.holder_id
                         AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
      WHERE c.region = :region AND c.post_id = p.id
        AND c.generation = (SELECT max(n.generation) FROM circles n WHERE n.region = :region AND n.post_id = p.id))
 ORDER BY p.name LIMIT 1000;

-- stmt circles_parent maybe
-- in  post_id int
-- out parent_id int?
SELECT parent_id FROM posts WHERE region = :region AND id = :post_id;

-- stmt circles_box_insert exec write
-- in  id int, subject text, subject_id int, field text, ciphertext blob
INSERT INTO boxes (region, id, subject, subject_id, field, ciphertext, created_ms)
VALUES (:region, :id, :subject, :subject_id, :field, :ciphertext, :now_ms);

-- stmt circles_box_get maybe
-- in  subject text, subject_id int, field text
-- out id int, ciphertext blob
SELECT id, ciphertext FROM boxes
 WHERE region = :region AND subject = :subject AND subject_id = :subject_id AND field = :field;

-- stmt circles_box_key_put exec write
-- in  subject text, subject_id int, reader text, reader_id int, sealed_key blob
INSERT INTO box_keys (region, subject, subject_id, reader, reader_id, sealed_key)
VALUES (:region, :subject, :subject_id, :reader, :reader_id, :sealed_key)
ON CONFLICT (region, subject, subject_id, reader, reader_id) DO NOTHING;

-- stmt circles_box_key_get maybe
-- in  subject text, subject_id int, reader text, reader_id int
-- out sealed_key blob
SELECT sealed_key FROM box_keys
 WHERE region = :region AND subject = :subject AND subject_id = :subject_id AND reader = :reader AND reader_id = :reader_id;

-- The keys of a box that an account can use: through the circles it holds.
-- stmt circles_box_ways many
-- in  subject text, subject_id int, account_id int
-- out circle_id int, sealed_key blob, circle_key blob, public_key blob
-- limit: the circles that one row is sealed to
SELECT b.reader_id AS circle_id, b.sealed_key, k.sealed_key AS circle_key, c.public_key
  FROM box_keys b
  JOIN circle_keys k ON k.region = :region AND k.circle_id = b.reader_id AND k.holder = 'account'
  JOIN circles c ON c.region = :region AND c.id = b.reader_id
 WHERE b.region = :region AND b.subject = :subject AND b.subject_id = :subject_id AND b.reader = 'circle'
   AND k.holder_id = :account_id;

-- stmt circles_boxes_empty exec write
-- in  subject text, subject_id int, nothing blob
UPDATE boxes SET ciphertext = :nothing WHERE region = :region AND subject = :subject AND subject_id = :subject_id;

-- stmt circles_box_keys_forget exec write
-- in  subject text, subject_id int
DELETE FROM box_keys WHERE region = :region AND subject = :subject AND subject_id = :subject_id;

-- Boxes in the order of their ids, so many at once: how many of them are not withdrawn and cannot be opened by any member through any
-- circle. The circles that some member holds are few, and found once a statement; a box asks for one key to one of them. How many is a
-- constant: PostgreSQL takes a number that it does not know for a tenth of all, and may sort these for each statement.
-- stmt circles_boxes_unreadable one
-- in  after_id int
-- out n int, unreadable int, last_id int?
SELECT count(*) AS n,
       count(CASE WHEN b.bytes > 0 AND NOT EXISTS (
         SELECT 1 FROM box_keys k
          WHERE k.region = :region AND k.subject = b.subject AND k.subject_id = b.subject_id AND k.reader = 'circle'
            AND k.reader_id IN (
                SELECT h.circle_id FROM circle_keys h
                  JOIN memberships m ON m.region = :region AND m.account_id = h.holder_id AND m.ended_ms IS NULL
                 WHERE h.region = :region AND h.holder = 'account')) THEN 1 END) AS unreadable,
       max(b.id) AS last_id
  FROM (SELECT id, subject, subject_id, length(ciphertext) AS bytes FROM boxes
         WHERE region = :region AND id > :after_id ORDER BY id LIMIT 20000) AS b;
