-- What the first page shows.

-- What a person's posts see of the cases that are not closed, once for each of these posts, in the order of the board, so that what
-- the limit cuts off is what can wait longest. Everything the order needs stands in case_posts, whose open rows have an index.
-- stmt board_rows many
-- in  account_id int, roles int, rows_max int
-- out id int, post_id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?
-- out owner_name text?, from_ms int, alert_id int?, alert_state text?, next_ms int?, late_ms int?, unread_ms int?, offered_to int?, offered_name text?, reports int, raised_ms int?
SELECT s.case_id AS id, s.post_id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, s.level, s.reason, s.state,
       s.owner_id, o.name AS owner_name, s.from_ms, s.alert_id, s.alert_state, s.next_ms, s.late_ms, s.unread_ms,
       a.offered_to, op.name AS offered_name, s.reports, a.raised_ms
  FROM (SELECT cp.*, CASE WHEN cp.level <> 'potensi' AND (cp.alert_state IN ('ringing', 'seen')
                               OR cp.alert_state IN ('mine', 'on_the_way', 'there') AND cp.late_ms IS NOT NULL) THEN 1
                          WHEN cp.owner_id = :account_id AND cp.alert_state IN ('mine', 'on_the_way', 'there') THEN 2
                          WHEN cp.alert_state IN ('ringing', 'seen')
                               OR cp.alert_state IN ('mine', 'on_the_way', 'there') AND cp.late_ms IS NOT NULL THEN 3
                          WHEN cp.owner_id = :account_id THEN 4
                          WHEN cp.late_ms IS NOT NULL OR cp.next_ms < :now_ms THEN 5 ELSE 6 END AS urgency
          FROM memberships m
          JOIN case_posts cp ON cp.region = :region AND cp.post_id = m.post_id AND cp.open
         WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
         ORDER BY urgency, CASE cp.level WHEN 'nyata' THEN 0 WHEN 'ambang' THEN 1 ELSE 2 END,
                   coalesce(cp.late_ms, cp.next_ms, 9000000000000), cp.from_ms, cp.case_id LIMIT :rows_max) AS s
  JOIN cases c ON c.region = :region AND c.id = s.case_id
  JOIN places p ON p.region = :region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = :region AND o.id = s.owner_id
  LEFT JOIN alerts a ON a.region = :region AND a.id = s.alert_id
  LEFT JOIN posts op ON op.region = :region AND op.id = a.offered_to
 ORDER BY s.urgency, CASE s.level WHEN 'nyata' THEN 0 WHEN 'ambang' THEN 1 ELSE 2 END,
          coalesce(s.late_ms, s.next_ms, 9000000000000), s.from_ms, s.case_id LIMIT :rows_max;

-- What one post sees of a case, for those who have it on an open board.
-- stmt board_row maybe
-- in  id int, post_id int
-- out id int, post_id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?
-- out owner_name text?, from_ms int, alert_id int?, alert_state text?, next_ms int?, late_ms int?, unread_ms int?, offered_to int?, offered_name text?, reports int, raised_ms int?
SELECT s.case_id AS id, s.post_id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, s.level, s.reason, s.state,
       s.owner_id, o.name AS owner_name, s.from_ms, s.alert_id, s.alert_state, s.next_ms, s.late_ms, s.unread_ms,
       a.offered_to, op.name AS offered_name, s.reports, a.raised_ms
  FROM case_posts s
  JOIN cases c ON c.region = :region AND c.id = s.case_id
  JOIN places p ON p.region = :region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = :region AND o.id = s.owner_id
  LEFT JOIN alerts a ON a.region = :region AND a.id = s.alert_id
  LEFT JOIN posts op ON op.region = :region AND op.id = a.offered_to
 WHERE s.region = :region AND s.case_id = :id AND s.post_id = :post_id;

-- The posts of a person whose session is there, and whether the person is on duty there now; without rows it has ended, or the person
-- belongs nowhere any more.
-- stmt board_viewer_posts many
-- in  session_id int, account_id int
-- out post_id int, roles int, on_duty bool, seen_ms int, expires_ms int
-- limit: the posts of one person
SELECT m.post_id, m.roles, EXISTS (
       SELECT 1 FROM duties d WHERE d.region = :region AND d.post_id = m.post_id AND d.account_id = m.account_id
          AND d.ended_ms IS NULL AND d.from_ms <= :now_ms AND d.until_ms > :now_ms) AS on_duty,
       s.seen_ms, s.expires_ms
  FROM sessions s
  JOIN accounts a ON a.region = :region AND a.id = s.account_id AND a.disabled_ms IS NULL
  JOIN memberships m ON m.region = :region AND m.account_id = s.account_id AND m.ended_ms IS NULL
  JOIN posts p ON p.region = :region AND p.id = m.post_id AND p.closed_ms IS NULL
 WHERE s.region = :region AND s.id = :session_id AND s.account_id = :account_id AND s.expires_ms > :now_ms
 ORDER BY p.name, p.id;

-- Who of those who answer is on duty now at the posts where a person answers, and since when nobody is: a row without a name is a
-- post without anybody. What ended longer ago than a month is as good as never.
-- stmt board_duties many
-- in  account_id int, roles int
-- out post_id int, post_name text, kind text, name text?, until_ms int?, since_ms int?
-- limit: the posts of one person, and who is on duty there
SELECT p.id AS post_id, p.name AS post_name, p.kind, a.name, d.until_ms,
       (SELECT max(CASE WHEN l.ended_ms < l.until_ms THEN l.ended_ms ELSE l.until_ms END) FROM duties l
         WHERE l.region = :region AND l.post_id = p.id AND l.until_ms > :now_ms - 2678400000 AND l.from_ms <= :now_ms
           AND (l.ended_ms IS NULL OR l.ended_ms > l.from_ms)) AS since_ms
  FROM memberships m
  JOIN posts p ON p.region = :region AND p.id = m.post_id AND p.closed_ms IS NULL
  LEFT JOIN duties d ON d.region = :region AND d.post_id = p.id AND d.ended_ms IS NULL AND d.from_ms <= :now_ms
       AND d.until_ms > :now_ms AND EXISTS (
           SELECT 1 FROM memberships dm WHERE dm.region = :region AND dm.post_id = d.post_id
              AND dm.account_id = d.account_id AND dm.ended_ms IS NULL AND (dm.roles & :roles) <> 0)
  LEFT JOIN accounts a ON a.region = :region AND a.id = d.account_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
 ORDER BY p.name, p.id, d.from_ms, a.name;

-- The same for one post.
-- stmt board_duty many
-- in  post_id int, roles int
-- out post_id int, post_name text, kind text, name text?, until_ms int?, since_ms int?
-- limit: who is on duty at one post
SELECT p.id AS post_id, p.name AS post_name, p.kind, a.name, d.until_ms,
       (SELECT max(CASE WHEN l.ended_ms < l.until_ms THEN l.ended_ms ELSE l.until_ms END) FROM duties l
         WHERE l.region = :region AND l.post_id = p.id AND l.until_ms > :now_ms - 2678400000 AND l.from_ms <= :now_ms
           AND (l.ended_ms IS NULL OR l.ended_ms > l.from_ms)) AS since_ms
  FROM posts p
  LEFT JOIN duties d ON d.region = :region AND d.post_id = p.id AND d.ended_ms IS NULL AND d.from_ms <= :now_ms
       AND d.until_ms > :now_ms AND EXISTS (
           SELECT 1 FROM memberships dm WHERE dm.region = :region AND dm.post_id = d.post_id
              AND dm.account_id = d.account_id AND dm.ended_ms IS NULL AND (dm.roles & :roles) <> 0)
  LEFT JOIN accounts a ON a.region = :region AND a.id = d.account_id
 WHERE p.region = :region AND p.id = :post_id AND p.closed_ms IS NULL
 ORDER BY d.from_ms, a.name;

-- stmt board_case_of_alert maybe
-- in  id int
-- out case_id int, level text, place_name text, parent_name text?
SELECT a.case_id, a.level, p.name AS place_name, pp.name AS parent_name
  FROM alerts a JOIN places p ON p.region = :region AND p.id = a.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
 WHERE a.region = :region AND a.id = :id;

-- Who is rung at a post: those of its calls that rang last.
-- stmt board_call many
-- in  alert_id int, post_id int
-- out roles int, on_duty bool
-- limit: the roles of one post
SELECT roles, on_duty FROM alert_calls
 WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id
   AND rung_ms = (SELECT max(k.rung_ms) FROM alert_calls k
                   WHERE k.region = :region AND k.alert_id = :alert_id AND k.post_id = :post_id);

-- Places under watch through the cases that a person's posts took part in: read from the watches that run, which are few.
-- stmt board_watches many
-- in  account_id int
-- out place_name text, parent_name text?, until_ms int
SELECT p.name AS place_name, pp.name AS parent_name, max(w.until_ms) AS until_ms
  FROM case_watches w
  JOIN places p ON p.region = :region AND p.id = w.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
 WHERE w.region = :region AND w.until_ms > :now_ms AND EXISTS (
       SELECT 1 FROM case_posts cp
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.account_id = :account_id AND m.ended_ms IS NULL
        WHERE cp.region = :region AND cp.case_id = w.case_id)
 GROUP BY p.id, p.name, pp.name ORDER BY until_ms DESC, p.name LIMIT 50;
