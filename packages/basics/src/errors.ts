/**
 * Catalogues of errors. Each package lists in its `errors.ts` every expected failure that can reach a
 * person, and says what that person can do. docs/reference/errors.md is written from these catalogues.
 */

/** One expected failure: how it is called, what happened, and what to do. */
export type ErrorEntry = {
  /** Stable name, for programs and for searching: capitals and underscores, unique in the whole product. */
  readonly code: string;
  /** What happened, in one sentence without the particulars of the case. */
  readonly message: string;
  /** HTTP status that the API answers with. */
  readonly status: number;
  /** What a person can do about it, in one sentence. */
  readonly help: string;
};

/** The failures of one package, by code. */
export type ErrorCatalogue<Code extends string = string> = {
  readonly [C in Code]: ErrorEntry & { readonly code: C };
};

/** What a failure in the catalogue is called: CAPITALS_AND_UNDERSCORES, so that it stands out in a log line. */
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Makes a catalogue from entries without their codes. Throws on an entry that could not be shown to a
 * person (a defect in our source, found as soon as the module loads): a code in another spelling, a text
 * that is no sentence, a status that is no HTTP error.
 */
export function defineErrors<const Code extends string>(
  entries: Readonly<Record<Code, Omit<ErrorEntry, 'code'>>>,
): ErrorCatalogue<Code> {
  const catalogue: Record<string, ErrorEntry> = {};
  for (const [code, entry] of Object.entries<Omit<ErrorEntry, 'code'>>(entries)) {
    if (!CODE.test(code)) throw new Error(`the error code ${code} is not in capitals and underscores`);
    if (!isSentence(entry.message) || !isSentence(entry.help)) throw new Error(`${code}: not a sentence`);
    if (!(entry.status >= 400 && entry.status <= 599)) throw new Error(`${code}: no HTTP error status`);
    catalogue[code] = Object.freeze({ code, ...entry });
  }
  return Object.freeze(catalogue) as ErrorCatalogue<Code>;
}

function isSentence(text: string): boolean {
  return /^[\p{Lu}\d`].*\.$/su.test(text);
}
