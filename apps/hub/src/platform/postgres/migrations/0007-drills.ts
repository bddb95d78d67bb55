/**
 * Step 7: drills: what was drawn and sealed before it ran, and what became of it.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const DRILLS = `
-- logged: number of the entry in the evidence log that holds the seal.
CREATE TABLE drill_series (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seal      text NOT NULL,
  nonce     bytea NOT NULL,
  seed      bytea NOT NULL,
  mixture   text NOT NULL,
  detector  text NOT NULL,
  logged    bigint,
  began_at  timestamptz NOT NULL,
  ended_at  timestamptz
);
-- One series at a time.
CREATE UNIQUE INDEX drill_series_open ON drill_series ((true)) WHERE ended_at IS NULL;

-- draw: null where a person chose the kind, or where an earlier drill is repeated.
-- until_at: when its time is over. judged_at, decided_at: when a label and a block of its source were first met with. seen, judged, blocked: ms from its first packet, written when it is scored.
CREATE TABLE drills (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series      bigint NOT NULL REFERENCES drill_series,
  draw        integer,
  repeats     bigint REFERENCES drills,
  kind        text NOT NULL,
  settings    jsonb NOT NULL,
  variation   text NOT NULL,
  office      text NOT NULL,
  target      text NOT NULL,
  source      text NOT NULL,
  seal        text NOT NULL,
  nonce       bytea NOT NULL,
  logged      bigint,
  planned_at  timestamptz NOT NULL,
  started_at  timestamptz,
  ended_at    timestamptz,
  until_at    timestamptz,
  judged_at   timestamptz,
  decided_at  timestamptz,
  blocked_at  timestamptz,
  blocked_by  text,
  seen        integer,
  judged      integer,
  blocked     integer,
  innocent    integer,
  outcome     text,
  scored_at   timestamptz,
  UNIQUE (series, draw)
);
CREATE INDEX drills_source ON drills (source) WHERE scored_at IS NOT NULL;
CREATE INDEX drills_unscored ON drills (planned_at) WHERE scored_at IS NULL;
`;
