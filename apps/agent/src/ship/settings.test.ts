import { describe, expect, it } from 'vitest';
import { readShipSettings } from './settings.ts';

const SENSOR = { sensor: 'fw', follow: ['/var/log/fw.log'] };

describe('the settings of what is shipped', () => {
  it('are taken with every source there is', () => {
    const all = {
      ...SENSOR,
      ...{ format: 'netfilter', zone: 'America/Chicago', journal: { units: ['ssh.service'] } },
      ...{ syslogUdp: ['0.0.0.0:514'], syslogTcp: ['[::]:514'], nxlogTcp: ['127.0.0.1:5140'] },
      ...{ nxlogHttp: ['127.0.0.1:8080'], winlogbeat: ['dc1:9200'] },
    };
    const settings = { sensors: [all, { sensor: 'ssh', journal: {} }], spoolBytes: 1e9, sentDays: 30 };
    expect(readShipSettings(settings).okOrThrow()).toEqual(settings);
  });

  it.each([
    [null, 'ship is no object'],
    [{}, 'ship.sensors is no list'],
    [{ sensors: [], spool: 1 }, 'ship.spool is no setting'],
    [{ sensors: [], spoolBytes: 1 }, 'ship.spoolBytes is no number'],
    [{ sensors: [], sentDays: 0 }, 'ship.sentDays is no number'],
    [{ sensors: [{ ...SENSOR, sensor: '../x' }] }, 'ship.sensors[0].sensor is no name'],
    [{ sensors: [SENSOR, { sensor: 'FW' }] }, 'ship.sensors[1].sensor is there twice'],
    [{ sensors: [{ ...SENSOR, follow: ['fw.log'] }] }, 'ship.sensors[0].follow is no list of paths'],
    [{ sensors: [{ ...SENSOR, files: [] }] }, 'ship.sensors[0].files is no setting'],
    [{ sensors: [{ ...SENSOR, syslogUdp: ['514'] }] }, 'ship.sensors[0].syslogUdp is no list of addresses'],
    [
      { sensors: [{ ...SENSOR, syslogUdp: ['::1:514'] }] },
      'ship.sensors[0].syslogUdp is no list of addresses',
    ],
    [
      { sensors: [{ ...SENSOR, winlogbeat: ['x:65536'] }] },
      'ship.sensors[0].winlogbeat is no list of addresses',
    ],
    [{ sensors: [{ ...SENSOR, format: 'a b' }] }, 'ship.sensors[0].format is no name'],
    [{ sensors: [{ ...SENSOR, journal: { units: ['-x y'] } }] }, 'ship.sensors[0].journal.units is no list'],
  ])('are refused with the place that is wrong: %j', (settings, place) => {
    const read = readShipSettings(settings);
    expect(read.isErr() && read.error.detail).toContain(place);
  });
});
