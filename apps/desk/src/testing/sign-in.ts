/** Answers of the way in: questions to passkeys with real challenges, and what follows them. */
import type { CeremonyOptions, CodeAnswer, Enrolled, SignedIn } from '@bellwether/api';
import type { CannedHub } from './canned-hub.ts';
import { at } from './day.ts';
import { ADMINISTRATOR } from './me.ts';

/** 32 bytes that are no secret here. */
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');

/** Question for a passkey that the device has. */
export const SHOW: CeremonyOptions = {
  options: { challenge: CHALLENGE, rpId: 'localhost', userVerification: 'required', timeout: 60_000 },
};

/** Question for a new passkey. */
export const MAKE: CeremonyOptions = {
  options: {
    challenge: CHALLENGE,
    rp: { id: 'localhost', name: 'Bellwether' },
    user: { id: Buffer.from('p-2').toString('base64url'), name: 'Chris Walker', displayName: 'Chris Walker' },
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'none',
    excludeCredentials: [],
    timeout: 60_000,
  },
};

/** Whom the code of the tests is for. */
export const WHOSE: CodeAnswer = {
  name: 'Chris Walker',
  purpose: 'enrol',
  grants: [{ role: 'clerk', place: '29019', office: 'Boone County' }],
  options: MAKE.options,
};

/** Ten, in the spelling of printed codes. */
export const PRINTED: readonly string[] = Array.from({ length: 10 }, (_, index) =>
  ['7K2M', 'V0QX', '9DTE', '4HBA', `R6Z${index}`].join('-'),
);

export const ENROLLED: Enrolled = { name: 'Chris Walker', until: at(36), recoveryCodes: [...PRINTED] };

const SIGNED_IN: SignedIn = { name: 'Pat Miller', until: at(36) };

/** Lets people in by passkey and by code: whoever comes in is `who`. */
export function letIn(hub: CannedHub, who = ADMINISTRATOR): void {
  const enter = (body: unknown) => {
    hub.me = who;
    return { status: 200, body };
  };
  hub.replies.set('POST sign-in/passkey/options', { status: 200, body: SHOW });
  hub.replies.set('POST sign-in/passkey', () => enter(SIGNED_IN));
  hub.replies.set('POST sign-in/code', { status: 200, body: WHOSE });
  hub.replies.set('POST sign-in/code/passkey', () => enter(ENROLLED));
  hub.replies.set('POST step-up/options', { status: 200, body: SHOW });
  hub.replies.set('POST step-up', { status: 200, body: {} });
}
