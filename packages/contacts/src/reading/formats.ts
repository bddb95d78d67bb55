/**
 * Every format that `bellwether watch` reads, in the order in which they are tried when nobody names one.
 */

import { apache } from './apache.ts';
import { asa } from './asa.ts';
import { cef } from './cef.ts';
import { csv } from './csv.ts';
import { entraSignin } from './entra-signin.ts';
import { eve } from './eve.ts';
import { filterlog } from './filterlog.ts';
import { flow } from './flow.ts';
import { fortinet } from './fortinet.ts';
import { iis } from './iis.ts';
import { ndjson } from './ndjson.ts';
import { netfilter } from './netfilter.ts';
import { nginx } from './nginx.ts';
import { paloalto } from './paloalto.ts';
import { pfirewall } from './pfirewall.ts';
import type { Format } from './reader.ts';
import { sshd } from './sshd.ts';
import { windowsEvents } from './windows-events.ts';
import { zeek } from './zeek.ts';

export const FORMATS: readonly Format[] = [
  netfilter,
  sshd,
  filterlog,
  pfirewall,
  flow,
  nginx,
  apache,
  iis,
  asa,
  paloalto,
  fortinet,
  zeek,
  cef,
  eve,
  windowsEvents,
  entraSignin,
  csv,
  ndjson,
];
