/** What is said to people, in one language: sentences made of findings, and the words of the page. */
import type { Finding } from '../checking/findings.ts';
import type { VerifyError } from '../errors.ts';

/** What is said of a finding. */
export type Said = {
  readonly title: string;
  /** What is proven, by whom, and when. */
  readonly facts: readonly string[];
  /** What is not. */
  readonly limits: readonly string[];
};

/** The words of the page. */
export type PageWords = {
  readonly title: string;
  readonly banner: string;
  readonly intro: string;
  readonly language: string;
  readonly policy: {
    readonly head: string;
    readonly help: string;
    readonly label: string;
    readonly none: string;
  };
  readonly used: (name: string) => string;
  readonly pin: {
    readonly summary: string;
    readonly genesis: string;
    readonly genesisHelp: string;
    readonly at: string;
    readonly atHelp: string;
    readonly badGenesis: string;
    readonly badTime: string;
  };
  readonly log: {
    readonly head: string;
    readonly help: string;
    readonly label: string;
    readonly none: string;
    readonly noCheckpoint: string;
    readonly chosen: (files: number) => string;
    readonly last: string;
    readonly replay: string;
    readonly replayNeeds: string;
    readonly stop: string;
    readonly state: string;
    readonly entries: string;
  };
  readonly file: {
    readonly head: string;
    readonly help: string;
    readonly label: string;
    readonly drop: string;
    readonly checking: string;
    readonly words: string;
  };
  readonly entry: { readonly label: string; readonly choose: string; readonly help: string };
  readonly typed: {
    readonly head: string;
    readonly help: string;
    readonly label: string;
    readonly fields: string;
    readonly fieldsHelp: string;
    readonly check: string;
    readonly badField: string;
  };
  readonly results: {
    readonly head: string;
    readonly none: string;
    readonly yes: string;
    readonly no: string;
    readonly open: string;
    readonly what: string;
  };
  readonly needsPolicy: string;
  readonly needsLog: string;
  readonly unknownFile: string;
  readonly oldBrowser: string;
};

/** A language. */
export type Sentences = {
  readonly found: (finding: Finding) => Said;
  readonly failed: (error: VerifyError) => { readonly message: string; readonly help: string };
  /** What stands over what is not proven. */
  readonly limitsHead: string;
  readonly page: PageWords;
};

/** A whole number of up to any size with its thousands apart. */
export function grouped(number: number | string, mark: string): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, mark);
}

/** `2026-11-03 02:31` of an ISO time. */
export function minuteOfIso(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
