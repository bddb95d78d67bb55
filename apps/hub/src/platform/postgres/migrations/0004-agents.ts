/**
 * Step 4: agents of offices, the codes by which they enrol, the number of the last order, blocks that people lifted, who is
 * spared at voters' services, and what agents last read back.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const AGENTS = `
-- Half of a code's secret finds it; of the whole only the hash is kept.
CREATE TABLE agent_codes (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finder    text NOT NULL,
  secret    bytea NOT NULL,
  office    text NOT NULL,
  name      text NOT NULL,
  made_by   text NOT NULL,
  made_at   timestamptz NOT NULL,
  until_at  timestamptz NOT NULL,
  tries     integer NOT NULL DEFAULT 0,
  used_at   timestamptz
);
CREATE INDEX agent_codes_finder ON agent_codes (finder);

-- serial_before: the certificate that a renewal replaced, until the new one is used.
CREATE TABLE agents (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office         text NOT NULL,
  name           text NOT NULL,
  serial         text NOT NULL,
  serial_before  text,
  enrolled_at    timestamptz NOT NULL,
  enrolled_by    text NOT NULL,
  until_at       timestamptz NOT NULL,
  version        text,
  last_heard     timestamptz,
  report         jsonb,
  clock_ahead    bigint,
  revoked_at     timestamptz,
  revoked_why    text
);
-- One agent of a name at an office; one that was revoked makes room.
CREATE UNIQUE INDEX agents_name ON agents (office, name) WHERE revoked_at IS NULL;

-- Number of the last order: it goes on over restarts, or agents would take new orders for old ones.
CREATE TABLE order_numbers (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  number  bigint NOT NULL
);

-- A block that was lifted by a person. The decision stays as it was written.
CREATE TABLE lifted_decisions (
  decision   bigint PRIMARY KEY,
  lifted_at  timestamptz NOT NULL,
  lifted_by  text NOT NULL,
  why        text NOT NULL
);

-- Decisions as they stand: those that were lifted end when they were. Whoever enforces reads these.
CREATE VIEW standing_decisions AS
  SELECT d.id, d.value, d.reason, d.alpha, d.rule, d.forgeable, d.covers, d.contacts, d.targets, d.first_at, d.last_at,
         d.campaign, d.from_at, least(d.until_at, l.lifted_at) AS until_at
  FROM decisions d LEFT JOIN lifted_decisions l ON l.decision = d.id;

-- Who is let in to voters' services whatever is held against them; office null: everywhere.
CREATE TABLE spared (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network   cidr NOT NULL,
  from_at   timestamptz NOT NULL,
  until_at  timestamptz NOT NULL,
  how       text NOT NULL,
  made_by   text,
  note      text,
  office    text,
  ended_at  timestamptz
);
CREATE INDEX spared_until ON spared (until_at);
`;
