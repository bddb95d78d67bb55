import { describe, expect, it } from 'vitest';
import { Protocol } from '../contact.ts';
import { isNamedPort, NAMED_PORTS } from './named.ts';

describe('the named ports', () => {
  it('are those in the list and no others', () => {
    for (let port = 0; port < 65_536; port++) {
      for (const protocol of [Protocol.tcp, Protocol.udp]) {
        const listed = NAMED_PORTS.some((one) => one.port === port && one.protocols.includes(protocol));
        if (isNamedPort(port, protocol) !== listed) expect({ port, protocol }).toBe('as listed');
      }
    }
    expect([isNamedPort(22, 6), isNamedPort(22, 17), isNamedPort(123, 17), isNamedPort(22, 1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('stand once each, with a sentence, below the ports that questions come from', () => {
    expect(new Set(NAMED_PORTS.map((one) => one.port)).size).toBe(NAMED_PORTS.length);
    for (const { port, because } of NAMED_PORTS) {
      expect(port).toBeLessThan(32_768);
      expect(because).toMatch(/^\p{Lu}.*\.$/u);
    }
  });
});
