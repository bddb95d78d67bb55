/**
 * The writer of each format.
 */
import type { FormatName } from '../formats.ts';
import type { WebHost } from '../web-requests.ts';
import { apacheWriter, nginxWriter } from './access-log.ts';
import { asaWriter } from './asa.ts';
import { cefWriter } from './cef.ts';
import { eveWriter } from './eve.ts';
import { filterlogWriter } from './filterlog.ts';
import { awsFlowWriter, nfdumpWriter } from './flows.ts';
import { fortinetWriter } from './fortinet.ts';
import { iisWriter } from './iis.ts';
import { netfilterWriter } from './netfilter.ts';
import { paloaltoWriter } from './paloalto.ts';
import { pfirewallWriter } from './pfirewall.ts';
import { csvWriter, ndjsonWriter } from './plain-records.ts';
import { entraWriter, windowsWriter } from './sign-ins.ts';
import { sshdWriter } from './sshd.ts';
import type { Desk, Writer } from './writer.ts';
import { zeekConnWriter, zeekJsonWriter } from './zeek-conn.ts';
import { zeekHttpWriter, zeekSshWriter } from './zeek-protocols.ts';

const WEB_WRITERS = {
  nginx: nginxWriter,
  apache: apacheWriter,
  iis: iisWriter,
  'zeek-http': zeekHttpWriter,
} as const;

const PLAIN_WRITERS: Readonly<Record<Exclude<FormatName, keyof typeof WEB_WRITERS>, (desk: Desk) => Writer>> =
  {
    netfilter: netfilterWriter,
    filterlog: filterlogWriter,
    sshd: sshdWriter,
    'zeek-conn': zeekConnWriter,
    'zeek-ssh': zeekSshWriter,
    'zeek-json': zeekJsonWriter,
    eve: eveWriter,
    asa: asaWriter,
    paloalto: paloaltoWriter,
    fortinet: fortinetWriter,
    cef: cefWriter,
    'windows-events': windowsWriter,
    pfirewall: pfirewallWriter,
    'entra-signin': entraWriter,
    'flow-aws': awsFlowWriter,
    'flow-nfdump': nfdumpWriter,
    csv: csvWriter,
    ndjson: ndjsonWriter,
  };

/** The writer of a format; `host` is the web host that the format tells, and is needed for formats of the web. */
export function writerOf(format: FormatName, desk: Desk, host: WebHost | undefined): Writer {
  if (!isWeb(format)) return PLAIN_WRITERS[format](desk);
  if (host === undefined) throw new Error(`${format} needs a web host`);
  return WEB_WRITERS[format](desk, host);
}

function isWeb(format: FormatName): format is keyof typeof WEB_WRITERS {
  return Object.hasOwn(WEB_WRITERS, format);
}
