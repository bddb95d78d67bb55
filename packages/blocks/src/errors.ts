/** What can go wrong with blocks. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const BLOCKS_ERRORS = defineErrors({
  BLOCKS_ORDER_MALFORMED: {
    message: 'This is no order.',
    status: 422,
    help: 'Nothing of it was taken, and what was blocked stays blocked until its end. Bring hub and agent to the same version.',
  },
  BLOCKS_ORDER_UNSIGNED: {
    message: 'This order is not signed by the hub that the office enrolled at.',
    status: 403,
    help: 'Nothing of it was taken. Call the state office on a number that you know: somebody may speak in its name.',
  },
  BLOCKS_ORDER_ELSEWHERE: {
    message: 'This order is for another office, or by another hub.',
    status: 409,
    help: 'Nothing of it was taken. If the hub is a new one, enrol again with a new code.',
  },
  BLOCKS_LISTING_MALFORMED: {
    message: 'What nft told cannot be read.',
    status: 502,
    help: 'Nobody can say what the kernel blocks. Look at `nft list ruleset` and at the version of nft: 1.0.6 or newer.',
  },
  BLOCKS_APPEAL_CODE: {
    message: 'This is no code of a page that turned somebody away.',
    status: 422,
    help: 'Let the caller read it again, in groups of four digits. It stands on the page, below the telephone number.',
  },
  BLOCKS_APPEAL_UNKNOWN: {
    message: 'Nobody is let in under this number.',
    status: 404,
    help: 'Load the list again: it may be over, or somebody has ended it.',
  },
});

export type BlocksErrorCode = keyof typeof BLOCKS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type BlocksError = { readonly code: BlocksErrorCode; readonly detail: string };
