-- Whoever left a post is off its roster, and nobody stands on one twice at a time.

UPDATE duties SET ended_ms = coalesce((SELECT max(m.ended_ms) FROM memberships m
                                         WHERE m.region = duties.region AND m.post_id = duties.post_id
                                           AND m.account_id = duties.account_id), created_ms)
 WHERE ended_ms IS NULL
   AND NOT EXISTS (SELECT 1 FROM memberships m
                    WHERE m.region = duties.region AND m.post_id = duties.post_id
                      AND m.account_id = duties.account_id AND m.ended_ms IS NULL);

UPDATE duties SET ended_ms = created_ms
 WHERE ended_ms IS NULL
   AND EXISTS (SELECT 1 FROM duties o
                WHERE o.region = duties.region AND o.post_id = duties.post_id AND o.account_id = duties.account_id
                  AND o.ended_ms IS NULL AND o.from_ms <= duties.from_ms AND o.until_ms >= duties.until_ms
                  AND (o.until_ms - o.from_ms > duties.until_ms - duties.from_ms OR o.id < duties.id)
                  AND o.id <> duties.id);

UPDATE duty_swaps SET answered_ms = asked_ms
 WHERE answered_ms IS NULL
   AND EXISTS (SELECT 1 FROM duties d
                WHERE d.region = duty_swaps.region AND d.id = duty_swaps.duty_id AND d.ended_ms IS NOT NULL);
