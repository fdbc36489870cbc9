-- Every statement of the feature; the pages' own are in cases_web.sql.

-- stmt cases_insert exec write
-- in  id int, place_id int, level text, reason text, opened_by int?, spares_neighbours bool
INSERT INTO cases (region, id, place_id, level, opened_level, reason, state, opened_ms, opened_by, spares_neighbours)
VALUES (:region, :id, :place_id, :level, :level, :reason, 'open', :now_ms, :opened_by, :spares_neighbours);

-- stmt cases_get one
-- in  id int
-- out id int, place_id int, level text, reason text, state text, owner_id int?, owner_post_id int?, opened_ms int, outcome text?, closing_by int?, closing_ms int?, confirm_by_ms int?, confirmed_as text?, closed_ms int?, reopened_count int, watch_until_ms int?, joined_to int?, spares_neighbours bool
SELECT id, place_id, level, reason, state, owner_id, owner_post_id, opened_ms, outcome, closing_by, closing_ms,
       confirm_by_ms, confirmed_as, closed_ms, reopened_count, watch_until_ms, joined_to, spares_neighbours
  FROM cases WHERE region = :region AND id = :id;

-- stmt cases_post_rows many
-- in  case_id int
-- out post_id int
-- limit: the posts of one case, a dozen
SELECT post_id FROM case_posts WHERE region = :region AND case_id = :case_id ORDER BY since_ms, post_id;

-- ALERT_ID: the entry speaks of an alert; OF_CASE: of the case as a whole. It spares the neighbourhood where these do.
-- The region is the row's: a constant in its place makes Citus carry each row through the coordinator.
-- stmt cases_entry_insert exec write
-- in  id int, case_id int, kind text, detail text, account_id int?, post_id int?, subject_id int?, about_report int?, alert_id int?, of_case bool
INSERT INTO case_entries (region, id, case_id, kind, detail, account_id, post_id, subject_id, created_ms, about_report,
                          spares_neighbours)
SELECT c.region, :id, c.id, :kind, :detail, :account_id, :post_id, :subject_id, :now_ms, :about_report,
       (:of_case AND c.spares_neighbours)
    OR EXISTS (SELECT 1 FROM reports r WHERE r.region = :region AND r.id = :about_report AND r.spares_neighbours)
    OR EXISTS (SELECT 1 FROM alerts a JOIN reports r ON r.region = :region AND r.id = a.report_id
                WHERE a.region = :region AND a.id = :alert_id AND r.spares_neighbours)
  FROM cases c WHERE c.region = :region AND c.id = :case_id;

-- stmt cases_owner_update exec write
-- in  id int, owner_id int?, owner_post_id int?
UPDATE cases SET owner_id = :owner_id, owner_post_id = :owner_post_id WHERE region = :region AND id = :id;

-- stmt cases_level_update exec write
-- in  id int, level text
UPDATE cases SET level = :level WHERE region = :region AND id = :id;

-- Asks somebody else to confirm. Only an open case can be closing.
-- stmt cases_ask_close maybe write
-- in  id int, outcome text, closing_by int, confirm_by_ms int
-- out place_id int
UPDATE cases SET state = 'closing', outcome = :outcome, closing_by = :closing_by, closing_ms = :now_ms,
       confirm_by_ms = :confirm_by_ms
 WHERE region = :region AND id = :id AND state = 'open'
RETURNING place_id;

-- stmt cases_close maybe write
-- in  id int, confirmed_as text, confirmed_by int?, watch_until_ms int
-- out place_id int
UPDATE cases SET state = 'closed', confirmed_as = :confirmed_as, confirmed_by = :confirmed_by, closed_ms = :now_ms,
       watch_until_ms = :watch_until_ms
 WHERE region = :region AND id = :id AND state = 'closing'
RETURNING place_id;

-- stmt cases_reopen maybe write
-- in  id int
-- out place_id int
UPDATE cases SET state = 'open', outcome = NULL, closing_by = NULL, closing_ms = NULL, confirm_by_ms = NULL,
       confirmed_as = NULL, confirmed_by = NULL, closed_ms = NULL, reopened_count = reopened_count + 1
 WHERE region = :region AND id = :id AND state IN ('closing', 'closed')
RETURNING place_id;

-- The clock was ahead by BY_MS when this was asked for.
-- stmt cases_confirm_earlier exec write
-- in  id int, was_ms int, by_ms int
UPDATE cases SET confirm_by_ms = confirm_by_ms - :by_ms, closing_ms = closing_ms - :by_ms
 WHERE region = :region AND id = :id AND state = 'closing' AND confirm_by_ms = :was_ms;

-- Nobody confirmed in time.
-- stmt cases_reopen_late maybe write
-- in  id int
-- out place_id int
UPDATE cases SET state = 'open', outcome = NULL, closing_by = NULL, closing_ms = NULL, confirm_by_ms = NULL,
       reopened_count = reopened_count + 1
 WHERE region = :region AND id = :id AND state = 'closing' AND confirm_by_ms <= :now_ms
RETURNING place_id;

-- stmt cases_watch exec write
-- in  case_id int, place_id int, until_ms int
INSERT INTO case_watches (region, case_id, place_id, from_ms, until_ms)
VALUES (:region, :case_id, :place_id, :now_ms, :until_ms)
ON CONFLICT (region, case_id, place_id) DO UPDATE SET until_ms = excluded.until_ms;

-- What is sealed in a case, is seen by the person, and may be opened to a further post. Reports that leave the neighbourhood out
-- are never opened to a post of it, nor are notes where there is such a report: they may speak of it. NOTES: those that the person
-- reads as well.
-- stmt cases_sealed many
-- in  case_id int, neighbour bool, notes bool, account_id int, roles int
-- out subject text, subject_id int
-- limit: the reports, messages and notes of one case
SELECT 'reports' AS subject, r.id AS subject_id FROM reports r
 WHERE r.region = :region AND r.case_id = :case_id AND NOT (r.spares_neighbours AND :neighbour)
   AND EXISTS (SELECT 1 FROM report_readers rr JOIN memberships m ON m.region = :region AND m.post_id = rr.post_id
        WHERE rr.region = :region AND rr.report_id = r.id AND m.account_id = :account_id AND m.ended_ms IS NULL
          AND (m.roles & :roles) <> 0)
UNION ALL
SELECT 'report_messages', t.id FROM reports r JOIN report_messages t ON t.region = :region AND t.report_id = r.id
 WHERE r.region = :region AND r.case_id = :case_id AND NOT (r.spares_neighbours AND :neighbour)
   AND EXISTS (SELECT 1 FROM report_readers rr JOIN memberships m ON m.region = :region AND m.post_id = rr.post_id
        WHERE rr.region = :region AND rr.report_id = r.id AND m.account_id = :account_id AND m.ended_ms IS NULL
          AND (m.roles & :roles) <> 0)
UNION ALL
SELECT 'case_entries', e.id FROM case_entries e
 WHERE :notes AND e.region = :region AND e.case_id = :case_id AND e.kind IN ('note', 'visit', 'call', 'patrol', 'talk')
   AND NOT (:neighbour AND EXISTS (SELECT 1 FROM reports r
        WHERE r.region = :region AND r.case_id = :case_id AND r.spares_neighbours));

-- Whoever has the receipt sees the further reader by name, and what comes is sealed to it. Of the reports that the person sees.
-- stmt cases_readers_add exec write
-- in  case_id int, post_id int, neighbour bool, account_id int, roles int
INSERT INTO report_readers (region, report_id, post_id, step, added_ms)
SELECT r.region, r.id, :post_id, 0, :now_ms FROM reports r
 WHERE r.region = :region AND r.case_id = :case_id AND NOT (r.spares_neighbours AND :neighbour)
   AND EXISTS (SELECT 1 FROM report_readers rr JOIN memberships m ON m.region = :region AND m.post_id = rr.post_id
        WHERE rr.region = :region AND rr.report_id = r.id AND m.account_id = :account_id AND m.ended_ms IS NULL
          AND (m.roles & :roles) <> 0)
ON CONFLICT (region, report_id, post_id) DO NOTHING;

-- How often it was asked to close it.
-- stmt cases_asked_times one
-- in  case_id int
-- out n int
SELECT count(*) AS n FROM case_entries WHERE region = :region AND case_id = :case_id AND kind = 'closing';

-- stmt cases_calls_open one
-- in  case_id int
-- out n int
SELECT count(*) AS n FROM alerts WHERE region = :region AND case_id = :case_id AND ended_ms IS NULL;

-- stmt cases_unwatch exec write
-- in  case_id int
DELETE FROM case_watches WHERE region = :region AND case_id = :case_id;

-- stmt cases_joined exec write
-- in  id int, joined_to int
UPDATE cases SET state = 'joined', joined_to = :joined_to WHERE region = :region AND id = :id;

-- stmt cases_join_reports exec write
-- in  id int, joined_to int, joined_by int
UPDATE reports SET case_id = :joined_to, joined_by = :joined_by WHERE region = :region AND case_id = :id;

-- What rang for the joined case rings on as part of the other: its alerts come along.
-- stmt cases_join_alerts exec write
-- in  id int, joined_to int
UPDATE alerts SET case_id = :joined_to WHERE region = :region AND case_id = :id;

-- What its posts see of the other is counted afterwards.
-- stmt cases_join_posts exec write
-- in  id int, joined_to int
INSERT INTO case_posts (region, case_id, post_id, since_ms, neighbour)
SELECT region, :joined_to, post_id, :now_ms, neighbour FROM case_posts WHERE region = :region AND case_id = :id
ON CONFLICT (region, case_id, post_id) DO NOTHING;

-- When the first and the last report of a case came, after some were moved.
-- stmt cases_times_anew exec write
-- in  id int
UPDATE cases SET
  first_report_ms = (SELECT min(r.created_ms) FROM reports r WHERE r.region = :region AND r.case_id = :id),
  last_report_ms = (SELECT max(r.created_ms) FROM reports r WHERE r.region = :region AND r.case_id = :id)
 WHERE region = :region AND id = :id;

-- Two reports of one place, at once, are looked at one after the other: SQLite has one writer anyway. NO KEY: who has a case and
-- only refers to the place waits for nobody.
-- stmt cases_lock_place exec write
-- only postgres
-- in  place_id int
SELECT id FROM places WHERE region = :region AND id = :place_id FOR NO KEY UPDATE;

-- stmt cases_lock_place exec write
-- only sqlite
-- in  place_id int
SELECT id FROM places WHERE region = :region AND id = :place_id;

-- Who changes a case, its calls or what is in it takes it first, one after the other: SQLite has one writer anyway. NO KEY: whoever
-- only refers to it, as each entry does, waits for nobody.
-- stmt cases_take exec write
-- only postgres
-- in  id int
SELECT id FROM cases WHERE region = :region AND id = :id FOR NO KEY UPDATE;

-- stmt cases_take exec write
-- only sqlite
-- in  id int
SELECT id FROM cases WHERE region = :region AND id = :id;

-- The incident that a report of this place joins by itself, and its call.
-- stmt cases_joinable maybe
-- in  place_id int, spares bool, first_after_ms int, last_after_ms int
-- out id int, alert_id int
SELECT c.id, a.id AS alert_id
  FROM cases c
  JOIN alerts a ON a.region = :region AND a.case_id = c.id AND a.ended_ms IS NULL
  JOIN reports r ON r.region = :region AND r.id = a.report_id AND r.spares_neighbours = :spares
 WHERE c.region = :region AND c.place_id = :place_id AND c.opened_ms >= :first_after_ms AND c.state = 'open'
   AND c.spares_neighbours = :spares AND c.first_report_ms >= :first_after_ms AND c.last_report_ms >= :last_after_ms
 ORDER BY c.last_report_ms DESC, a.raised_ms LIMIT 1;

-- Whether a reporter is asked if it is calm: somebody asks to close the case, and they have not said yes since.
-- stmt cases_word_of one
-- in  report_id int
-- out closing bool, said bool
SELECT k.state = 'closing' AS closing, EXISTS (SELECT 1 FROM case_entries e
        WHERE e.region = :region AND e.case_id = k.id AND e.kind = 'reporter_calm' AND e.about_report = r.id
          AND e.created_ms >= k.closing_ms) AS said
  FROM reports r JOIN cases k ON k.region = :region AND k.id = r.case_id
 WHERE r.region = :region AND r.id = :report_id;

-- What is left when reporters say that a closing case is calm: whether a member has a part in it as well (it was opened, joined or
-- opened again by hand, or somebody beside who closes it has looked into it, helped or written), and the reports of which nobody has
-- said so since, also those whose text was taken back: what was seen stays.
-- stmt cases_words one
-- in  id int
-- out closing bool, spares_neighbours bool, by_member bool, silent int
SELECT k.state = 'closing' AS closing, k.spares_neighbours,
       k.opened_by IS NOT NULL OR EXISTS (SELECT 1 FROM case_entries e
        WHERE e.region = :region AND e.case_id = k.id AND e.account_id IS NOT NULL
          AND (e.kind IN ('reopened', 'joined') OR (e.account_id <> k.closing_by
           AND e.kind IN ('note', 'visit', 'call', 'patrol', 'talk', 'message', 'seen', 'helping')))) AS by_member,
       (SELECT count(*) FROM reports r WHERE r.region = :region AND r.case_id = k.id AND NOT EXISTS (
               SELECT 1 FROM case_entries e
                WHERE e.region = :region AND e.case_id = k.id AND e.kind = 'reporter_calm' AND e.about_report = r.id
                  AND e.created_ms >= k.closing_ms)) AS silent
  FROM cases k WHERE k.region = :region AND k.id = :id;

-- Who wrote down callers' words of a case, and so knows their receipts.
-- stmt cases_writers many
-- in  id int
-- out account_id int
-- limit: the members of a few posts
SELECT a.id AS account_id FROM accounts a
 WHERE a.region = :region
   AND a.id IN (SELECT r.entered_by FROM reports r WHERE r.region = :region AND r.case_id = :id);

-- stmt cases_asker one
-- in  id int
-- out closing_by int?
SELECT closing_by FROM cases WHERE region = :region AND id = :id;

-- Who has it in hand. EVER: also who had it before.
-- stmt cases_hands many
-- in  id int, ever bool
-- out account_id int
-- limit: the owners of one case and its calls
SELECT h.id AS account_id FROM accounts h
 WHERE h.region = :region
   AND h.id IN (SELECT owner_id FROM alerts WHERE region = :region AND case_id = :id
                 UNION SELECT owner_id FROM cases WHERE region = :region AND id = :id
                 UNION SELECT w.account_id FROM alerts a
                         JOIN alert_answers w ON w.region = :region AND w.alert_id = a.id AND w.answer IN ('mine', 'accepted')
                        WHERE :ever AND a.region = :region AND a.case_id = :id);

-- Who answers at a post.
-- stmt cases_answering many
-- in  post_id int, roles int
-- out account_id int
-- limit: the members of one post
SELECT m.account_id
  FROM memberships m
  JOIN accounts a ON a.region = :region AND a.id = m.account_id AND a.disabled_ms IS NULL
  JOIN posts p ON p.region = :region AND p.id = m.post_id AND p.closed_ms IS NULL
 WHERE m.region = :region AND m.post_id = :post_id AND m.ended_ms IS NULL AND (m.roles & :roles) <> 0
 ORDER BY m.account_id;

-- stmt cases_thanks maybe
-- in  case_id int, report_id int
-- out id int
SELECT id FROM case_entries
 WHERE region = :region AND case_id = :case_id AND about_report = :report_id AND kind = 'thanks' LIMIT 1;
