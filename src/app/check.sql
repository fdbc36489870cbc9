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
