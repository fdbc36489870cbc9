-- Every statement of the feature.

-- stmt reports_insert exec write
-- in  id int, case_id int, place_id int, level text, reason text, timing text, channel text, spares_neighbours bool, entered_by int?
INSERT INTO reports (region, id, case_id, place_id, level, reason, timing, channel, spares_neighbours, entered_by, created_ms)
VALUES (:region, :id, :case_id, :place_id, :level, :reason, :timing, :channel, :spares_neighbours, :entered_by, :now_ms);

-- stmt reports_get one
-- in  id int
-- out id int, case_id int, place_id int, level text, reason text, timing text, channel text, spares_neighbours bool, created_ms int, withdrawn_ms int?
SELECT id, case_id, place_id, level, reason, timing, channel, spares_neighbours, created_ms, withdrawn_ms
  FROM reports WHERE region = :region AND id = :id;

-- stmt reports_withdraw_row maybe write
-- in  id int
-- out case_id int
UPDATE reports SET withdrawn_ms = :now_ms WHERE region = :region AND id = :id AND withdrawn_ms IS NULL
RETURNING case_id;

-- stmt reports_receipt_insert exec write
-- in  report_id int, lookup blob, public_key blob
INSERT INTO report_receipts (region, report_id, lookup, public_key)
VALUES (:region, :report_id, :lookup, :public_key);

-- stmt reports_receipt_find maybe
-- in  lookup blob
-- out report_id int, public_key blob
SELECT report_id, public_key FROM report_receipts WHERE region = :region AND lookup = :lookup;

-- stmt reports_receipt_get one
-- in  report_id int
-- out public_key blob
SELECT public_key FROM report_receipts WHERE region = :region AND report_id = :report_id;

-- stmt reports_reader_insert exec write
-- in  report_id int, post_id int, step int
INSERT INTO report_readers (region, report_id, post_id, step) VALUES (:region, :report_id, :post_id, :step)
ON CONFLICT (region, report_id, post_id) DO NOTHING;

-- stmt reports_readers many
-- in  report_id int
-- out post_id int, step int, name text, kind text, added_ms int?
-- limit: the posts of one ladder
SELECT r.post_id, r.step, p.name, p.kind, r.added_ms
  FROM report_readers r JOIN posts p ON p.region = :region AND p.id = r.post_id
 WHERE r.region = :region AND r.report_id = :report_id ORDER BY r.step, p.name;

-- Every post that a ladder may call, wherever the report comes from.
-- stmt reports_callable many
-- in  level text
-- out name text, code text, step int
-- limit: the posts of one region
-- scan: the form names them all, and the browser keeps those of the chosen place
SELECT p.name, pl.code, min(r.step) AS step
  FROM alert_rungs r
  JOIN posts p ON p.region = :region AND p.kind = r.post_kind AND p.closed_ms IS NULL
  JOIN places pl ON pl.region = :region AND pl.id = p.place_id
 WHERE r.region = :region AND r.level = :level
 GROUP BY p.id, p.name, pl.code ORDER BY step, code, p.name;

-- stmt reports_token_insert exec write
-- in  token blob, report_id int
INSERT INTO report_tokens (region, token, report_id, created_ms) VALUES (:region, :token, :report_id, :now_ms);

-- stmt reports_token_find maybe
-- in  token blob
-- out report_id int, created_ms int, spares_neighbours bool
SELECT t.report_id, t.created_ms, r.spares_neighbours
  FROM report_tokens t JOIN reports r ON r.region = :region AND r.id = t.report_id
 WHERE t.region = :region AND t.token = :token;

-- stmt reports_tokens_forget exec write
-- in  before_ms int
DELETE FROM report_tokens WHERE region = :region AND created_ms < :before_ms;

-- stmt reports_message_insert exec write
-- in  id int, report_id int, side text, account_id int?, post_id int?
INSERT INTO report_messages (region, id, report_id, side, account_id, post_id, created_ms)
VALUES (:region, :id, :report_id, :side, :account_id, :post_id, :now_ms);

-- A page of a thread and one more, the newest first, before one of them (or before now, with the greatest number).
-- stmt reports_messages many
-- in  report_id int, before_ms int, before_id int
-- out id int, side text, post_id int?, created_ms int, withdrawn_ms int?, post_name text?
SELECT m.id, m.side, m.post_id, m.created_ms, m.withdrawn_ms, p.name AS post_name
  FROM report_messages m LEFT JOIN posts p ON p.region = :region AND p.id = m.post_id
 WHERE m.region = :region AND m.report_id = :report_id AND m.created_ms <= :before_ms
   AND (m.created_ms < :before_ms OR m.id < :before_id)
 ORDER BY m.created_ms DESC, m.id DESC LIMIT 51;

-- stmt reports_message_at maybe
-- in  id int, report_id int
-- out created_ms int
SELECT created_ms FROM report_messages WHERE region = :region AND id = :id AND report_id = :report_id;

-- Of the reporter: in all, since a moment, and those that were not taken back.
-- The words of a reporter: messages, and that it is not calm.
-- stmt reports_words_count one
-- in  report_id int, case_id int, since_ms int
-- out n int, lately int
-- scan: what was gathered of one report
SELECT count(*) AS n, CAST(coalesce(sum(CASE WHEN w.created_ms > :since_ms THEN 1 ELSE 0 END), 0) AS BIGINT) AS lately
  FROM (SELECT created_ms FROM report_messages WHERE region = :region AND report_id = :report_id AND side = 'reporter'
        UNION ALL
        SELECT created_ms FROM case_entries
         WHERE region = :region AND case_id = :case_id AND about_report = :report_id AND kind = 'not_calm') w;

-- The messages of a reporter that can still be read.
-- stmt reports_messages_readable one
-- in  report_id int
-- out n int
SELECT count(*) AS n FROM report_messages
 WHERE region = :region AND report_id = :report_id AND side = 'reporter' AND withdrawn_ms IS NULL;

-- stmt reports_message_withdraw maybe write
-- in  id int, report_id int
-- out created_ms int
UPDATE report_messages SET withdrawn_ms = :now_ms
 WHERE region = :region AND id = :id AND report_id = :report_id AND side = 'reporter' AND withdrawn_ms IS NULL
RETURNING created_ms;

-- stmt reports_messages_withdraw many write
-- in  report_id int
-- out id int
-- limit: one thread, MESSAGES_MAX
UPDATE report_messages SET withdrawn_ms = :now_ms
 WHERE region = :region AND report_id = :report_id AND side = 'reporter' AND withdrawn_ms IS NULL
RETURNING id;

-- A post of those a report is for in which somebody holds the key that it is sealed to.
-- stmt reports_readable maybe
-- in  report_id int
-- out post_id int
SELECT rr.post_id
  FROM report_readers rr
  JOIN circles c ON c.region = :region AND c.post_id = rr.post_id
  JOIN circle_keys k ON k.region = :region AND k.circle_id = c.id AND k.holder = 'account'
  JOIN memberships m ON m.region = :region AND m.post_id = rr.post_id AND m.account_id = k.holder_id AND m.ended_ms IS NULL
 WHERE rr.region = :region AND rr.report_id = :report_id AND NOT EXISTS (SELECT 1 FROM circles n
        WHERE n.region = :region AND n.post_id = rr.post_id AND n.generation > c.generation) LIMIT 1;
