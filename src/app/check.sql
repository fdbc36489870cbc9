-- What "adem check" asks beside the features' own statements. It reads, and takes its time.

-- Reports that no post was ever named for: nobody can open them.
-- stmt check_unread one
-- out n int
-- scan: adem check reads everything
SELECT count(*) AS n FROM reports r
 WHERE r.region = :region AND r.withdrawn_ms IS NULL AND NOT EXISTS (
   SELECT 1 FROM report_readers p WHERE p.region = :region AND p.report_id = r.id);

-- Work that should have been done and nobody has taken: how much, and since when the oldest has waited.
-- stmt check_overdue one
-- in  attempts_max int, before_ms int
-- out n int, oldest_ms int?
SELECT count(*) AS n, min(run_after_ms) AS oldest_ms FROM jobs
 WHERE region = :region AND done_ms IS NULL AND attempt < :attempts_max AND run_after_ms < :before_ms
   AND lease_until_ms < :before_ms;

-- Work that was given up.
-- stmt check_given_up many
-- in  attempts_max int
-- out kind text, n int
-- limit: the kinds of jobs
SELECT kind, count(*) AS n FROM jobs WHERE region = :region AND done_ms IS NULL AND attempt >= :attempts_max
 GROUP BY kind ORDER BY kind;

-- Who is on duty now, and whether there is a post at all.
-- stmt check_on_duty one
-- out n int, posts int
SELECT (SELECT count(*) FROM duties d JOIN memberships m ON m.region = :region AND m.post_id = d.post_id
           AND m.account_id = d.account_id AND m.ended_ms IS NULL
         WHERE d.region = :region AND d.ended_ms IS NULL AND d.from_ms <= :now_ms AND d.until_ms > :now_ms) AS n,
       (SELECT count(*) FROM posts p WHERE p.region = :region AND p.closed_ms IS NULL) AS posts;

-- Rows that were made in the future, by their ids; by index.
-- stmt check_of_the_future many
-- in  id int
-- out name text, n int
-- limit: the tables
SELECT name, n FROM (
  SELECT 'accounts' AS name, count(*) AS n FROM accounts WHERE region = :region AND id > :id
  UNION ALL SELECT 'alerts', count(*) FROM alerts WHERE region = :region AND id > :id
  UNION ALL SELECT 'case_entries', count(*) FROM case_entries WHERE region = :region AND id > :id
  UNION ALL SELECT 'cases', count(*) FROM cases WHERE region = :region AND id > :id
  UNION ALL SELECT 'duties', count(*) FROM duties WHERE region = :region AND id > :id
  UNION ALL SELECT 'events', count(*) FROM events WHERE region = :region AND id > :id
  UNION ALL SELECT 'invitations', count(*) FROM invitations WHERE region = :region AND id > :id
  UNION ALL SELECT 'memberships', count(*) FROM memberships WHERE region = :region AND id > :id
  UNION ALL SELECT 'notices', count(*) FROM notices WHERE region = :region AND id > :id
  UNION ALL SELECT 'report_messages', count(*) FROM report_messages WHERE region = :region AND id > :id
  UNION ALL SELECT 'reports', count(*) FROM reports WHERE region = :region AND id > :id
  UNION ALL SELECT 'sessions', count(*) FROM sessions WHERE region = :region AND id > :id) f
 WHERE n > 0 ORDER BY name;

-- The newest thing that was written, as far as an index tells: the id of a line of a case, the moment of a line of the audit, and when
-- somebody last looked at the clock.
-- stmt check_newest one
-- out entry_id int?, audit_ms int?, looked_ms int?
SELECT (SELECT max(e.id) FROM case_entries e WHERE e.region = :region) AS entry_id,
       (SELECT max(a.at_ms) FROM audit a WHERE a.region = :region) AS audit_ms,
       (SELECT max(k.looked_ms) FROM clocks k WHERE k.region = :region) AS looked_ms;
