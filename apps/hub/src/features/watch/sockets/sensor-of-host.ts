/** Whose a message is: the listener's one sensor, or the one that its host is listed under. */
import type { Destination, ListenerConfig } from './listener.ts';
import { syslogHost } from './syslog-header.ts';

/** Gives the sensor of a message; undefined where its host is not listed and nobody takes the others. */
export type SensorOf = (bytes: Buffer, from: number, to: number) => Destination | undefined;

/** The rule of one listener. Headers are looked at only where it lists hosts. */
export function sensorOfHost({ sensor, hosts }: Pick<ListenerConfig, 'sensor' | 'hosts'>): SensorOf {
  const byHost = new Map(Object.entries(hosts ?? {}).map(([host, of]) => [host.toLowerCase(), of]));
  if (byHost.size === 0) return () => sensor;
  return (bytes, from, to) => {
    const host = syslogHost(bytes, from, to);
    return (host === undefined ? undefined : byHost.get(host)) ?? sensor;
  };
}
