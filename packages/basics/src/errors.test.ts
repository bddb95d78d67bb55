import { describe, expect, it } from 'vitest';
import { defineErrors } from './errors.ts';

const FINE = { message: 'The file cannot be read.', status: 422, help: 'Check its permissions.' };

describe('a catalogue of errors', () => {
  it('gives every entry its code', () => {
    const errors = defineErrors({ FILE_UNREADABLE: FINE });

    expect(errors.FILE_UNREADABLE).toEqual({ code: 'FILE_UNREADABLE', ...FINE });
  });

  it.each([
    ['a code in small letters', { file_unreadable: FINE }],
    ['a message that is no sentence', { FILE_UNREADABLE: { ...FINE, message: 'cannot read' } }],
    ['no help', { FILE_UNREADABLE: { ...FINE, help: '' } }],
    ['a status that says all is well', { FILE_UNREADABLE: { ...FINE, status: 200 } }],
  ])('refuses %s', (_, entries) => {
    expect(() => defineErrors<string>(entries)).toThrow();
  });

  it('cannot be changed', () => {
    const errors = defineErrors({ FILE_UNREADABLE: FINE });

    expect(Object.isFrozen(errors) && Object.isFrozen(errors.FILE_UNREADABLE)).toBe(true);
  });
});
