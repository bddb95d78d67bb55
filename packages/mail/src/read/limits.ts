/** How much of a message is read. What lies beyond is told in `Message.cut`; what is within is judged. */

/** Limits of one message, those that it encloses included. */
export type ReadLimits = {
  /** Bytes of the whole that are looked at. */
  readonly messageBytes: number;
  /** Bytes of one header section. */
  readonly headerBytes: number;
  /** Fields of one header section. */
  readonly headerCount: number;
  /** Bytes of each kind of text (plain, HTML) that are kept, decoded. */
  readonly textBytes: number;
  /** Bytes of one part that are kept, decoded. */
  readonly partBytes: number;
  /** Parts in all: texts, attachments and what holds them. */
  readonly partCount: number;
  /** Parts inside of parts, enclosed messages included. */
  readonly partDepth: number;
};

/** What hooks and commands use. */
export const READ_LIMITS: ReadLimits = {
  // Mail servers take 10 to 50 MB by default; beyond that nothing of ours has to be looked at.
  messageBytes: 52_428_800,
  // The longest of 11,900 real messages had 41 kB; mail servers refuse beyond about 100 kB.
  headerBytes: 262_144,
  // The most of them had 160.
  headerCount: 1_000,
  // Nobody reads more than two megabytes of words.
  textBytes: 2_097_152,
  // A scanned ballot application has up to 10 MB.
  partBytes: 20_971_520,
  // A week's digest of a list has some hundred.
  partCount: 500,
  // A forward of a forward of a signed message has seven.
  partDepth: 20,
};
