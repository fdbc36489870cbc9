-- What "adem check" asks beside the features' own statements. It reads, and takes its time.

-- Reports that no post was ever named for: nobody can open them.
-- stmt check_unread one
-- out n int
-- scan: adem check reads everything
SELECT count(*) AS n FROM reports r
 WHERE r.region = :region AND r.withdrawn_ms IS NULL AND NOT EXISTS (
   SELECT 1 FROM report_readers p WHERE p.region = :region AND p.report_id = r.id);

-- Work that should have been done: how much, and since when the oldest has waited.
-- stmt check_overdue one
-- in  attempts_max int, before_ms int
-- out n int, oldest_ms int?
SELECT count(*) AS n, min(run_after_ms) AS oldest_ms FROM jobs
 WHERE region = :region AND done_ms IS NULL AND attempt < :attempts_max AND run_after_ms < :before_ms;

-- Posts with members who read, none of whom holds the newest key: what comes in now nobody can open.
-- stmt check_unheld one
-- in  readers int
-- out n int
-- scan: adem check reads everything
SELECT count(*) AS n FROM circles c
 WHERE c.region = :region
   AND c.generation = (SELECT max(generation) FROM circles g WHERE g.region = :region AND g.post_id = c.post_id)
   AND EXISTS (
     SELECT 1 FROM memberships m
      WHERE m.region = :region AND m.post_id = c.post_id AND m.ended_ms IS NULL AND (m.roles & :readers) <> 0)
   AND NOT EXISTS (
     SELECT 1 FROM circle_keys k
       JOIN memberships h ON h.region = :region AND h.account_id = k.holder_id AND h.post_id = c.post_id
        AND h.ended_ms IS NULL
      WHERE k.region = :region AND k.circle_id = c.id AND k.holder = 'account');
