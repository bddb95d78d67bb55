/** Words of the page Sign in. */
export const SIGN_IN = {
  title: 'Sign in',
  intro: (state: string | null) =>
    `This is Bellwether${state === null ? '' : ` of ${state}`}. You sign in with a passkey: the fingerprint, face or PIN with which you unlock this device.`,
  passkey: 'Sign in with your passkey',
  waiting: 'Waiting for your passkey',
  directory: (title: string) => `Sign in with ${title}`,
  directories: 'Or with the sign-in of your office',
  codeTitle: 'Your first time here, or a new device?',
  codeText: 'The state office reads you a code of twelve digits over the phone. It makes this device yours.',
  codeButton: 'I have a code from the state office',
  lostTitle: 'No passkey any more?',
  lostText:
    'A recovery code from your printed sheet works as well. If you have none left, call the state office.',
  lostLink: 'Type a printed recovery code',
  already: (name: string) => `You are signed in as ${name}.`,
  goOn: 'Go on',
  notSetUpTitle: 'This hub is not set up yet',
  notSetUp:
    'At the computer on which it runs, open the address that `bellwether up` printed: it begins with http://localhost and ends with a key.',
  whyTitle: 'Why you are here',
} as const;

/** Why somebody is here who did not ask for it, by the code that the hub gave: what happened, and what to do. */
export const WHY: Readonly<Record<string, string>> = {
  SIGNED_OUT: 'You are signed out. Nobody can see anything here without signing in.',
  SIGNED_OUT_EVERYWHERE: 'You are signed out here and on every other device.',
  AUTH_SESSION_IDLE:
    'You were signed out because nothing was done for half an hour. Sign in to go on where you were.',
  AUTH_SESSION_OVER: 'You were signed out because twelve hours had passed. Sign in to go on where you were.',
  AUTH_SESSION_ELSEWHERE:
    'You were signed out because this page was asked for from another network. Sign in again. If you did not change your network, call the state office: somebody may have copied your sign-in.',
  AUTH_SESSION_ENDED:
    'This sign-in was ended. Sign in again; if that does not work, ask the state office whether you still have access.',
  AUTH_DIRECTORY_REFUSED:
    'The sign-in of your office did not let you in here. Ask whoever runs it whether you are in the group for Bellwether.',
  AUTH_DIRECTORY_AWAY:
    'The sign-in of your office does not answer. Try again in a minute, or sign in with your passkey.',
  AUTH_CEREMONY_OVER: 'It took too long, or was begun in another window. Begin again here.',
  AUTH_TOO_OFTEN: 'There were too many attempts. Wait a minute and try again, or call the state office.',
};

/** Said for every other code. */
export const WHY_ELSE = 'Sign in to see that page. You are led to it afterwards.';
