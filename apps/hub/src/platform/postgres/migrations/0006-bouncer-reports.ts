/**
 * Step 6: what a bouncer said of itself last: its kind and version, what it holds and what it dropped.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const BOUNCER_REPORTS = `
ALTER TABLE keys ADD COLUMN report jsonb;
`;
