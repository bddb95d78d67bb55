/**
 * Step 8: where the source of a block is seen: its packets, or a client that only a proxy of ours named.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const SEEN = `
-- packets: whoever stops packets can stop it. client: only who sees the client behind a proxy can turn it away.
ALTER TABLE decisions ADD COLUMN seen text NOT NULL DEFAULT 'packets';

CREATE OR REPLACE VIEW standing_decisions AS
  SELECT d.id, d.value, d.reason, d.alpha, d.rule, d.forgeable, d.covers, d.contacts, d.targets, d.first_at, d.last_at,
         d.campaign, d.from_at, least(d.until_at, l.lifted_at) AS until_at, d.seen
  FROM decisions d LEFT JOIN lifted_decisions l ON l.decision = d.id;
`;
