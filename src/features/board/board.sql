-- What the first page shows.

-- Cases of a person's posts that are not closed, each with the alert that needs somebody most.
-- stmt board_rows many
-- in  account_id int, roles int
-- out id int, place_id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?, owner_name text?, opened_ms int, confirm_by_ms int?, alert_id int?, alert_state text?, next_ms int?, raised_ms int?, offered_to int?, reports int
SELECT DISTINCT c.id, c.place_id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, c.level, c.reason,
       c.state, c.owner_id, o.name AS owner_name, c.opened_ms, c.confirm_by_ms, a.id AS alert_id, a.state AS alert_state,
       a.next_ms, a.raised_ms, a.offered_to,
       (SELECT count(*) FROM reports r WHERE r.region = c.region AND r.case_id = c.id) AS reports
  FROM memberships m
  JOIN case_posts cp ON cp.region = m.region AND cp.post_id = m.post_id
  JOIN cases c ON c.region = cp.region AND c.id = cp.case_id
  JOIN places p ON p.region = c.region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = p.region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = c.region AND o.id = c.owner_id
  LEFT JOIN alerts a ON a.region = c.region AND a.id = (
       SELECT x.id FROM alerts x WHERE x.region = c.region AND x.case_id = c.id
        ORDER BY x.ended_ms IS NOT NULL, x.owner_id IS NOT NULL, x.raised_ms LIMIT 1)
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
   AND c.state IN ('open', 'closing')
 ORDER BY c.opened_ms DESC LIMIT 300;

-- The same of one case, for those who have it open.
-- stmt board_row maybe
-- in  id int
-- out id int, place_id int, place_name text, parent_name text?, place_level text, level text, reason text, state text, owner_id int?, owner_name text?, opened_ms int, confirm_by_ms int?, alert_id int?, alert_state text?, next_ms int?, raised_ms int?, offered_to int?, reports int
SELECT c.id, c.place_id, p.name AS place_name, pp.name AS parent_name, p.level AS place_level, c.level, c.reason,
       c.state, c.owner_id, o.name AS owner_name, c.opened_ms, c.confirm_by_ms, a.id AS alert_id, a.state AS alert_state,
       a.next_ms, a.raised_ms, a.offered_to,
       (SELECT count(*) FROM reports r WHERE r.region = c.region AND r.case_id = c.id) AS reports
  FROM cases c
  JOIN places p ON p.region = c.region AND p.id = c.place_id
  LEFT JOIN places pp ON pp.region = p.region AND pp.id = p.parent_id
  LEFT JOIN accounts o ON o.region = c.region AND o.id = c.owner_id
  LEFT JOIN alerts a ON a.region = c.region AND a.id = (
       SELECT x.id FROM alerts x WHERE x.region = c.region AND x.case_id = c.id
        ORDER BY x.ended_ms IS NOT NULL, x.owner_id IS NOT NULL, x.raised_ms LIMIT 1)
 WHERE c.region = :region AND c.id = :id;

-- stmt board_case_of_alert maybe
-- in  id int
-- out case_id int, level text, place_name text, parent_name text?
SELECT a.case_id, a.level, p.name AS place_name, pp.name AS parent_name
  FROM alerts a JOIN places p ON p.region = a.region AND p.id = a.place_id
  LEFT JOIN places pp ON pp.region = p.region AND pp.id = p.parent_id
 WHERE a.region = :region AND a.id = :id;

-- stmt board_call maybe
-- in  alert_id int, post_id int
-- out roles int, on_duty bool
SELECT roles, on_duty FROM alert_calls WHERE region = :region AND alert_id = :alert_id AND post_id = :post_id;

-- Places under watch that a person's posts cover, through the cases they took part in.
-- stmt board_watches many
-- in  account_id int
-- out place_name text, parent_name text?, until_ms int
SELECT p.name AS place_name, pp.name AS parent_name, max(w.until_ms) AS until_ms
  FROM memberships m
  JOIN case_posts cp ON cp.region = m.region AND cp.post_id = m.post_id
  JOIN case_watches w ON w.region = cp.region AND w.case_id = cp.case_id AND w.until_ms > :now_ms
  JOIN places p ON p.region = w.region AND p.id = w.place_id
  LEFT JOIN places pp ON pp.region = p.region AND pp.id = p.parent_id
 WHERE m.region = :region AND m.account_id = :account_id AND m.ended_ms IS NULL
 GROUP BY p.id, p.name, pp.name ORDER BY until_ms DESC, p.name LIMIT 50;
