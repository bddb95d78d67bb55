/** Everyday mail: what an office gets all day long and nothing of which is an attack. */
import type { MailPlan } from '../plan.ts';
import type { Cast } from '../scenarios/cast.ts';
import { voterMail } from '../scenarios/s13-voter-inbox.ts';
import { clerksTalk, fromHome, machines, sharingNotices, webForm } from './office-life.ts';
import { lists, newsletters, passedOn } from './to-many.ts';
import { invitations, signatureRequests, strangersWithReasons, vendorBusiness } from './to-one.ts';

/** A kind of everyday mail; each run of it gives one conversation or message. */
export type EverydayKind = {
  readonly id: string;
  /** Messages or conversations of this kind for each variant that scenarios have. */
  readonly share: number;
  readonly write: (cast: Cast) => readonly MailPlan[] | Promise<readonly MailPlan[]>;
};

/** All of them. Voters are ten for each variant, 200 in a usual run: public mailboxes live on strangers. */
export const EVERYDAY: readonly EverydayKind[] = [
  { id: 'voters', share: 10, write: (cast) => [voterMail(cast, 'everyday')] },
  { id: 'clerks', share: 4, write: clerksTalk },
  { id: 'vendors', share: 3, write: vendorBusiness },
  { id: 'newsletters', share: 3, write: newsletters },
  { id: 'machines', share: 3, write: machines },
  { id: 'lists', share: 2, write: lists },
  { id: 'invitations', share: 2, write: invitations },
  { id: 'sharing', share: 2, write: sharingNotices },
  { id: 'web-forms', share: 2, write: webForm },
  { id: 'strangers', share: 3, write: strangersWithReasons },
  { id: 'signatures', share: 1, write: signatureRequests },
  { id: 'home', share: 1, write: fromHome },
  { id: 'passed-on', share: 1, write: passedOn },
];
