-- Taking reports out of a case that they do not belong to.

-- A report goes over, unless it has gone already.
-- stmt cases_split_move maybe write
-- in  report_id int, from_id int, to_id int
-- out id int
UPDATE reports SET case_id = :to_id WHERE region = :region AND id = :report_id AND case_id = :from_id RETURNING id;

-- The posts that take part in the one case and read a report of the other take part there, too.
-- stmt cases_split_posts exec write
-- in  from_id int, to_id int
INSERT INTO case_posts (region, case_id, post_id, since_ms, neighbour)
SELECT cp.region, :to_id, cp.post_id, :now_ms, cp.neighbour FROM case_posts cp
 WHERE cp.region = :region AND cp.case_id = :from_id AND EXISTS (
       SELECT 1 FROM reports r JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
        WHERE r.region = :region AND r.case_id = :to_id AND rr.post_id = cp.post_id
          AND NOT (r.spares_neighbours AND cp.neighbour))
ON CONFLICT (region, case_id, post_id) DO NOTHING;

-- Who has the key of a report, or will be called for it.
-- stmt cases_split_readers many
-- in  report_id int
-- out post_id int, name text
-- limit: the posts of one ladder
SELECT rr.post_id, p.name FROM report_readers rr JOIN posts p ON p.region = :region AND p.id = rr.post_id
 WHERE rr.region = :region AND rr.report_id = :report_id ORDER BY p.name, rr.post_id;

-- Where a case was split off from, and when: it is written down as it opens.
-- stmt cases_split_entry maybe
-- in  case_id int
-- out from_id int, created_ms int
SELECT coalesce(e.subject_id, 0) AS from_id, e.created_ms
  FROM cases k JOIN case_entries e ON e.region = :region AND e.case_id = :case_id AND e.created_ms = k.opened_ms
 WHERE k.region = :region AND k.id = :case_id AND e.kind = 'split_from' LIMIT 1;
