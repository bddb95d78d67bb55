/** The catalogues of errors, one for each `errors.ts` of a room: a test finds the ones that are missing here. */
import { AGENT_ERRORS } from '@bellwether/agent/errors';
import { type ErrorCatalogue, X509_ERRORS } from '@bellwether/basics';
import { BLOCKS_ERRORS } from '@bellwether/blocks';
import { CONTACTS_ERRORS } from '@bellwether/contacts';
import { DRILLS_ERRORS } from '@bellwether/drills';
import { EVIDENCE_ERRORS } from '@bellwether/evidence';
import {
  AGENTS_ERRORS,
  AUTH_ERRORS,
  BACKUP_ERRORS,
  BOUNCERS_ERRORS,
  DESK_ERRORS,
  DRILL_RUN_ERRORS,
  FLOW_ERRORS,
  HISTORY_ERRORS,
  HTTP_ERRORS,
  JOURNAL_ERRORS,
  LOG_ERRORS,
  MAIL_FILE_ERRORS,
  MAIL_ROOM_ERRORS,
  MAILBOX_ERRORS,
  PLATFORM_ERRORS,
  POSTGRES_ERRORS,
  ROLL_ERRORS,
  SET_UP_ERRORS,
  SOCKETS_ERRORS,
  TLS_ERRORS,
  UP_ERRORS,
  WATCH_ERRORS,
} from '@bellwether/hub/errors';
import { DOMAIN_REPORT_ERRORS, MAIL_ERRORS } from '@bellwether/mail';
import { ROLLS_ERRORS } from '@bellwether/rolls';
import { VERIFY_ERRORS } from '@bellwether/verifier/errors';

/** The errors of one room, or of one folder of it: where its `errors.ts` stands, without `src`. */
export type RoomErrors = { readonly room: string; readonly errors: ErrorCatalogue };

/** Every catalogue there is, in the order of the document. */
export const CATALOGUES: readonly RoomErrors[] = [
  { room: 'packages/basics/x509', errors: X509_ERRORS },
  { room: 'packages/blocks', errors: BLOCKS_ERRORS },
  { room: 'packages/contacts', errors: CONTACTS_ERRORS },
  { room: 'packages/evidence', errors: EVIDENCE_ERRORS },
  { room: 'packages/mail', errors: MAIL_ERRORS },
  { room: 'packages/mail/domain-reports', errors: DOMAIN_REPORT_ERRORS },
  { room: 'packages/drills', errors: DRILLS_ERRORS },
  { room: 'packages/rolls', errors: ROLLS_ERRORS },
  { room: 'apps/agent', errors: AGENT_ERRORS },
  { room: 'apps/verifier', errors: VERIFY_ERRORS },
  { room: 'apps/hub/watch', errors: WATCH_ERRORS },
  { room: 'apps/hub/up', errors: UP_ERRORS },
  { room: 'apps/hub/flow', errors: FLOW_ERRORS },
  { room: 'apps/hub/features/agents', errors: AGENTS_ERRORS },
  { room: 'apps/hub/features/blocks/lapi', errors: BOUNCERS_ERRORS },
  { room: 'apps/hub/features/drills', errors: DRILL_RUN_ERRORS },
  { room: 'apps/hub/features/mail/files', errors: MAIL_FILE_ERRORS },
  { room: 'apps/hub/features/mail/mailboxes', errors: MAILBOX_ERRORS },
  { room: 'apps/hub/features/mail/room', errors: MAIL_ROOM_ERRORS },
  { room: 'apps/hub/features/watch', errors: DESK_ERRORS },
  { room: 'apps/hub/features/rolls', errors: ROLL_ERRORS },
  { room: 'apps/hub/features/set-up', errors: SET_UP_ERRORS },
  { room: 'apps/hub/features/watch/sockets', errors: SOCKETS_ERRORS },
  { room: 'apps/hub/platform', errors: PLATFORM_ERRORS },
  { room: 'apps/hub/platform/http', errors: HTTP_ERRORS },
  { room: 'apps/hub/platform/auth', errors: AUTH_ERRORS },
  { room: 'apps/hub/platform/tls', errors: TLS_ERRORS },
  { room: 'apps/hub/platform/bus', errors: JOURNAL_ERRORS },
  { room: 'apps/hub/platform/postgres', errors: POSTGRES_ERRORS },
  { room: 'apps/hub/platform/evidence', errors: LOG_ERRORS },
  { room: 'apps/hub/platform/history', errors: HISTORY_ERRORS },
  { room: 'apps/hub/platform/backup', errors: BACKUP_ERRORS },
];
