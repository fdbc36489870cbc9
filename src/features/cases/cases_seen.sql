-- What each post sees of a case: rows of case_posts, kept up by cases_seen.c.

-- stmt cases_seen_case one
-- in  id int
-- out place_id int, level text, opened_level text, reason text, state text, owner_id int?, opened_by int?, opened_ms int, spares_neighbours bool, first_report_ms int?, last_report_ms int?
SELECT place_id, level, opened_level, reason, state, owner_id, opened_by, opened_ms, spares_neighbours, first_report_ms,
       last_report_ms
  FROM cases WHERE region = :region AND id = :id;

-- stmt cases_seen_rows many
-- in  case_id int
-- out post_id int, neighbour bool, since_ms int, from_ms int, last_ms int, level text, reason text, reports int, state text, owner_id int?, alert_id int?, alert_state text?, next_ms int?, late_ms int?, unread_ms int?
-- limit: the posts of one case, a dozen
SELECT post_id, neighbour, since_ms, from_ms, last_ms, level, reason, reports, state, owner_id, alert_id, alert_state,
       next_ms, late_ms, unread_ms
  FROM case_posts WHERE region = :region AND case_id = :case_id ORDER BY since_ms, post_id;

-- The row of one post, or of all posts of the case at once.
-- stmt cases_seen_put exec write
-- in  case_id int, post_id int?, from_ms int, last_ms int, level text, reason text, reports int, state text, open bool, owner_id int?, alert_id int?, alert_state text?, next_ms int?, late_ms int?, unread_ms int?
UPDATE case_posts SET from_ms = :from_ms, last_ms = :last_ms, level = :level, reason = :reason, reports = :reports,
       state = :state, open = :open, owner_id = :owner_id, alert_id = :alert_id, alert_state = :alert_state,
       next_ms = :next_ms, late_ms = :late_ms, unread_ms = :unread_ms
 WHERE region = :region AND case_id = :case_id AND (:post_id IS NULL OR post_id = :post_id);

-- Lets a post take part; what it sees is counted by the next cases_changed(). No post of the neighbourhood takes part in what
-- spares it, whatever brings it here.
-- stmt cases_put_post exec write
-- in  case_id int, post_id int
INSERT INTO case_posts (region, case_id, post_id, since_ms, neighbour)
SELECT p.region, :case_id, p.id, :now_ms, p.kind = 'rw' FROM posts p
 WHERE p.region = :region AND p.id = :post_id AND NOT (p.kind = 'rw' AND EXISTS (
       SELECT 1 FROM cases k WHERE k.region = :region AND k.id = :case_id AND k.spares_neighbours))
ON CONFLICT (region, case_id, post_id) DO NOTHING;

-- What the posts of a case see of its reports. The rule itself: who reads a report is written down when it is made or shared, and
-- what spares the neighbourhood is seen by no post of it.
-- stmt cases_seen_counts many
-- in  case_id int
-- out post_id int, reports int, grave int, first_ms int
-- limit: the posts of one case, a dozen
SELECT cp.post_id, count(*) AS reports, max(CASE r.level WHEN 'nyata' THEN 2 WHEN 'ambang' THEN 1 ELSE 0 END) AS grave,
       min(r.created_ms) AS first_ms
  FROM reports r
  JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
  JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = rr.post_id
 WHERE r.region = :region AND r.case_id = :case_id AND NOT (r.spares_neighbours AND cp.neighbour)
 GROUP BY cp.post_id;

-- stmt cases_seen_first maybe
-- in  case_id int, post_id int, neighbour bool
-- out reason text
SELECT r.reason FROM reports r JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
 WHERE r.region = :region AND r.case_id = :case_id AND rr.post_id = :post_id AND NOT (r.spares_neighbours AND :neighbour)
 ORDER BY r.created_ms, r.id LIMIT 1;

-- The calls of a case, the one that needs somebody most first.
-- stmt cases_seen_alerts many
-- in  case_id int
-- out id int, level text, reason text, state text, owner_id int?, next_ms int?, late_ms int?, unread_ms int?, unread_report int?, ended_ms int?, spares bool
SELECT a.id, a.level, a.reason, a.state, a.owner_id, a.next_ms, a.late_ms, a.unread_ms, a.unread_report, a.ended_ms, coalesce(r.spares_neighbours, false) AS spares
  FROM alerts a LEFT JOIN reports r ON r.region = :region AND r.id = a.report_id
 WHERE a.region = :region AND a.case_id = :case_id
 ORDER BY a.ended_ms IS NOT NULL, a.owner_id IS NOT NULL, a.raised_ms, a.id LIMIT 50;

-- Entries that the transaction of now has written.
-- stmt cases_seen_entries many
-- in  case_id int
-- out id int, kind text, detail text, about_report int?, subject_id int?, spares_neighbours bool
-- limit: what one transaction writes down
SELECT id, kind, detail, about_report, subject_id, spares_neighbours FROM case_entries
 WHERE region = :region AND case_id = :case_id AND created_ms = :now_ms;

-- The posts that read a report, and may.
-- stmt cases_seen_readers many
-- in  report_id int
-- out post_id int, level text, reason text
-- limit: the posts of a ladder, and with whom the report was shared
SELECT rr.post_id, r.level, r.reason FROM report_readers rr
  JOIN reports r ON r.region = :region AND r.id = rr.report_id
  JOIN posts p ON p.region = :region AND p.id = rr.post_id
 WHERE rr.region = :region AND rr.report_id = :report_id AND NOT (r.spares_neighbours AND p.kind = 'rw');

-- Whether a note is sealed to a post: the keys say who reads it, and nobody else learns that there is one.
-- stmt cases_seen_note maybe
-- in  entry_id int, post_id int
-- out circle_id int
SELECT c.id AS circle_id FROM box_keys k JOIN circles c ON c.region = :region AND c.id = k.reader_id AND c.post_id = :post_id
 WHERE k.region = :region AND k.subject = 'case_entries' AND k.subject_id = :entry_id AND k.reader = 'circle' LIMIT 1;

-- The posts that read all the REPORTS_SEEN reports of a case that the person sees: a note about these is for them.
-- stmt cases_seen_by_all many
-- in  case_id int, account_id int, roles int, reports_seen int
-- out post_id int, name text
-- limit: the posts of a few ladders
SELECT rr.post_id, p.name
  FROM reports r
  JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
  JOIN posts p ON p.region = :region AND p.id = rr.post_id AND p.closed_ms IS NULL
 WHERE r.region = :region AND r.case_id = :case_id AND NOT (r.spares_neighbours AND p.kind = 'rw') AND EXISTS (
       SELECT 1 FROM report_readers m
         JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = m.post_id
         JOIN memberships s ON s.region = :region AND s.post_id = cp.post_id AND s.ended_ms IS NULL
        WHERE m.region = :region AND m.report_id = r.id AND s.account_id = :account_id AND (s.roles & :roles) <> 0
          AND NOT (r.spares_neighbours AND cp.neighbour))
 GROUP BY rr.post_id, p.name HAVING count(*) = :reports_seen ORDER BY p.name, rr.post_id;

-- stmt cases_seen_posts many
-- in  case_id int
-- out post_id int, name text
-- limit: the posts of one case
SELECT cp.post_id, p.name FROM case_posts cp JOIN posts p ON p.region = :region AND p.id = cp.post_id
 WHERE cp.region = :region AND cp.case_id = :case_id ORDER BY p.name;

-- stmt cases_seen_at maybe
-- in  case_id int, post_id int
-- out post_id int
SELECT post_id FROM case_posts WHERE region = :region AND case_id = :case_id AND post_id = :post_id;

-- Whether a report, or what raised an alert, spares the neighbourhood.
-- stmt cases_spares_report maybe
-- in  report_id int
-- out spares_neighbours bool
SELECT spares_neighbours FROM reports WHERE region = :region AND id = :report_id;

-- stmt cases_spares_alert maybe
-- in  alert_id int
-- out spares bool, case_id int
SELECT coalesce(r.spares_neighbours, false) AS spares, a.case_id
  FROM alerts a LEFT JOIN reports r ON r.region = :region AND r.id = a.report_id
 WHERE a.region = :region AND a.id = :alert_id;

-- stmt cases_report_times exec write
-- in  id int
UPDATE cases SET first_report_ms = coalesce(first_report_ms, :now_ms), last_report_ms = :now_ms
 WHERE region = :region AND id = :id;

-- Posts of the signed-in person that take part, with a role that works on cases at that very post, longest first; what each sees.
-- stmt cases_seen_mine many
-- in  case_id int, account_id int, roles int
-- out post_id int, neighbour bool, from_ms int, last_ms int, level text, reason text, reports int, owner_id int?, alert_id int?, alert_state text?, next_ms int?
-- limit: the posts of one person in one case
SELECT p.post_id, p.neighbour, p.from_ms, p.last_ms, p.level, p.reason, p.reports, p.owner_id, p.alert_id, p.alert_state, p.next_ms
  FROM case_posts p
  JOIN memberships m ON m.region = :region AND m.post_id = p.post_id AND m.ended_ms IS NULL
 WHERE p.region = :region AND p.case_id = :case_id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
 ORDER BY p.since_ms, p.post_id;

-- How many reports of a case two or more posts of the person see together.
-- stmt cases_seen_together one
-- in  case_id int, account_id int, roles int
-- out reports int
SELECT count(*) AS reports FROM reports r
 WHERE r.region = :region AND r.case_id = :case_id AND EXISTS (
       SELECT 1 FROM report_readers rr
         JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = rr.post_id
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
        WHERE rr.region = :region AND rr.report_id = r.id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
          AND NOT (r.spares_neighbours AND cp.neighbour));

-- Whether the person sees one report, and at which of their posts.
-- stmt cases_seen_report maybe
-- in  report_id int, account_id int, roles int
-- out case_id int, post_id int
SELECT r.case_id, cp.post_id
  FROM reports r
  JOIN report_readers rr ON rr.region = :region AND rr.report_id = r.id
  JOIN case_posts cp ON cp.region = :region AND cp.case_id = r.case_id AND cp.post_id = rr.post_id
  JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
 WHERE r.region = :region AND r.id = :report_id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
   AND NOT (r.spares_neighbours AND cp.neighbour)
 ORDER BY cp.since_ms, cp.post_id LIMIT 1;

-- How often a reporter's word came in, of what the person sees (as in cases_seen_timeline).
-- stmt cases_shown_word one
-- in  case_id int, account_id int, roles int
-- out words int
SELECT count(*) AS words FROM case_entries e
 WHERE e.region = :region AND e.case_id = :case_id
   AND (e.kind IN ('report', 'not_calm', 'joined') OR (e.kind = 'message' AND e.detail = 'reporter'))
   AND EXISTS (
       SELECT 1 FROM case_posts cp
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
        WHERE cp.region = :region AND cp.case_id = :case_id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
          AND e.created_ms >= cp.from_ms AND NOT (e.spares_neighbours AND cp.neighbour)
          AND (e.about_report IS NULL OR EXISTS (SELECT 1 FROM report_readers rr
                WHERE rr.region = :region AND rr.report_id = e.about_report AND rr.post_id = cp.post_id))
          AND (e.kind <> 'joined' OR EXISTS (SELECT 1 FROM case_posts o
                WHERE o.region = :region AND o.case_id = e.subject_id AND o.post_id = cp.post_id)));

-- The same for one post.
-- stmt cases_shown_word_at one
-- in  case_id int, post_id int
-- out words int
SELECT count(*) AS words FROM case_entries e
  JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = :post_id
 WHERE e.region = :region AND e.case_id = :case_id
   AND (e.kind IN ('report', 'not_calm', 'joined') OR (e.kind = 'message' AND e.detail = 'reporter'))
   AND e.created_ms >= cp.from_ms AND NOT (e.spares_neighbours AND cp.neighbour)
   AND (e.about_report IS NULL OR EXISTS (SELECT 1 FROM report_readers rr
         WHERE rr.region = :region AND rr.report_id = e.about_report AND rr.post_id = cp.post_id))
   AND (e.kind <> 'joined' OR EXISTS (SELECT 1 FROM case_posts o
         WHERE o.region = :region AND o.case_id = e.subject_id AND o.post_id = cp.post_id));

-- The reports of a case that the person sees, the newest first, before one of them (or before now, with the greatest number).
-- stmt cases_seen_reports many
-- in  case_id int, account_id int, roles int, before_ms int, before_id int, rows_max int
-- out id int, messages int
SELECT r.id, (SELECT count(*) FROM report_messages t WHERE t.region = :region AND t.report_id = r.id) AS messages
  FROM reports r
 WHERE r.region = :region AND r.case_id = :case_id AND r.created_ms <= :before_ms
   AND (r.created_ms < :before_ms OR r.id < :before_id) AND EXISTS (
       SELECT 1 FROM report_readers rr
         JOIN case_posts cp ON cp.region = :region AND cp.case_id = :case_id AND cp.post_id = rr.post_id
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
        WHERE rr.region = :region AND rr.report_id = r.id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
          AND NOT (r.spares_neighbours AND cp.neighbour))
 ORDER BY r.created_ms DESC, r.id DESC LIMIT :rows_max;

-- The same of its timeline. cases_seen.c asks this of one entry and post, in sees(). ACTS: only what somebody else has done, or
-- anybody with the case as a whole; what the clock did is nobody's.
-- stmt cases_seen_timeline many
-- in  case_id int, account_id int, roles int, since_ms int, before_ms int, before_id int, acts bool
-- out id int, kind text, detail text, name text?, post_name text?, created_ms int
SELECT e.id, e.kind, e.detail, a.name, p.name AS post_name, e.created_ms
  FROM case_entries e
  LEFT JOIN accounts a ON a.region = :region AND a.id = e.account_id
  LEFT JOIN posts p ON p.region = :region AND p.id = e.post_id
 WHERE e.region = :region AND e.case_id = :case_id AND e.created_ms >= :since_ms AND e.created_ms <= :before_ms
   AND (e.created_ms < :before_ms OR e.id < :before_id)
   AND (NOT :acts OR e.account_id <> :account_id
        OR e.kind IN ('closing', 'confirmed', 'reopened', 'not_calm', 'joined', 'joined_to', 'split_off', 'split_from'))
   AND EXISTS (
       SELECT 1 FROM case_posts cp
         JOIN memberships m ON m.region = :region AND m.post_id = cp.post_id AND m.ended_ms IS NULL
        WHERE cp.region = :region AND cp.case_id = :case_id AND m.account_id = :account_id AND (m.roles & :roles) <> 0
          AND e.created_ms >= cp.from_ms AND NOT (e.spares_neighbours AND cp.neighbour)
          AND (e.about_report IS NULL OR EXISTS (SELECT 1 FROM report_readers rr
                WHERE rr.region = :region AND rr.report_id = e.about_report AND rr.post_id = cp.post_id))
          AND (e.kind NOT IN ('joined', 'joined_to', 'split_off', 'split_from') OR EXISTS (SELECT 1 FROM case_posts o
                WHERE o.region = :region AND o.case_id = e.subject_id AND o.post_id = cp.post_id))
          AND (e.kind NOT IN ('note', 'visit', 'call', 'patrol', 'talk') OR EXISTS (SELECT 1 FROM box_keys k
                 JOIN circles n ON n.region = :region AND n.id = k.reader_id AND n.post_id = cp.post_id
                WHERE k.region = :region AND k.subject = 'case_entries' AND k.subject_id = e.id AND k.reader = 'circle'))
          AND (e.kind <> 'level' OR cp.level = 'nyata' OR e.detail = cp.level OR e.detail = 'potensi'))
 ORDER BY e.created_ms DESC, e.id DESC LIMIT 41;
