-- How far the clock is to be believed (steady.h).

-- stmt clocks_get maybe
-- out looked_ms int, steady_ms int
SELECT looked_ms, steady_ms FROM clocks WHERE region = :region;

-- stmt clocks_set exec write
-- in  steady_ms int
INSERT INTO clocks (region, looked_ms, steady_ms) VALUES (:region, :now_ms, :steady_ms)
ON CONFLICT (region) DO UPDATE SET looked_ms = :now_ms, steady_ms = :steady_ms WHERE clocks.region = :region;
