/** The catalogues of errors, one for each `errors.ts` of a room: a test finds the ones that are missing here. */
import type { ErrorCatalogue } from '@bellwether/basics';
import { CONTACTS_ERRORS } from '@bellwether/contacts';
import { WATCH_ERRORS } from '@bellwether/hub/errors';

/** The errors of one room. */
export type RoomErrors = { readonly room: string; readonly errors: ErrorCatalogue };

/** Every catalogue there is, in the order of the document. */
export const CATALOGUES: readonly RoomErrors[] = [
  { room: 'packages/contacts', errors: CONTACTS_ERRORS },
  { room: 'apps/hub', errors: WATCH_ERRORS },
];
