-- Which report the word is of that waits for an answer (unread_ms): who does not read that report takes no mark off it. Null: not
-- known, so that whoever answers does.
ALTER TABLE alerts ADD COLUMN unread_report BIGINT;
