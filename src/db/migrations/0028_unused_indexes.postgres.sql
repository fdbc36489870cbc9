-- Indexes that no statement reads: each report paid for them.
DROP INDEX sign_in_names_by_account;
DROP INDEX box_keys_by_reader;
DROP INDEX cases_by_state;
DROP INDEX case_posts_by_post;
DROP INDEX reports_by_place;
DROP INDEX alerts_open;
DROP INDEX alert_calls_by_post;
