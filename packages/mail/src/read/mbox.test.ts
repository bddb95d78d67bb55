import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMbox, mboxMessages } from './mbox.ts';

const texts = (mailbox: string): string[] =>
  [...mboxMessages(Buffer.from(mailbox))].map((bytes) => Buffer.from(bytes).toString());

describe('a mailbox', () => {
  it('gives its messages without the lines between them', () => {
    const mailbox = 'From a@b Thu Jan  1\nSubject: 1\n\none\n\nFrom c@d Thu Jan  1\nSubject: 2\n\ntwo\n';
    expect(isMbox(Buffer.from(mailbox))).toBe(true);
    expect(texts(mailbox)).toEqual(['Subject: 1\n\none\n\n', 'Subject: 2\n\ntwo\n']);
    expect(texts(mailbox.replaceAll('\n', '\r\n'))).toHaveLength(2);
  });

  it('does not end a message where its text begins a line with From', () => {
    expect(texts('From a@b\nSubject: 1\n\nDear all,\nFrom now on\n>From x\n')).toEqual([
      'Subject: 1\n\nDear all,\nFrom now on\n>From x\n',
    ]);
  });

  it('is one message where it does not begin with From and a space', () => {
    expect(isMbox(Buffer.from('From: a@b\n\nx'))).toBe(false);
    expect(isMbox(Buffer.from(''))).toBe(false);
  });

  it('gives back every message that was put in', () => {
    const line = fc
      .string({ maxLength: 20 })
      .map((text) => text.replaceAll(/[\r\n]/g, '').replace(/^From /, 'from '));
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        (messages) => {
          const bodies = messages.map((lines) => `Subject: x\n\n${lines.join('\n')}\n\n`);
          expect(texts(bodies.map((body) => `From a@b x\n${body}`).join(''))).toEqual(bodies);
        },
      ),
    );
  });
});
