/** What the mail room needs of the rest of the hub. */
import type { NewIndicator } from '@bellwether/api';
import type { Judgement } from '@bellwether/mail';
import type { Kysely } from 'kysely';
import type { Trail } from '../../../platform/auth/auth-types.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { LabelledFiles } from './labelled-files.ts';
import type { ShowPart } from './show-part.ts';

/** The rest of the hub, as the mail room sees it. */
export type MailRoomDependencies = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly kept: KeptBytes;
  /** What people said is fine, or fraud: what is learned from. */
  readonly labelled: LabelledFiles;
  /** Prints under a key of this hub. */
  readonly printKey: () => Uint8Array;
  /** Names of places. */
  readonly names: () => Promise<(place: string) => string>;
  /** Judges a message as it would be if it came to an office now; null: it is none. */
  readonly judge: (bytes: Uint8Array, office: string) => Promise<Judgement | null>;
  /** What a message is known by, for marks: not what those whom we know have in theirs. Empty where it is none. */
  readonly printsIn: (bytes: Uint8Array) => Promise<readonly string[]>;
  /** What mail is known by of which somebody warned; empty where that tells nothing, or is of somebody on the list. */
  readonly indicated: (indicator: Pick<NewIndicator, 'kind' | 'value'>) => Promise<readonly string[]>;
  readonly showPart: ShowPart;
  /** The list of protected people changed. */
  readonly onList: () => void;
  /** Something changed that desks show. */
  readonly onChanged: () => void;
  /** ms since 1970. */
  readonly now: () => number;
};
