/**
 * Step 1: the hub's records. Counts of the account, what needs a person, what was decided, and how far the flow has
 * come: everything that one step of the flow changes is changed in one transaction together with `progress`.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released: what comes later is a
 * step of its own.
 */
export const HUB = `
CREATE TABLE authorities (
  lea_id      text PRIMARY KEY,
  name        text NOT NULL,
  fips        text NOT NULL,
  kind        text NOT NULL,
  registered  integer NOT NULL
);

-- A sensor is a stream of the journal; its number never changes.
CREATE TABLE sensors (
  id            integer PRIMARY KEY,
  authority     text NOT NULL,
  name          text NOT NULL,
  transport     text NOT NULL,
  format        text,
  zone          text,
  -- Whether syslog headers stand around its lines.
  unwrap        boolean NOT NULL DEFAULT false,
  completeness  text NOT NULL DEFAULT 'complete',
  added_at      timestamptz NOT NULL DEFAULT now(),
  last_heard    timestamptz,
  last_event    timestamptz,
  lines         bigint NOT NULL DEFAULT 0,
  missing_batches bigint NOT NULL DEFAULT 0,
  UNIQUE (authority, name)
);

-- How far the flow has come. One row.
CREATE TABLE progress (
  "only"          boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  step            bigint NOT NULL,
  journal_offset  bigint NOT NULL,
  history_step    bigint NOT NULL,
  journal_id      text NOT NULL,
  updated_at      timestamptz NOT NULL DEFAULT now()
);

-- The account by minute of the contact and by sensor. Each row balances.
CREATE TABLE account_minutes (
  minute      timestamptz NOT NULL,
  sensor      integer NOT NULL,
  lines       bigint NOT NULL,
  repeated    bigint NOT NULL,
  unreadable  bigint NOT NULL,
  ignored     bigint NOT NULL,
  detail      bigint NOT NULL,
  contacts    bigint NOT NULL,
  knocks      bigint NOT NULL,
  late        bigint NOT NULL,
  lost        bigint NOT NULL,
  refused     bigint NOT NULL,
  blocked     bigint NOT NULL,
  served      bigint NOT NULL,
  authorised  bigint NOT NULL,
  test        bigint NOT NULL,
  reply       bigint NOT NULL,
  through     bigint NOT NULL,
  unsettled   bigint NOT NULL,
  PRIMARY KEY (minute, sensor)
);

-- The same by hour, for long periods: added to in the same transaction.
CREATE TABLE account_hours (LIKE account_minutes INCLUDING ALL);
ALTER TABLE account_hours RENAME COLUMN minute TO hour;

-- Batches that were acknowledged, to know them again. Digest: the first 16 bytes of SHA-256 of the lines.
CREATE TABLE batches (
  client    text NOT NULL,
  sequence  bigint NOT NULL,
  digest    bytea NOT NULL,
  lines     integer NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (client, sequence)
);
CREATE INDEX batches_at ON batches (at);

-- Batches up to this number of a client have been forgotten: what comes with such a number cannot be told from new.
CREATE TABLE batch_floors (
  client    text PRIMARY KEY,
  sequence  bigint NOT NULL
);

-- Followed files: how far their lines are in the account.
CREATE TABLE followed (
  path     text PRIMARY KEY,
  file     text NOT NULL,
  "offset" bigint NOT NULL
);

-- What needs a person. \`key\` joins what is the same thing while it is not closed.
CREATE TABLE incidents (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          text NOT NULL,
  kind         text NOT NULL,
  state        text NOT NULL DEFAULT 'open',
  authority    text,
  sensor       integer,
  opened_at    timestamptz NOT NULL,
  last_at      timestamptz NOT NULL,
  count        bigint NOT NULL,
  reason       text NOT NULL,
  source       text,
  destination  text,
  port         integer,
  protocol     integer,
  line         bigint,
  note         text,
  closed_at    timestamptz
);
CREATE UNIQUE INDEX incidents_key ON incidents (key) WHERE state <> 'closed';
CREATE INDEX incidents_open ON incidents (kind, last_at DESC) WHERE state <> 'closed';
CREATE INDEX incidents_last ON incidents (last_at DESC);

-- Blocks that were decided.
CREATE TABLE decisions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  value      cidr NOT NULL,
  reason     text NOT NULL,
  alpha      double precision,
  rule       text NOT NULL,
  forgeable  boolean NOT NULL,
  covers     text NOT NULL,
  contacts   bigint NOT NULL,
  targets    bigint NOT NULL,
  first_at   timestamptz,
  last_at    timestamptz,
  campaign   text,
  from_at    timestamptz NOT NULL,
  until_at   timestamptz NOT NULL
);
CREATE INDEX decisions_value ON decisions USING gist (value inet_ops);
CREATE INDEX decisions_until ON decisions (until_at);
CREATE INDEX decisions_from ON decisions (from_at);

-- Parquet files of the history that count: others in its folder are leftovers.
CREATE TABLE history_files (
  path       text PRIMARY KEY,
  day        date,
  from_step  bigint NOT NULL,
  to_step    bigint NOT NULL,
  rows       bigint NOT NULL,
  bytes      bigint NOT NULL,
  first_at   timestamptz,
  last_at    timestamptz
);
CREATE INDEX history_files_day ON history_files (day);

-- What the hub did not take in.
CREATE TABLE refusals (
  minute   timestamptz NOT NULL,
  port     text NOT NULL,
  reason   text NOT NULL,
  batches  bigint NOT NULL,
  lines    bigint NOT NULL,
  bytes    bigint NOT NULL,
  PRIMARY KEY (minute, port, reason)
);

-- Surfaces that were stated; the last one holds.
CREATE TABLE surfaces (
  version  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  yaml     text NOT NULL,
  sha256   text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now()
);

-- Small facts about this hub: zone of the state, whether the sample is loaded.
CREATE TABLE facts (
  name   text PRIMARY KEY,
  value  jsonb NOT NULL
);
`;
