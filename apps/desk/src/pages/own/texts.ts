/** Words of the page My devices. */
export const OWN = {
  title: 'My devices',
  intro:
    'What lets you in here, and where you are signed in now. If something is not yours, end it and call the state office.',
  devices: {
    title: 'My passkeys',
    intro: 'Each device has its own. Have at least two, so that a lost one does not lock you out.',
    none: 'You have no passkey: you sign in with the directory of your office. If you want one too, ask the state office for a code for this device.',
    columns: {
      name: 'Device',
      site: 'Works at',
      kept: 'Kept',
      added: 'Added',
      used: 'Last used',
      remove: 'Remove',
    },
    here: 'on that device only',
    cloud: 'also by its maker, for example in the cloud of a phone',
    never: 'never',
    remove: 'Remove',
    removeSays: (name: string) =>
      `“${name}” no longer lets you in here. The passkey stays on the device, but opens nothing.`,
    removeConfirm: 'Remove it',
    removed: (name: string) => `“${name}” lets nobody in any more.`,
    last: 'Your last one: add another first.',
  },
  add: {
    title: 'Add this device',
    text: 'Does this device, or a security key in your hand, have no passkey yet? Give it a name and follow what it asks. It takes a minute.',
    name: 'What do you call it?',
    hint: '“office computer”, “my phone”',
    missing: 'Give it a name first.',
    button: 'Make a passkey here',
    waiting: 'Follow what your device asks',
    done: (name: string) => `“${name}” lets you in from now on.`,
  },
  sessions: {
    title: 'Where I am signed in',
    intro:
      'A sign-in ends by itself after half an hour without use, and after twelve hours. It works in one network only.',
    columns: {
      browser: 'Browser',
      how: 'Signed in with',
      network: 'Network',
      begun: 'Since',
      seen: 'Last used',
      end: 'End',
    },
    here: 'This one',
    passkey: 'a passkey',
    directory: (title: string) => `the sign-in of ${title}`,
    loopback: 'the hub’s own computer',
    end: 'End it',
    endSays: (browser: string) => `${browser} is signed out at once.`,
    endConfirm: 'End this sign-in',
    ended: (browser: string) => `${browser} is signed out.`,
    everywhere: 'Sign out everywhere',
    everywhereOf: 'every device, this one too',
    everywhereSays:
      'Every device is signed out at once, this one too. Your passkeys stay: you can sign in again.',
    everywhereConfirm: 'Sign out everywhere now',
  },
  codes: {
    title: 'Recovery codes',
    left: (count: number) =>
      count === 0
        ? 'You have none that works. If you lose your device, only the state office can let you in.'
        : count === 1
          ? 'One printed code still works.'
          : `${count} printed codes still work.`,
    few: 'Make new ones soon.',
    text: 'Each lets you in once, on the day when your device is lost. Keep them in a locked drawer.',
    make: 'Make new codes',
    makeOf: 'ten codes to print',
    makeSays: 'You get ten new codes to print. The old ones, on every sheet, then work no longer.',
    makeConfirm: 'Make ten new codes',
    kept: 'Your new recovery codes work from now on. Destroy the old sheet.',
  },
} as const;
