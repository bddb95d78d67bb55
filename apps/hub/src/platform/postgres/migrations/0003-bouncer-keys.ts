/**
 * Step 3: keys of bouncers, which read blocks and send nothing. What such a key takes stands beside it; for a key that
 * sends lines there is nothing.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const BOUNCER_KEYS = `
ALTER TABLE keys ADD COLUMN bouncer jsonb;
`;
