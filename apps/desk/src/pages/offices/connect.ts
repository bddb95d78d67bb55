/** The exact lines with which an office connects a sensor: HTTP and syslog by RELP, as the hub takes them in. */

/** Name of the sensor in the lines to copy: the device that most offices have. */
export const FIRST_SENSOR = 'firewall';

/** Port for RELP in the lines to copy: not a reserved one, so the hub needs no root. */
const RELP_PORT = 2514;

/** Sends a log file once, with a batch number that makes sending again safe. */
export function curlLines(leaId: string, origin: string): string {
  return [
    'curl --data-binary @/var/log/firewall.log \\',
    '  -H "Authorization: Bearer TOKEN" \\',
    '  -H "Content-Type: text/plain" \\',
    `  -H "Bellwether-Batch: ${FIRST_SENSOR}-${leaId}/1" \\`,
    `  ${origin}/api/v1/intake/${leaId}/${FIRST_SENSOR}`,
  ].join('\n');
}

/** Sends what rsyslog hears by RELP, kept on disk there until it is acknowledged. */
export function rsyslogLines(leaId: string, host: string): string {
  return [
    'module(load="omrelp")',
    `action(type="omrelp" target="${host}" port="${RELP_PORT}"`,
    `       queue.type="LinkedList" queue.filename="bellwether-${leaId}"`,
    '       queue.maxDiskSpace="1g" queue.saveOnShutdown="on"',
    '       windowSize="2000" action.resumeRetryCount="-1")',
  ].join('\n');
}

/** The hub's side of it: lines that come in at this port are this office's. */
export function hubLines(leaId: string): string {
  return [
    'relp:',
    `  - port: ${RELP_PORT}`,
    '    sensor:',
    `      authority: '${leaId}'`,
    `      sensor: ${FIRST_SENSOR}`,
  ].join('\n');
}
