-- How often the words of one receipt have rung: so that one reporter cannot ring without end, and is heard all the same.
CREATE TABLE alert_words (
  region    TEXT NOT NULL,
  report_id BIGINT NOT NULL,
  alert_id  BIGINT NOT NULL,                                     -- the call that the last word came to
  rings     BIGINT NOT NULL,                                     -- since the last answer
  rung_ms   BIGINT NOT NULL,                                     -- when last, or when the word that is held will
  calls     BIGINT NOT NULL,                                     -- raised after an end
  held_ms   BIGINT,                                              -- a word of that time has not rung yet
  not_calm  BOOLEAN NOT NULL,                                    -- that it is not calm was said, and nobody has answered it
  PRIMARY KEY (region, report_id)
);
CREATE INDEX alert_words_by_alert ON alert_words (region, alert_id);
ALTER TABLE alert_words ADD CONSTRAINT alert_words_report_fkey FOREIGN KEY (region, report_id) REFERENCES reports (region, id);
ALTER TABLE alert_words ADD CONSTRAINT alert_words_alert_fkey FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id);
