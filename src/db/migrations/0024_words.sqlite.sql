-- How often the words of one receipt have rung: so that one reporter cannot ring without end, and is heard all the same.
CREATE TABLE alert_words (
  region    TEXT NOT NULL,
  report_id INTEGER NOT NULL,
  alert_id  INTEGER NOT NULL,                                    -- the call that the last word came to
  rings     INTEGER NOT NULL,                                    -- since the last answer
  rung_ms   INTEGER NOT NULL,                                    -- when last, or when the word that is held will
  calls     INTEGER NOT NULL,                                    -- raised after an end
  held_ms   INTEGER,                                             -- a word of that time has not rung yet
  not_calm  INTEGER NOT NULL CHECK (not_calm IN (0, 1)),         -- that it is not calm was said, and nobody has answered it
  PRIMARY KEY (region, report_id),
  FOREIGN KEY (region, report_id) REFERENCES reports (region, id),
  FOREIGN KEY (region, alert_id) REFERENCES alerts (region, id)
) STRICT;
CREATE INDEX alert_words_by_alert ON alert_words (region, alert_id);
