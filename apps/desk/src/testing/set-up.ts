/** A hub that is being set up: it remembers what was done, as the real one does. */
import type { SetUpAnswer, SetUpHttps, SetUpState, SetUpStep } from '@bellwether/api';
import type { CannedHub } from './canned-hub.ts';
import { ADMINISTRATOR, MACHINE } from './me.ts';
import { ENROLLED, MAKE } from './sign-in.ts';

/** Nothing is done yet; the sample state and its 116 offices are there. */
export const FRESH: SetUpAnswer = {
  steps: (['state', 'administrator', 'offices', 'https', 'sample'] as const).map((step) => ({
    step,
    done: false,
  })),
  state: { name: null, zone: 'America/Chicago' },
  offices: 116,
  sample: true,
  https: { how: 'off', name: null, address: null, waiting: null, fingerprint: null },
};

/** 32 bytes, as openssl writes a fingerprint. */
const FINGERPRINT = Array.from({ length: 32 }, (_, index) =>
  ((index * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
).join(':');

/** HTTPS with the small CA, open and reached. */
export const OWN: SetUpAnswer['https'] = {
  how: 'own',
  name: 'bellwether.sos.example.gov',
  address: 'https://bellwether.sos.example.gov:8443',
  waiting: null,
  fingerprint: FINGERPRINT,
};

/** Answers of the set-up, from a state of it on. */
export function setUp(hub: CannedHub, from: SetUpAnswer = FRESH): void {
  let now = from;
  hub.me = now.steps[1]?.done === true ? ADMINISTRATOR : MACHINE;
  const answer = () => ({ status: 200, body: now });
  const finish = (step: SetUpStep, change: Partial<SetUpAnswer>) => {
    const steps = now.steps.map((one) => (one.step === step ? { step, done: true } : one));
    now = { ...now, ...change, steps };
    return answer();
  };
  hub.replies.set('GET set-up', answer);
  hub.replies.set('PUT set-up/state', (body) => finish('state', { state: body as SetUpState }));
  hub.replies.set('POST set-up/administrator/options', { status: 200, body: MAKE });
  hub.replies.set('POST set-up/administrator', () => {
    finish('administrator', {});
    hub.me = { ...ADMINISTRATOR, state: now.state.name };
    return { status: 200, body: { ...ENROLLED, name: 'Pat Miller' } };
  });
  hub.replies.set('PUT set-up/offices', (body) => {
    const { csv, keep } = body as { csv: string; keep?: boolean };
    return finish('offices', keep === true ? {} : { offices: csv.trim().split('\n').length - 1 });
  });
  hub.replies.set('PUT set-up/https', (body) => {
    const { how } = body as SetUpHttps;
    return finish('https', { https: how === 'off' ? FRESH.https : OWN });
  });
  hub.replies.set('POST set-up/https/code', {
    status: 200,
    body: { person: 'p-1', code: '4071-0093-5528', until: '2026-11-04T11:15:00.000Z' },
  });
  hub.replies.set('POST set-up/sample', () => finish('sample', {}));
}

/** The same set-up with these steps done. */
export function doneUpTo(...steps: readonly SetUpStep[]): SetUpAnswer {
  return {
    ...FRESH,
    steps: FRESH.steps.map(({ step }) => ({ step, done: steps.includes(step) })),
    state: steps.includes('state') ? { name: 'Missouri', zone: 'America/Chicago' } : FRESH.state,
  };
}
