-- What the first page shows.

-- Cases of a person's posts that are not closed, once for each of their alerts (which of these needs somebody most is cheaper
-- found by who reads the rows), in the order of the board, so that what the limit cuts off is what can wait longest. alert_rank:
-- lowest, nobody has taken it; highest, it has ended.
-- stmt board_rows many
-- in  account_id int, roles int, rows_max int
-- out id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?
-- out owner_name text?, opened_ms int, alert_id int?, alert_state text?, alert_rank int, next_ms int?, offered_to int?, reports int
SELECT c.id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, c.level, c.reason, c.state, c.owner_id,
       o.name AS owner_name, c.opened_ms, a.id AS alert_id, a.state AS alert_state,
       CASE WHEN a.ended_ms IS NOT NULL THEN 2 WHEN a.owner_id IS NOT NULL THEN 1 ELSE 0 END AS alert_rank,
       a.next_ms, a.offered_to,
       (SELECT count(*) FROM reports r WHERE r.region = :region AND r.case_id = c.id) AS reports
  FROM cases c
  JOIN places p ON p.region = :region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = :region AND o.id = c.owner_id
  LEFT JOIN alerts a ON a.region = :region AND a.case_id = c.id
 WHERE c.region = :region AND c.state IN ('open', 'closing') AND c.id IN (
       SELECT cp.case_id FROM case_posts cp JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id
        WHERE cp.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0)
 ORDER BY CASE WHEN c.owner_id = :account_id THEN 0
               WHEN c.level <> 'potensi' AND a.ended_ms IS NULL AND a.id IS NOT NULL AND a.owner_id IS NULL THEN 1
               WHEN a.next_ms < :now_ms THEN 2 ELSE 3 END,
          CASE c.level WHEN 'nyata' THEN 0 WHEN 'ambang' THEN 1 ELSE 2 END,
          coalesce(a.next_ms, 9000000000000), c.opened_ms, c.id LIMIT :rows_max;

-- The same of one case, for those who have it open.
-- stmt board_row many
-- in  id int
-- out id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?, owner_name text?, opened_ms int, alert_id int?, alert_state text?, alert_rank int, next_ms int?, offered_to int?, reports int
SELECT c.id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, c.level, c.reason, c.state, c.owner_id,
       o.name AS owner_name, c.opened_ms, a.id AS alert_id, a.state AS alert_state,
       CASE WHEN a.ended_ms IS NOT NULL THEN 2 WHEN a.owner_id IS NOT NULL THEN 1 ELSE 0 END AS alert_rank,
       a.next_ms, a.offered_to,
       (SELECT count(*) FROM reports r WHERE r.region = :region AND r.case_id = c.id) AS reports
  FROM cases c
  JOIN places p ON p.region = :region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = :region AND o.id = c.owner_id
  LEFT JOIN alerts a ON a.region = :region AND a.case_id = c.id
 WHERE c.region = :region AND c.id = :id LIMIT 600;

-- The posts of a person whose session lives, and whether the person is on duty there now; without rows it has ended, or the person
-- belongs nowhere any more.
-- stmt board_viewer_posts many
-- in  session_id int, account_id int
-- out post_id int, roles int, on_duty bool
-- limit: the posts of one person
SELECT m.post_id, m.roles, EXISTS (
       SELECT 1 FROM duties d WHERE d.region = :region AND d.post_id = m.post_id AND d.account_id = m.account_id
          AND d.ended_ms IS NULL AND d.from_ms <= :now_ms AND d.until_ms > :now_ms) AS on_duty
  FROM sessions s
  JOIN accounts a ON a.region = :region AND a.id = s.account_id AND a.disabled_ms IS NULL
  JOIN memberships m ON m.region = :region AND m.account_id = s.account_id AND m.ended_ms IS NULL
  JOIN posts p ON p.region = :region AND p.id = m.post_id AND p.closed_ms IS NULL
 WHERE s.region = :region AND s.id = :session_id AND s.account_id = :account_id AND s.expires_ms > :now_ms
 ORDER BY p.name, p.id;

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

-- Places under watch that a person's posts cover, through the cases they took part in.
-- stmt board_watches many
-- in  account_id int
-- out place_name text, parent_name text?, until_ms int
SELECT p.name AS place_name, pp.name AS parent_name, max(w.until_ms) AS until_ms
  FROM memberships m
  JOIN case_posts cp ON cp.region = :region AND cp.post_id = m.post_id
  JOIN case_watches w ON w.region = :region AND w.case_id = cp.case_id AND w.until_ms > :now_ms
  JOIN places p ON p.region = :region AND p.id = w.place_id
  LEFT JOIN places pp ON pp.region = :region AND pp.id = p.parent_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL
 GROUP BY p.id, p.name, pp.name ORDER BY until_ms DESC, p.name LIMIT 50;
