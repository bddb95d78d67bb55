/**
 * Step 2: people, how they show who they are, what they may do, and the trail of what they did. Secrets are kept as
 * SHA-256 (they are random, and long enough that nobody finds them by trying).
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const PEOPLE = `
CREATE TABLE people (
  -- 128 random bits, base64url; also the user handle of their passkeys.
  id          text PRIMARY KEY,
  name        text NOT NULL,
  phone       text,
  state       text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'removed')),
  created_at  timestamptz NOT NULL,
  removed_at  timestamptz
);

-- A role at a place ('state' or a lea_id). Rows are ended, never removed: the trail names them.
CREATE TABLE grants (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person    text NOT NULL REFERENCES people (id),
  role      text NOT NULL,
  place     text NOT NULL,
  from_at   timestamptz NOT NULL,
  until_at  timestamptz,
  ended_at  timestamptz,
  -- Person who gave it, 'machine', or 'oidc:NAME' for a directory, which gives anew at each sign-in.
  given_by  text NOT NULL,
  why       text
);
CREATE INDEX grants_person ON grants (person) WHERE ended_at IS NULL;
CREATE INDEX grants_place ON grants (place) WHERE ended_at IS NULL;

CREATE TABLE passkeys (
  -- Credential id, base64url.
  id          text PRIMARY KEY,
  person      text NOT NULL REFERENCES people (id),
  -- Name of the site that it is for: 'localhost', or the name of the hub.
  site        text NOT NULL,
  public_key  bytea NOT NULL,
  counter     bigint NOT NULL,
  transports  text[] NOT NULL,
  backed_up   boolean NOT NULL,
  name        text NOT NULL,
  added_at    timestamptz NOT NULL,
  used_at     timestamptz,
  removed_at  timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person) WHERE removed_at IS NULL;

-- Codes that are read over the phone.
CREATE TABLE codes (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person     text NOT NULL REFERENCES people (id),
  hash       bytea NOT NULL UNIQUE,
  purpose    text NOT NULL CHECK (purpose IN ('enrol', 'passkey', 'recover')),
  made_by    text NOT NULL,
  made_at    timestamptz NOT NULL,
  until_at   timestamptz NOT NULL,
  used_at    timestamptz,
  withdrawn_at timestamptz
);
CREATE INDEX codes_person ON codes (person) WHERE used_at IS NULL AND withdrawn_at IS NULL;

-- Codes that were printed, to be kept in a drawer.
CREATE TABLE recovery_codes (
  hash     bytea PRIMARY KEY,
  person   text NOT NULL REFERENCES people (id),
  made_at  timestamptz NOT NULL,
  used_at  timestamptz,
  withdrawn_at timestamptz
);
CREATE INDEX recovery_codes_person ON recovery_codes (person);

-- An administrator who lost every passkey, until another administrator has agreed.
CREATE TABLE recoveries (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person       text NOT NULL REFERENCES people (id),
  asked_at     timestamptz NOT NULL,
  asked_from   text NOT NULL,
  until_at     timestamptz NOT NULL,
  decided_by   text,
  decided_at   timestamptz,
  approved     boolean
);
CREATE UNIQUE INDEX recoveries_open ON recoveries (person) WHERE decided_at IS NULL;

-- Who a directory (OIDC) says somebody is.
CREATE TABLE identities (
  directory  text NOT NULL,
  subject    text NOT NULL,
  person     text NOT NULL REFERENCES people (id),
  added_at   timestamptz NOT NULL,
  PRIMARY KEY (directory, subject)
);

CREATE TABLE sessions (
  hash         bytea PRIMARY KEY,
  -- What the session is called where it is shown: no secret.
  number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  person       text NOT NULL REFERENCES people (id),
  how          text NOT NULL,
  passkey      text REFERENCES passkeys (id),
  created_at   timestamptz NOT NULL,
  seen_at      timestamptz NOT NULL,
  stepped_up_at timestamptz,
  -- Network (IPv4 /24, IPv6 /48) that the session belongs to, and the browser as it names itself.
  network      text NOT NULL,
  agent        text NOT NULL,
  ended_at     timestamptz,
  ended_why    text
);
CREATE INDEX sessions_person ON sessions (person) WHERE ended_at IS NULL;

-- Keys with which programs send lines of one place.
CREATE TABLE keys (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash          bytea NOT NULL UNIQUE,
  place         text NOT NULL,
  name          text NOT NULL,
  made_by       text NOT NULL,
  made_at       timestamptz NOT NULL,
  used_at       timestamptz,
  withdrawn_at  timestamptz
);

-- Who looked at whose data: a row an hour. place '*': at all offices at once.
CREATE TABLE visits (
  hour      timestamptz NOT NULL,
  place     text NOT NULL,
  -- Person, or 'machine'.
  who       text NOT NULL,
  verb      text NOT NULL,
  -- Role by which they could, as it was then.
  role      text NOT NULL,
  first_at  timestamptz NOT NULL,
  last_at   timestamptz NOT NULL,
  times     bigint NOT NULL,
  PRIMARY KEY (hour, place, who, verb)
);
CREATE INDEX visits_place ON visits (place, hour DESC);

-- Who did what, and why. A chain: each hash covers the row and the hash before it.
CREATE TABLE trail (
  number    bigint PRIMARY KEY,
  at        timestamptz NOT NULL,
  -- Person, 'machine' (who holds the data folder), or 'hub'.
  who       text NOT NULL,
  name      text NOT NULL,
  act       text NOT NULL,
  place     text NOT NULL,
  about     text NOT NULL,
  why       text,
  before    jsonb,
  after     jsonb,
  origin    text,
  previous  bytea NOT NULL,
  hash      bytea NOT NULL
);
CREATE INDEX trail_place ON trail (place, number DESC);
CREATE FUNCTION trail_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trail is only ever added to';
END $$;
CREATE TRIGGER trail_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
  FOR EACH STATEMENT EXECUTE FUNCTION trail_stands();
`;
