/** Words of the page on which a code is typed and a device becomes somebody's own. */
export const CODE = {
  title: 'Your code',
  back: 'Sign in',
  steps: ['Type the code', 'See whom it is for', 'Make your passkey', 'Print your recovery codes'],
  step: (number: number, of: number) => `Step ${number} of ${of}`,
  enter: {
    field: { phone: 'Code from the state office', printed: 'Printed recovery code' },
    hint: {
      phone: 'Twelve digits, as they are read to you over the phone. Spaces do not matter.',
      printed: 'Twenty letters and digits, as they stand on your sheet. Each code works once: cross it out.',
    },
    other: {
      phone: 'I have a printed recovery code instead',
      printed: 'I have a code from the phone instead',
    },
    button: 'Go on',
    checking: 'Checking the code',
    faults: {
      phone: {
        empty: 'Type the code first.',
        short: 'Digits are missing: a code from the phone has twelve.',
        long: 'There are too many digits: a code from the phone has twelve.',
      },
      printed: {
        empty: 'Type the code first.',
        short: 'Something is missing: a printed code has twenty letters and digits.',
        long: 'There is too much: a printed code has twenty letters and digits.',
      },
    },
  },
  whose: {
    title: 'Is this you?',
    name: 'Name',
    roles: 'What you may do here',
    role: (role: string, office: string) => `${role}, ${office}`,
    purpose: {
      enrol: 'This device becomes yours: from now on you sign in with it.',
      passkey: 'This device becomes yours, beside those that you have.',
      recover: 'This device becomes yours. Your other passkeys work no longer, wherever they are.',
    },
    device: 'What do you call this device?',
    deviceHint: 'So that you know it again in your list: “office computer”, “my phone”.',
    devices: 'Give the device a name.',
    yes: 'That is me: make my passkey',
    waiting: 'Follow what your device asks',
    no: 'That is not me',
  },
  stopped: {
    title: 'Stopped: no passkey was made',
    text: 'The code is used up now, so nobody else can use it. Call the state office, and tell them which name you saw here.',
    again: 'Type another code',
  },
  done: (name: string) => `Welcome, ${name}. Your passkey is made, and you are signed in.`,
  again: 'If it is not accepted again, the code is used up: ask for a new one.',
} as const;
