/** IP protocols that a surface names: IANA, Assigned Internet Protocol Numbers. */

/** By the word in a surface. `icmp` means both that of IPv4 and that of IPv6. */
export const PROTOCOLS = {
  tcp: { numbers: [6], ports: true },
  udp: { numbers: [17], ports: true },
  sctp: { numbers: [132], ports: true },
  icmp: { numbers: [1, 58], ports: false },
  gre: { numbers: [47], ports: false },
  esp: { numbers: [50], ports: false },
  ah: { numbers: [51], ports: false },
} as const;

/** A word for a protocol. */
export type ProtocolName = keyof typeof PROTOCOLS;

const NAMES = new Map<number, ProtocolName>(
  (Object.keys(PROTOCOLS) as ProtocolName[]).flatMap((name) =>
    PROTOCOLS[name].numbers.map((number) => [number, name] as const),
  ),
);

/** The word for a protocol's number, if there is one. */
export function protocolName(protocol: number): ProtocolName | undefined {
  return NAMES.get(protocol);
}

/** Whether a protocol has ports. */
export function hasPorts(protocol: number): boolean {
  const name = NAMES.get(protocol);
  return name !== undefined && PROTOCOLS[name].ports;
}
