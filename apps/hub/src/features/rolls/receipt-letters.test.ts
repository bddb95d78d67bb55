import { formatReceipt, parseReceipt, readTyped } from '@bellwether/rolls';
import { describe, expect, it } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { receiptPage } from './receipt-letters.ts';

const hasher = bestHasher();
const bytes = formatReceipt(hasher, {
  origin: new Uint8Array(8).fill(1),
  handle: new Uint8Array(32).fill(2),
  version: 3,
  opening: new Uint8Array(32).fill(4),
  identity: new Uint8Array(32).fill(5),
  administrative: new Uint8Array(32).fill(6),
});
const fields = { 'name.last': "O'Hara <b>", 'name.first': 'ANN', 'address.street': 'ELM ST', 'x.own': 'Y' };

describe('letters with receipts', () => {
  it('name fields in plain words, tell where to check, and carry a receipt that is read back', () => {
    const letters = [{ bytes, version: 3, fields, movedFrom: null }];
    const page = receiptPage('Adair', '2026-11-03', letters, 'https://hub.example.gov');
    expect(page).toContain('<li>Last name: O&#39;Hara &#60;b&#62;</li>');
    expect(page).toContain('<li>x own: Y</li>');
    expect(page).toContain('at https://hub.example.gov/public/check/</p>');
    const typed = /<pre>([^<]*)<\/pre>/.exec(page)![1]!;
    expect(parseReceipt(hasher, readTyped(typed).okOrThrow()).okOrThrow().version).toBe(3);
    expect(receiptPage('Adair', '2026-11-03', letters, null)).not.toContain('/public/check/');
  });
});
