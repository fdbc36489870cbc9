-- Who took a report's text back read that nobody could read it any more; the messages they had written until then stayed. They are
-- taken back as well: emptied, and their keys gone.
UPDATE report_messages SET withdrawn_ms =
  (SELECT r.withdrawn_ms FROM reports r WHERE r.region = report_messages.region AND r.id = report_messages.report_id)
 WHERE side = 'reporter' AND withdrawn_ms IS NULL
   AND EXISTS (SELECT 1 FROM reports r WHERE r.region = report_messages.region AND r.id = report_messages.report_id
                  AND r.withdrawn_ms >= report_messages.created_ms);
UPDATE boxes SET ciphertext = '\x'::bytea
 WHERE subject = 'report_messages'
   AND EXISTS (SELECT 1 FROM report_messages m WHERE m.region = boxes.region AND m.id = boxes.subject_id
                  AND m.withdrawn_ms IS NOT NULL);
DELETE FROM box_keys
 WHERE subject = 'report_messages'
   AND EXISTS (SELECT 1 FROM report_messages m WHERE m.region = box_keys.region AND m.id = box_keys.subject_id
                  AND m.withdrawn_ms IS NOT NULL);
