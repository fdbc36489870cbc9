-- Every statement of the feature.

-- stmt posts_get maybe
-- in  id int
-- out id int, kind text, name text, place_id int, parent_id int?, phone text
SELECT id, kind, name, place_id, parent_id, phone FROM posts WHERE region = :region AND id = :id;

-- stmt posts_insert exec write
-- in  id int, kind text, name text, place_id int, parent_id int?, phone text
INSERT INTO posts (region, id, kind, name, place_id, parent_id, phone, created_ms)
VALUES (:region, :id, :kind, :name, :place_id, :parent_id, :phone, :now_ms);

-- stmt posts_phone_update exec write
-- in  id int, phone text
UPDATE posts SET phone = :phone WHERE region = :region AND id = :id;

-- The posts of a place and of all above it, from the nearest on.
-- stmt posts_upward many
-- in  place_id int
-- out id int, kind text, name text, place_id int, parent_id int?, phone text
-- limit: the posts of six places
WITH RECURSIVE up (id, parent_id, depth) AS (
  SELECT id, parent_id, CAST(0 AS BIGINT) FROM places WHERE region = :region AND id = :place_id
  UNION ALL
  SELECT p.id, p.parent_id, up.depth + 1
    FROM up JOIN places p ON p.region = :region AND p.id = up.parent_id
   WHERE up.depth < 6)
SELECT p.id, p.kind, p.name, p.place_id, p.parent_id, p.phone
  FROM up JOIN posts p ON p.region = :region AND p.place_id = up.id AND p.closed_ms IS NULL
 ORDER BY up.depth, p.name;

-- Posts of the RW inside a village.
-- stmt posts_below many
-- in  place_id int
-- out id int, kind text, name text, place_id int, parent_id int?, phone text
-- limit: the RW posts of one village
SELECT p.id, p.kind, p.name, p.place_id, p.parent_id, p.phone
  FROM places c JOIN posts p ON p.region = :region AND p.place_id = c.id
 WHERE c.region = :region AND c.parent_id = :place_id AND c.level = 'rw' AND p.closed_ms IS NULL ORDER BY p.name;

-- stmt posts_all many
-- out id int, kind text, name text, place_id int, parent_id int?, phone text
-- scan: the posts of a region
-- limit: a large city has some thousand, one for each RW; none is left out
SELECT id, kind, name, place_id, parent_id, phone FROM posts
 WHERE region = :region AND closed_ms IS NULL ORDER BY name;

-- stmt posts_duty_of maybe
-- in  post_id int, account_id int
-- out until_ms int
SELECT d.until_ms FROM duties d
 WHERE d.region = :region AND d.post_id = :post_id AND d.account_id = :account_id AND d.ended_ms IS NULL
   AND d.from_ms <= :now_ms AND d.until_ms > :now_ms
   AND EXISTS (SELECT 1 FROM memberships m WHERE m.region = :region AND m.post_id = d.post_id
                  AND m.account_id = d.account_id AND m.ended_ms IS NULL)
 ORDER BY d.until_ms DESC LIMIT 1;

-- stmt posts_duties many
-- in  post_id int, from_ms int, until_ms int
-- out id int, account_id int, name text, from_ms int, until_ms int
-- limit: one post's duties in a few weeks
SELECT d.id, d.account_id, a.name, d.from_ms, d.until_ms
  FROM duties d JOIN accounts a ON a.region = :region AND a.id = d.account_id
 WHERE d.region = :region AND d.post_id = :post_id AND d.ended_ms IS NULL AND d.until_ms > :from_ms
   AND d.from_ms < :until_ms
   AND EXISTS (SELECT 1 FROM memberships m WHERE m.region = :region AND m.post_id = d.post_id
                  AND m.account_id = d.account_id AND m.ended_ms IS NULL)
 ORDER BY d.from_ms, a.name;

-- A member's duties at a post that share a moment with the span.
-- stmt posts_duties_over many
-- in  post_id int, account_id int, from_ms int, until_ms int
-- out id int, from_ms int, until_ms int
-- limit: one member's duties in a few days, which do not overlap
SELECT id, from_ms, until_ms FROM duties
 WHERE region = :region AND post_id = :post_id AND account_id = :account_id AND ended_ms IS NULL
   AND from_ms < :until_ms AND until_ms > :from_ms ORDER BY from_ms;

-- stmt posts_duty_last one
-- in  post_id int, account_id int
-- out from_ms int
SELECT coalesce(max(from_ms), 0) AS from_ms FROM duties
 WHERE region = :region AND account_id = :account_id AND post_id = :post_id;

-- stmt posts_duty_get maybe
-- in  id int
-- out id int, post_id int, account_id int, from_ms int, until_ms int
SELECT id, post_id, account_id, from_ms, until_ms FROM duties
 WHERE region = :region AND id = :id AND ended_ms IS NULL;

-- stmt posts_duty_insert exec write
-- in  id int, post_id int, account_id int, from_ms int, until_ms int
INSERT INTO duties (region, id, post_id, account_id, from_ms, until_ms, created_ms)
VALUES (:region, :id, :post_id, :account_id, :from_ms, :until_ms, :now_ms);

-- stmt posts_duty_end exec write
-- in  id int
UPDATE duties SET ended_ms = :now_ms WHERE region = :region AND id = :id AND ended_ms IS NULL;

-- stmt posts_duties_end_of exec write
-- in  post_id int, account_id int
UPDATE duties SET ended_ms = :now_ms
 WHERE region = :region AND post_id = :post_id AND account_id = :account_id AND ended_ms IS NULL AND until_ms > :now_ms;

-- stmt posts_duty_pass exec write
-- in  id int, account_id int, from_ms int, until_ms int
UPDATE duties SET account_id = :account_id, from_ms = :from_ms, until_ms = :until_ms
 WHERE region = :region AND id = :id AND ended_ms IS NULL;

-- stmt posts_swap_insert exec write
-- in  id int, duty_id int, to_account_id int
INSERT INTO duty_swaps (region, id, duty_id, to_account_id, asked_ms) VALUES (:region, :id, :duty_id, :to_account_id, :now_ms);

-- stmt posts_swap_get maybe
-- in  id int
-- out duty_id int, to_account_id int
SELECT duty_id, to_account_id FROM duty_swaps WHERE region = :region AND id = :id;

-- stmt posts_swap_answer maybe write
-- in  id int, accepted bool
-- out id int
UPDATE duty_swaps SET answered_ms = :now_ms, accepted = :accepted
 WHERE region = :region AND id = :id AND answered_ms IS NULL
RETURNING id;

-- What else was asked about a duty that somebody took, or gave up, is answered with it.
-- stmt posts_swaps_close exec write
-- in  duty_id int
UPDATE duty_swaps SET answered_ms = :now_ms WHERE region = :region AND duty_id = :duty_id AND answered_ms IS NULL;

-- What somebody who leaves a post asked others there.
-- stmt posts_swaps_close_from exec write
-- in  post_id int, account_id int
UPDATE duty_swaps SET answered_ms = :now_ms
 WHERE region = :region AND answered_ms IS NULL
   AND duty_id IN (SELECT id FROM duties
                    WHERE region = :region AND post_id = :post_id AND account_id = :account_id AND until_ms > :now_ms);

-- What they were asked there.
-- stmt posts_swaps_close_to exec write
-- in  post_id int, account_id int
UPDATE duty_swaps SET answered_ms = :now_ms
 WHERE region = :region AND to_account_id = :account_id AND answered_ms IS NULL
   AND duty_id IN (SELECT id FROM duties WHERE region = :region AND post_id = :post_id AND until_ms > :now_ms);

-- Swaps somebody is asked for that still make sense.
-- stmt posts_swaps_for many
-- in  account_id int
-- out id int, duty_id int, post_id int, post_name text, name text, from_ms int, until_ms int
-- limit: open questions to one person
SELECT s.id, s.duty_id, d.post_id, p.name AS post_name, a.name, d.from_ms, d.until_ms
  FROM duty_swaps s
  JOIN duties d ON d.region = :region AND d.id = s.duty_id
  JOIN posts p ON p.region = :region AND p.id = d.post_id
  JOIN accounts a ON a.region = :region AND a.id = d.account_id
 WHERE s.region = :region AND s.to_account_id = :account_id AND s.answered_ms IS NULL AND d.ended_ms IS NULL
   AND d.until_ms > :now_ms ORDER BY d.from_ms;
