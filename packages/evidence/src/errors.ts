/** What can be wrong with evidence. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const EVIDENCE_ERRORS = defineErrors({
  EVIDENCE_MALFORMED: {
    message: 'This is not in the form that its standard asks for.',
    status: 422,
    help: 'Get it again from where it came; if it stays so, what sends it is broken or somebody changed it on the way.',
  },
  EVIDENCE_UNSIGNED: {
    message: 'Nobody whom you trust has signed this.',
    status: 422,
    help: 'Check that you use the key or the policy of this log.',
  },
  EVIDENCE_SIGNATURE_WRONG: {
    message: 'A signature does not belong to what it stands under.',
    status: 422,
    help: 'Do not rely on it: it was changed after it was signed, or the key is not the one that is named.',
  },
  EVIDENCE_PROOF_WRONG: {
    message: 'The proof does not lead to the root that it is for.',
    status: 422,
    help: 'Get the proof and the checkpoint again, both from the same moment; if it stays so, the log does not hold what it says.',
  },
  EVIDENCE_TILE_MISSING: {
    message: 'A part of the log that is needed is missing or cut off.',
    status: 404,
    help: 'Copy the part that is named again from the log; a proof for a smaller tree may still work.',
  },
  EVIDENCE_QUORUM_SPLITS: {
    message:
      'Two groups of witnesses without a common member could agree to different things under this policy.',
    status: 422,
    help: 'Raise the number of witnesses that it asks for, to more than half.',
  },
  EVIDENCE_QUORUM_MISSED: {
    message: 'Not enough witnesses have cosigned this.',
    status: 422,
    help: 'Wait some minutes and ask again; the policy says how many are needed.',
  },
});

export type EvidenceErrorCode = keyof typeof EVIDENCE_ERRORS;

/** One failure: its code, and what happened in this case. */
export type EvidenceError = { readonly code: EvidenceErrorCode; readonly detail: string };
