/** The catalogues of errors, one for each room that has an `errors.ts`: a test finds the ones that are missing here. */
import type { ErrorCatalogue } from '@bellwether/basics';
import { CONTACTS_ERRORS } from '@bellwether/contacts';

/** The errors of one room. */
export type RoomErrors = { readonly room: string; readonly errors: ErrorCatalogue };

/** Every catalogue there is, in the order of the document. */
export const CATALOGUES: readonly RoomErrors[] = [{ room: 'packages/contacts', errors: CONTACTS_ERRORS }];
