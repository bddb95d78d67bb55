/** A message as a scenario plans it, before it is made into bytes. */
import type { LetterStyle } from './letter/render.ts';
import type { MailFile } from './post/entity.ts';
import type { MailDomain, SealKey } from './world/domains.ts';
import type { MailOffice } from './world/world.ts';

/** The program that a message was written with: it decides identifiers and extra fields. */
export type Mailer = 'm365' | 'gmail' | 'thunderbird' | 'apple' | 'php' | 'bulk' | 'copier' | 'webform';

/** Somebody on a line of addresses. */
export type Party = { readonly name: string; readonly address: string };

/** Who hands the message over, and what it can prove. */
export type Route = {
  readonly domain: MailDomain;
  readonly mailer: Mailer;
  /** Signs with DKIM; most do. */
  readonly signs: boolean;
  /** Local part and domain of MAIL FROM; the sender's address when it is not given. */
  readonly envelopeFrom?: string;
  /** Delivered by a server that the domain's SPF does not name. */
  readonly client?: string;
  readonly helo?: string;
  /** Fields that were there before the office's server saw the message: forged results among them. */
  readonly prepended?: readonly (readonly [string, string])[];
  /** A list or a forwarder that handled the message after its author's server. */
  readonly handledBy?: Handler;
};

/** What a list or forwarder does. */
export type Handler = {
  readonly domain: MailDomain;
  /** A list's name, `clerks.lists.sos.mo.gov`; null for a forwarder, which changes nothing. */
  readonly listId: string | null;
  /** Added to the text, so that the author's signature breaks; empty for none. */
  readonly footer: string;
  /** What it seals with (RFC 8617); null where it does not. */
  readonly seal: SealKey | null;
};

/** An earlier message below the new one. */
export type Quoted = {
  readonly from: Party;
  readonly to: Party;
  readonly at: number;
  readonly subject: string;
  readonly body: string;
};

/** What a planned message is in the truth. */
export type MailRole = 'attack' | 'twin' | 'before' | 'everyday';

/** One message. */
export type MailPlan = {
  readonly role: MailRole;
  /** Why it is what it is, in one sentence. */
  readonly why: string;
  readonly office: MailOffice;
  /** When the office's server gets it, ms since 1970. */
  readonly at: number;
  readonly route: Route;
  readonly from: Party;
  readonly replyTo?: Party;
  readonly to: readonly Party[];
  readonly cc?: readonly Party[];
  readonly subject: string;
  /** In the letter's markup. */
  readonly body: string;
  readonly style: LetterStyle;
  /** Which of text and HTML the message has. */
  readonly has: 'plain' | 'html' | 'both';
  readonly quoted?: readonly Quoted[];
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly files?: readonly MailFile[];
  /** A message that is enclosed whole. */
  readonly encloses?: Buffer;
  readonly headers?: readonly (readonly [string, string])[];
  /** Instead of what the markup gives. */
  readonly html?: string;
  /** Words that HTML hides. */
  readonly hidden?: string;
};
