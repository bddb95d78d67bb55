/** Showing and making a passkey (W3C Web Authentication, level 3). What goes wrong is a `HubProblem`, in words for people. */
import type { Problem, WebAuthnJson } from '@bellwether/api';
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { HubProblem } from './ask.ts';

const PROBLEMS = {
  PASSKEY_UNSUPPORTED: {
    message: 'This browser cannot use passkeys.',
    help: 'Use a current Edge, Chrome, Firefox or Safari. If this is one, ask whoever looks after this computer to allow passkeys.',
  },
  PASSKEY_WRONG_ADDRESS: {
    message: 'Passkeys do not work at this address.',
    help: 'Open the address that the state office gave you: it begins with https:// and a name. At the hub’s own computer it begins with http://localhost.',
  },
  PASSKEY_NOT_SHOWN: {
    message: 'No passkey was shown.',
    help: 'Either it was stopped, or it took too long, or this device has no passkey for this site. Try again. If this device has none, ask the state office for a code for it.',
  },
  PASSKEY_NOT_MADE: {
    message: 'No passkey was made.',
    help: 'Either it was stopped, or it took too long. Nothing is lost: try again while the code on this page is young.',
  },
  PASSKEY_HERE_ALREADY: {
    message: 'This device has a passkey of yours already.',
    help: 'Sign in with it, or use another device.',
  },
  PASSKEY_NO_LOCK: {
    message: 'This device cannot check that it is you.',
    help: 'Set up a PIN, fingerprint or face for this device first, or use a phone or a security key with a PIN.',
  },
  PASSKEY_DEVICE: {
    message: 'The device could not do it.',
    help: 'Try again. If it stays so, use another device, or ask the state office.',
  },
} as const satisfies Readonly<Record<string, Omit<Problem, 'code'>>>;

/** Asks for a passkey that the device has; gives what it answered, for the hub to check. */
export async function showPasskey(options: WebAuthnJson): Promise<WebAuthnJson> {
  if (!browserSupportsWebAuthn()) throw unsupported();
  try {
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return { ...(await startAuthentication({ optionsJSON })) };
  } catch (error) {
    throw passkeyProblem(error, 'PASSKEY_NOT_SHOWN');
  }
}

/** Makes a passkey on this device; gives what it answered, for the hub to check. */
export async function makePasskey(options: WebAuthnJson): Promise<WebAuthnJson> {
  if (!browserSupportsWebAuthn()) throw unsupported();
  try {
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return { ...(await startRegistration({ optionsJSON })) };
  } catch (error) {
    throw passkeyProblem(error, 'PASSKEY_NOT_MADE');
  }
}

/** A browser has no passkeys on a page without TLS, but for `localhost`: then it is the address that is wrong. */
function unsupported(): HubProblem {
  return problem(window.isSecureContext ? 'PASSKEY_UNSUPPORTED' : 'PASSKEY_WRONG_ADDRESS');
}

/** A browser does not tell apart who has no passkey and who stopped, so that no page can learn it. */
function passkeyProblem(error: unknown, stopped: 'PASSKEY_NOT_SHOWN' | 'PASSKEY_NOT_MADE'): HubProblem {
  if (!(error instanceof WebAuthnError)) return problem('PASSKEY_DEVICE');
  switch (error.code) {
    case 'ERROR_INVALID_DOMAIN':
    case 'ERROR_INVALID_RP_ID':
      return problem('PASSKEY_WRONG_ADDRESS');
    case 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED':
      return problem('PASSKEY_HERE_ALREADY');
    case 'ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT':
    case 'ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT':
      return problem('PASSKEY_NO_LOCK');
    case 'ERROR_CEREMONY_ABORTED':
    case 'ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY':
      return problem(stopped);
    default:
      return problem('PASSKEY_DEVICE');
  }
}

function problem(code: keyof typeof PROBLEMS): HubProblem {
  return new HubProblem(0, { code, ...PROBLEMS[code] });
}
