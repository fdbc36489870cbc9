-- Whether somebody heard a call when it rang last. Of those before nobody knows: they count as heard.
ALTER TABLE alert_calls ADD COLUMN heard BOOLEAN NOT NULL DEFAULT true;
