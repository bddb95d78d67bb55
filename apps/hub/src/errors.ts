/** Every catalogue of errors in the hub, for the document that lists them: nothing of the hub runs for it. */
export { ROLL_ERRORS } from './features/rolls/errors.ts';
export { SET_UP_ERRORS } from './features/set-up/errors.ts';
export { DESK_ERRORS } from './features/watch/errors.ts';
export { SOCKETS_ERRORS } from './features/watch/sockets/errors.ts';
export { FLOW_ERRORS } from './flow/errors.ts';
export { AUTH_ERRORS } from './platform/auth/errors.ts';
export { BACKUP_ERRORS } from './platform/backup/errors.ts';
export { JOURNAL_ERRORS } from './platform/bus/errors.ts';
export { PLATFORM_ERRORS } from './platform/errors.ts';
export { LOG_ERRORS } from './platform/evidence/errors.ts';
export { HISTORY_ERRORS } from './platform/history/errors.ts';
export { HTTP_ERRORS } from './platform/http/errors.ts';
export { POSTGRES_ERRORS } from './platform/postgres/errors.ts';
export { TLS_ERRORS } from './platform/tls/errors.ts';
export { UP_ERRORS } from './up/errors.ts';
export { WATCH_ERRORS } from './watch/errors.ts';
