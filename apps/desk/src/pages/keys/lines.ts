/** The exact lines with which a program sends with its key. */

/** Name of the sensor in the lines to copy: the device that most offices have. */
const FIRST_SENSOR = 'firewall';

/** Sends a log file once, with a batch number that makes sending again safe. */
export function curlWithKey(key: string, place: string, origin: string): string {
  return [
    'curl --data-binary @/var/log/firewall.log \\',
    `  -H "Authorization: Bearer ${key}" \\`,
    '  -H "Content-Type: text/plain" \\',
    `  -H "Bellwether-Batch: ${FIRST_SENSOR}-${place}/1" \\`,
    `  ${origin}/api/v1/intake/${place}/${FIRST_SENSOR}`,
  ].join('\n');
}
