/** Words on the sheet of recovery codes. */
export const RECOVERY = {
  title: 'Recovery codes',
  hub: 'this office',
  whose: (name: string, hub: string) => `For ${name}, to sign in to Bellwether of ${hub}.`,
  made: (day: string) => `Made on ${day}.`,
  intro: 'If you lose your device, one of these codes lets you in. Each works once. Cross out what you used.',
  where: (origin: string) =>
    `Type a code at ${origin}/code. Keep this sheet in a locked drawer, not beside the computer. Nobody will ever ask you for a code by phone or mail.`,
  print: 'Print the codes',
  kept: 'I have these codes on paper',
  missed: 'Print the codes or write them down first: they are not shown again.',
  goOn: 'Go on',
} as const;
