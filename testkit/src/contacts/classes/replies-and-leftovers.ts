/**
 * What looks like a probe and is none: late packets, answers, and clients of services that we no longer run.
 */
import { OFFICES, OUR_RANGE_SIZE } from '../estate.ts';
import { Fate, Kind, Mark } from '../network-events.ts';
import { type Scenario, sizeWithin } from '../scenario.ts';
import { HOUR, MINUTE, SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort } from './ports.ts';

/** Visitors' last packets, which come after the firewall has forgotten the connection. */
export const lateAcks: Scenario = {
  name: 'late-ack',
  family: 'network',
  share: 0.02,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random } = stage;
      const source = world.foreign(random, 'late-ack');
      const sourcePort = ephemeralPort(random);
      const host = random.pick([world.estate.portal, world.estate.countySite, world.estate.resultsSite]);
      const start = random.unit() * world.span;
      const duration = random.spread(1, 120) * SECOND;
      world.connect({
        time: start,
        source,
        destination: host,
        sourcePort,
        port: 443,
        duration,
        sent: random.integer(600, 5_000),
        received: random.integer(5_000, 500_000),
      });
      let time = start + duration + random.spread(60, 3_000) * SECOND;
      for (let late = random.integer(1, 4); late > 0; late--) {
        const kind = random.pick([Kind.ack, Kind.ack, Kind.rst, Kind.fin]);
        world.tell(source, host, time, sourcePort, 443, kind, Fate.dropped);
        time += random.spread(0.2, 60) * SECOND;
      }
    });
  },
};

/** Answers of victims to packets that somebody forged in our name: SYN-ACK and RST from service ports. */
export const backscatter: Scenario = {
  name: 'backscatter',
  family: 'network',
  share: 0.025,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'backscatter');
      const port = random.pick([80, 443, 443, 22, 25, 3389, 53, 8080, 25_565]);
      const packets = sizeWithin(random, 1, 60, budget);
      const length = random.spread(1, 7_200) * SECOND;
      const start = random.unit() * world.span;
      const kind = random.chance(0.6) ? Kind.synAck : Kind.rst;
      for (let sent = 0; sent < packets; sent++) {
        const target = world.estate.ours(random.below(OUR_RANGE_SIZE));
        const time = start + random.unit() * length;
        world.tell(source, target, time, port, random.integer(1_024, 65_535), kind, Fate.dropped);
      }
    });
  },
};

/** Name servers of the world answer our resolver, once in a while after the firewall has given up. */
export const dnsReplies: Scenario = {
  name: 'dns-reply',
  family: 'network',
  share: 0.02,
  play(stage) {
    playUntilSpent(stage, () => {
      askOutside(stage, 'dns-reply', 53, stage.random.integer(1, 12));
    });
  },
};

/** Time servers answer our offices' clocks. */
export const ntpReplies: Scenario = {
  name: 'ntp-reply',
  family: 'network',
  share: 0.012,
  play(stage) {
    playUntilSpent(stage, () => {
      askOutside(stage, 'ntp-reply', 123, stage.random.integer(4, 30));
    });
  },
};

/** Share of answers that arrive too late and are logged as packets of their own. */
const LATE_ANSWERS = 0.15;

function askOutside(
  { world, random }: Parameters<Scenario['play']>[0],
  of: 'dns-reply' | 'ntp-reply',
  port: number,
  questions: number,
): void {
  const server = world.foreign(random, of);
  const dns = of === 'dns-reply';
  const client = dns ? world.estate.nameServer : world.estate.office(random.below(OFFICES), 1);
  let time = random.unit() * world.span;
  for (let asked = 0; asked < questions; asked++) {
    const sourcePort = dns ? ephemeralPort(random) : 123;
    const connection = world.nextConnection();
    const late = random.chance(LATE_ANSWERS);
    const duration = late ? random.spread(5, 40) * SECOND : random.spread(0.004, 0.4) * SECOND;
    const inTime = world.connect({
      time,
      source: client,
      destination: server,
      sourcePort,
      port,
      kind: Kind.udp,
      marks: Mark.outbound,
      duration,
      sent: dns ? random.integer(40, 80) : 48,
      received: dns ? random.integer(80, 900) : 48,
      connection,
    });
    if (inTime && late) {
      const answered = time + duration;
      world.tell(
        server,
        client,
        answered,
        port,
        sourcePort,
        Kind.udp,
        Fate.dropped,
        Mark.packetOnly,
        connection,
      );
    }
    time += random.spread(1, 4_000) * SECOND;
  }
}

/** Clients that still ask an address which stopped serving names years ago: one target, for ever. */
export const staleDnsClients: Scenario = {
  name: 'stale-dns-client',
  family: 'network',
  share: 0.012,
  play(stage) {
    const retired = stage.world.estate.retiredNameServer;
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'stale-dns-client');
      const questions = sizeWithin(random, 2, 400, budget);
      let time = random.unit() * 20 * HOUR;
      for (let asked = 0; asked < questions; asked++) {
        const kind = random.chance(0.95) ? Kind.udp : Kind.syn;
        world.tell(source, retired, time, ephemeralPort(random), 53, kind, Fate.dropped);
        time += random.spread(1, 1_800) * SECOND;
      }
    });
  },
};

/** A public service of ours that nobody answers for an hour: its visitors try again and again, and are innocent. */
export const ownOutage: Scenario = {
  name: 'own-outage',
  family: 'network',
  share: 0.025,
  play(stage) {
    const { random, world } = stage;
    const length = random.spread(10, 90) * MINUTE;
    const start = random.unit() * Math.max(1, world.span - length);
    const others = [world.estate.portal, world.estate.countySite];
    playUntilSpent(stage, () => {
      const source = world.foreign(random, 'outage-visitor');
      const times = random.integer(1, 6);
      let time = start + random.unit() * length;
      for (let tried = 0; tried < times; tried++) {
        world.tell(source, world.estate.resultsSite, time, ephemeralPort(random), 443, Kind.syn, Fate.silent);
        if (random.chance(0.2)) {
          const other = random.pick(others);
          const sourcePort = ephemeralPort(random);
          world.connect({
            time: time + SECOND,
            source,
            destination: other,
            sourcePort,
            port: 443,
            duration: 4 * SECOND,
            sent: 900,
            received: 40_000,
          });
        }
        time += random.spread(1, 300) * SECOND;
        if (time > start + length) break;
      }
    });
  },
};
