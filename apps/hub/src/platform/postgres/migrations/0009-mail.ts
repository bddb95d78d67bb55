/**
 * Step 9: mail: what hooks told of every message, what is kept from whom, reports, pull-backs, and who is protected.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const MAIL = `
-- The account: what is counted here stays when a message is forgotten. outcome: as hooks tell it, 'put-off' among them.
CREATE TABLE mail_days (
  day       date NOT NULL,
  hook      text NOT NULL,
  office    text NOT NULL,
  outcome   text NOT NULL,
  messages  bigint NOT NULL,
  last_at   timestamptz NOT NULL,
  PRIMARY KEY (day, hook, office, outcome)
);

-- told: made by the hook, so that what is told twice counts once. state: null where nobody is kept from it.
-- trouble: why it could not be let go.
-- Of what was delivered neither subject nor words are kept. exposed: seconds in a mailbox.
CREATE TABLE mail_messages (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  told           text NOT NULL UNIQUE,
  at             timestamptz NOT NULL,
  hook           text NOT NULL,
  office         text NOT NULL,
  outcome        text NOT NULL,
  state          text,
  sha256         text NOT NULL,
  score          real NOT NULL,
  sender         text NOT NULL,
  sender_name    text NOT NULL,
  recipients     text[] NOT NULL,
  subject        text NOT NULL,
  reasons        jsonb NOT NULL,
  campaign       text,
  held_where     text NOT NULL,
  queue_id       text,
  exposed        integer NOT NULL,
  is_kept        boolean NOT NULL,
  released_at    timestamptz,
  released_by    text,
  released_why   text,
  trouble        text
);
CREATE INDEX mail_messages_at ON mail_messages (at);
CREATE INDEX mail_messages_sender ON mail_messages (sender) WHERE state IS NOT NULL;
CREATE INDEX mail_messages_kept ON mail_messages (id) WHERE state IS NOT NULL;
CREATE INDEX mail_messages_campaign ON mail_messages (campaign) WHERE campaign IS NOT NULL;

-- Keyed hashes: whoever reads the table without the key learns no link and no file.
CREATE TABLE mail_prints (
  print    text NOT NULL,
  message  bigint NOT NULL REFERENCES mail_messages ON DELETE CASCADE,
  PRIMARY KEY (print, message)
);
CREATE INDEX mail_prints_message ON mail_prints (message);

CREATE TABLE mail_reports (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  told         text NOT NULL UNIQUE,
  at           timestamptz NOT NULL,
  reporter     text NOT NULL,
  office       text NOT NULL,
  subject      text NOT NULL,
  sha256       text NOT NULL,
  outcome      text NOT NULL,
  seconds      real,
  is_kept      boolean NOT NULL,
  answered_at  timestamptz,
  answered_by  text
);

CREATE TABLE mail_pulls (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  told      text NOT NULL UNIQUE,
  at        timestamptz NOT NULL,
  act       text NOT NULL,
  hook      text NOT NULL,
  campaign  text NOT NULL,
  office    text NOT NULL,
  mailbox   text NOT NULL,
  sha256    text NOT NULL,
  subject   text NOT NULL,
  wanted_by text NOT NULL,
  why       text NOT NULL
);
CREATE INDEX mail_pulls_campaign ON mail_pulls (campaign);

-- What a person wants a hook to do.
CREATE TABLE mail_orders (
  number   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  act      text NOT NULL,
  message  bigint NOT NULL REFERENCES mail_messages,
  made_at  timestamptz NOT NULL,
  made_by  text NOT NULL,
  why      text NOT NULL,
  done_at  timestamptz,
  is_done  boolean,
  detail   text
);

-- Who is protected, as the state says it: every version of the list.
CREATE TABLE mail_lists (
  version     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  yaml        text NOT NULL,
  changed_at  timestamptz NOT NULL,
  changed_by  text NOT NULL
);
`;
