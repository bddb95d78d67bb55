/** What gathering cosignatures is opened with, and the round that it is in. */
import type { CheckedSignature, NoteSignature, Policy } from '@bellwether/evidence';
import type { AskWitness } from './ask-witness.ts';
import type { EvidenceLog } from './log-types.ts';
import type { TimeOfStatement } from './witness-statements.ts';

/** What witnesses are gathered with. */
export type WitnessingOptions = {
  readonly log: EvidenceLog;
  readonly folder: string;
  readonly privateFolder: string;
  /** Null: nobody has to cosign, and checkpoints are published as they are. */
  readonly policy: Policy | null;
  readonly ask?: AskWitness;
  /** When a statement says that it was made; without it, the last one that is handed in counts. */
  readonly timeOf?: TimeOfStatement;
  /** ms since 1970. */
  readonly now: () => number;
  /** A witness did what it should not, or the log cannot write. */
  readonly onTrouble: (what: string) => void;
};

/** A checkpoint that is held still. */
export type Round = {
  readonly text: string;
  readonly own: NoteSignature;
  /** The newest line of each key of a witness. */
  readonly lines: Map<string, CheckedSignature>;
  readonly from: number;
};
