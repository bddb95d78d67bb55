/**
 * For tests: a process that watches a report mailbox, and can be killed at any step. Arguments: port, file for what it did, and the step at
 * which it says so and waits to be killed (`handing`, `answering` or none).
 */
import { appendFileSync } from 'node:fs';
import { watchReports } from './report-mailbox.ts';

const [port, file, step] = process.argv.slice(2);

async function at(name: string, what: string): Promise<void> {
  appendFileSync(file!, `${name} ${what}\n`);
  if (name !== step) return;
  process.stdout.write(`${name}\n`);
  await new Promise(() => {});
}

watchReports({
  ...{ host: '127.0.0.1', port: Number(port), tls: 'none' },
  account: { user: 'report@office.example', pass: 'correct horse' },
  addresses: ['report@office.example'],
  onReport: async ({ id }) => {
    await at('handing', id);
    return 'Thank you.';
  },
  answer: (to) => at('answering', to),
  mayAnswer: () => true,
  told: () => {},
  now: Date.now,
  limits: { pause: 20 },
});
