-- Since when a post reads a report that it was given later, by a hand-over or a join; null: from the beginning.
ALTER TABLE report_readers ADD COLUMN added_ms INTEGER;
