/**
 * Ports as scanners choose them: popular services first, then whole ranges, in order or shuffled.
 */
import type { Random } from '../../random.ts';

/** Services that scanners of the whole internet ask for most (port frequency as published by nmap and Shodan). */
export const POPULAR_PORTS: readonly number[] = [
  23, 22, 80, 443, 3389, 445, 8080, 5555, 21, 25, 1433, 3306, 5900, 6379, 8443, 81, 2323, 8081, 8000, 5432,
  139, 110, 143, 993, 995, 587, 465, 53, 111, 135, 1723, 5060, 7547, 37215, 52869, 8888, 9200, 27017, 11211,
  2375, 2376, 10250, 6443, 9090, 5984, 4444, 1521, 1080, 3128, 8291, 8728, 5985, 5986, 2222, 2082, 2083, 7001,
  8009, 9000, 9100, 9418, 10000, 49152, 50000, 50070, 60001, 389, 636, 873, 902, 1883, 2049, 3690, 4786, 5000,
  5001, 5357, 5601, 5672, 7070, 8083, 8088, 8090, 8161, 8181, 8545, 8834, 9001, 9043, 9091, 9443, 9999, 10001,
  11434, 15672, 20000, 28017, 44818,
];

/** UDP services that are asked for from outside. */
export const UDP_PORTS: readonly number[] = [
  53, 123, 161, 1900, 389, 5060, 137, 69, 111, 500, 4500, 11211, 17, 19, 1434, 3702, 5353, 520, 623, 1194,
  5683, 7547, 27015, 30120, 3283, 10001, 37810, 47808, 51820, 2302, 6881, 64738,
];

/** From here on a scanner has no list of favourites: it takes a range. */
const MANY_PORTS = 4_000;

/** Ports of one vertical scan: `count` different ones in the order in which they are asked. */
export function portsToScan(random: Random, count: number): number[] {
  const manner = random.below(4);
  if (manner === 0 && count > 300) return consecutive(random, count);
  if (count > MANY_PORTS) return random.shuffle(consecutive(random, count));
  const ports = new Set<number>(POPULAR_PORTS.slice(0, Math.min(POPULAR_PORTS.length, count)));
  while (ports.size < count) ports.add(manner === 1 ? random.integer(1, 65_535) : random.integer(1, 10_000));
  const list = [...ports].slice(0, count);
  if (manner === 2) return list.sort((a, b) => a - b);
  return random.shuffle(list);
}

/** A source port as an operating system gives one. */
export function ephemeralPort(random: Random): number {
  return random.integer(32_768, 60_999);
}

function consecutive(random: Random, count: number): number[] {
  const first = random.chance(0.7) ? 1 : random.integer(1, 65_535 - count);
  return Array.from({ length: count }, (_, at) => first + at);
}
