/**
 * Step 10: what mail is known to be bad by, and hunts that a person or the filter wants.
 *
 * SQL in a string, since the hub is one bundled file. It never changes once it is released.
 */
export const MAIL_MARKS = `
-- change: rises with every change of a mark, so that hooks ask for what is new. is_confirmed: somebody looked at it, or it
-- was moved out of mailboxes; others hold only where nothing can be judged. list: the campaign.
CREATE SEQUENCE mail_mark_changes;
CREATE TABLE mail_marks (
  kind          text NOT NULL,
  value         text NOT NULL,
  change        bigint NOT NULL,
  list          text NOT NULL,
  is_confirmed  boolean NOT NULL,
  is_ended      boolean NOT NULL,
  at            timestamptz NOT NULL,
  PRIMARY KEY (kind, value)
);
CREATE UNIQUE INDEX mail_marks_change ON mail_marks (change);
CREATE INDEX mail_marks_list ON mail_marks (list);

-- A hunt is for what is like a message that lies here, in whatever mailboxes it is; or for what has these prints.
ALTER TABLE mail_orders
  ALTER COLUMN message DROP NOT NULL,
  ADD COLUMN sha256 text,
  ADD COLUMN campaign text,
  ADD COLUMN office text,
  ADD COLUMN prints text[],
  ADD CHECK ((message IS NULL) = (sha256 IS NOT NULL AND campaign IS NOT NULL AND office IS NOT NULL));
`;
