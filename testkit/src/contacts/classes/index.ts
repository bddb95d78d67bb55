/**
 * All scenarios of a run, in the order in which they play. Fillers, whose share is 0, play last and make the rest.
 */
import type { Scenario, WebScenario } from '../scenario.ts';
import { background } from './background.ts';
import { distributedAnywhere, distributedSame24 } from './distributed-scans.ts';
import { blocklisted, fastHorizontal, fastVertical, fewPortsManyHosts, openDoor } from './fast-scans.ts';
import { decoyScan, dnsReflection, spoofedFlood, spoofedFriends } from './forged-sources.ts';
import { ipv6Scan48, ipv6Scan64 } from './ipv6-scans.ts';
import { monitoring, permittedTest, vendors, visitors } from './known-parties.ts';
import {
  backscatter,
  dnsReplies,
  lateAcks,
  ntpReplies,
  ownOutage,
  staleDnsClients,
} from './replies-and-leftovers.ts';
import { signInScenarios } from './sign-in-guessing.ts';
import { quarterHour, slowHorizontal, slowVertical } from './slow-scans.ts';
import {
  sshBreakIn,
  sshDistributed,
  sshEnumeration,
  sshFast,
  sshLogInjection,
  sshSlow,
  sshSpray,
  sshVerySlow,
} from './ssh-guessing.ts';
import { sshBackground, sshMonitor, sshStaff } from './ssh-people.ts';
import { sourcePortTricks, stealthFlags } from './stealth-scans.ts';
import { icmpSweep, udpScan } from './udp-icmp-scans.ts';
import { contentNetwork, deadlineDay, sharedAddresses, voters, webStaff } from './voters.ts';
import { webBreakIn, webInjection, webInjectionInSurge, webInjectionSlow } from './web-injection.ts';
import { webLoginGuessing, webLoginSprayInSurge } from './web-login-guessing.ts';
import { webProbing, webProbingBehindCdn, webProbingSlow } from './web-probing.ts';
import { searchRobots, webBackground, webMonitoring } from './web-robots.ts';

/** Scenarios of the network, of SSH and of sign-ins. */
export const SCENARIOS: readonly Scenario[] = [
  fastVertical,
  fastHorizontal,
  fewPortsManyHosts,
  slowVertical,
  slowHorizontal,
  quarterHour,
  distributedSame24,
  distributedAnywhere,
  udpScan,
  icmpSweep,
  stealthFlags,
  sourcePortTricks,
  ipv6Scan64,
  ipv6Scan48,
  openDoor,
  blocklisted,
  decoyScan,
  spoofedFlood,
  spoofedFriends,
  dnsReflection,
  background,
  lateAcks,
  backscatter,
  dnsReplies,
  ntpReplies,
  staleDnsClients,
  monitoring,
  vendors,
  permittedTest,
  ownOutage,
  visitors,
  sshFast,
  sshSlow,
  sshVerySlow,
  sshSpray,
  sshDistributed,
  sshBreakIn,
  sshEnumeration,
  sshLogInjection,
  sshStaff,
  sshMonitor,
  sshBackground,
  ...signInScenarios('windows'),
  ...signInScenarios('entra'),
];

/** Scenarios of a web host; each requested web format has a host, and they play at each. */
export const WEB_SCENARIOS: readonly WebScenario[] = [
  webProbing,
  webProbingSlow,
  webProbingBehindCdn,
  webInjection,
  webInjectionSlow,
  webInjectionInSurge,
  webBreakIn,
  webLoginGuessing,
  webLoginSprayInSurge,
  webBackground,
  searchRobots,
  webMonitoring,
  webStaff,
  contentNetwork,
  sharedAddresses,
  deadlineDay,
  voters,
];
