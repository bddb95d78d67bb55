/**
 * Lines of every format, for tests over all readers: real ones with their addresses replaced, or documented ones; whose,
 * the file of each format says. A set is in the order of a file, headers included.
 */
import { ACCESS_SAMPLES, ERROR_SAMPLES } from './access.samples.ts';
import { ASA_SAMPLES } from './asa.samples.ts';
import { CEF_SAMPLES } from './cef.samples.ts';
import { CSV_HEADER, CSV_SAMPLES, NDJSON_SAMPLES } from './columns.samples.ts';
import { ENTRA_SAMPLES } from './entra-signin.samples.ts';
import { EVE_SAMPLES } from './eve.samples.ts';
import { FILTERLOG_SAMPLES } from './filterlog.samples.ts';
import { AWS_CUSTOM_SAMPLES, AWS_SAMPLES, NFDUMP_SAMPLES } from './flow.samples.ts';
import { FORTINET_SAMPLES } from './fortinet.samples.ts';
import { HTTPERR_SAMPLES, IIS_FARM_SAMPLES, IIS_SAMPLES, W3C_SAMPLES } from './iis.samples.ts';
import { NETFILTER_SAMPLES } from './netfilter.samples.ts';
import { PALOALTO_SAMPLES } from './paloalto.samples.ts';
import { PFIREWALL_SAMPLES } from './pfirewall.samples.ts';
import { SSHD_SAMPLES } from './sshd.samples.ts';
import { WINDOWS_SAMPLES } from './windows-events.samples.ts';
import { ZEEK_SAMPLES } from './zeek.samples.ts';

/** By the format's name: files of it, each as its lines. */
export const SAMPLES: Readonly<Record<string, ReadonlyArray<readonly string[]>>> = {
  netfilter: [NETFILTER_SAMPLES],
  sshd: [SSHD_SAMPLES],
  filterlog: [FILTERLOG_SAMPLES],
  pfirewall: [PFIREWALL_SAMPLES],
  flow: [AWS_SAMPLES, AWS_CUSTOM_SAMPLES, NFDUMP_SAMPLES],
  nginx: [ACCESS_SAMPLES, ERROR_SAMPLES.filter((line) => !line.startsWith('['))],
  apache: [ACCESS_SAMPLES, ERROR_SAMPLES.filter((line) => line.startsWith('['))],
  iis: [IIS_SAMPLES, IIS_FARM_SAMPLES, W3C_SAMPLES, HTTPERR_SAMPLES],
  asa: [ASA_SAMPLES],
  paloalto: [PALOALTO_SAMPLES],
  fortinet: [FORTINET_SAMPLES],
  zeek: [ZEEK_SAMPLES],
  cef: [CEF_SAMPLES],
  eve: [EVE_SAMPLES],
  'windows-events': [WINDOWS_SAMPLES],
  'entra-signin': [ENTRA_SAMPLES],
  csv: [[CSV_HEADER, ...CSV_SAMPLES]],
  ndjson: [[...NDJSON_SAMPLES, '{"message":"of nobody"}']],
};
