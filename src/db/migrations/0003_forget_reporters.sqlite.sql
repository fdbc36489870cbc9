-- Reports, messages and confirmations of somebody who happened to be signed in named them. Nobody is named any more, and what
-- was written is emptied. Only an explicit "I write down a caller's words" says who did, and there was none before this step.

UPDATE reports SET entered_by = NULL WHERE entered_by IS NOT NULL;
UPDATE reports SET channel = 'web' WHERE channel = 'desk';
UPDATE report_messages SET account_id = NULL WHERE side = 'reporter' AND account_id IS NOT NULL;
UPDATE cases SET confirmed_by = NULL WHERE confirmed_as = 'reporter' AND confirmed_by IS NOT NULL;
-- A member acts as member of a post; what stands without one is a reporter's, except that a case was opened by hand.
UPDATE case_entries SET account_id = NULL
 WHERE account_id IS NOT NULL AND (post_id IS NULL OR kind = 'called')
   AND NOT (kind = 'opened' AND EXISTS (SELECT 1 FROM cases WHERE cases.region = case_entries.region
                                           AND cases.id = case_entries.case_id AND cases.opened_by IS NOT NULL));
