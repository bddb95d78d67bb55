/** Shows a file of a message without anything in it that could do harm. */
import type { MailView } from '@bellwether/api';

/** Null: it cannot be shown at all. */
export type ShowPart = (part: {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}) => Promise<MailView | null>;
