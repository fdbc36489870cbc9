-- Wrong passwords are counted in memory, by what was typed and from where (http/guess.h): a count in the account's row told which
-- names there are, and let strangers lock its person out.

ALTER TABLE accounts DROP COLUMN failed_count;
ALTER TABLE accounts DROP COLUMN failed_ms;
