/**
 * Step 5: visits of known-good visitors to services for voters, and whether a block kept them waiting.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const PROBES = `
-- source: the address that it came from, where the configuration names one. took: ms.
CREATE TABLE probes (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL,
  name      text NOT NULL,
  persona   text NOT NULL,
  source    text,
  outcome   text NOT NULL,
  status    integer,
  detail    text NOT NULL,
  took      integer NOT NULL,
  by_block  boolean NOT NULL
);
CREATE INDEX probes_at ON probes (at);
`;
