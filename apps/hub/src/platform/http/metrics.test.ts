import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('the figures', () => {
  it('are counted by way in, and read when they are asked for', async () => {
    let backlog = 1;
    const metrics = createMetrics({
      backlog: () => backlog,
      journal: () => 5,
      desks: () => 2,
      log: () => ({ size: 12, published: 10, waiting: 1.5 }),
    });
    metrics.taken('http', 100, 9000);
    metrics.taken('http', 1, 10);
    metrics.taken('relp', 7, 70);
    metrics.refused('syslog-udp', 'queue-full', 12);
    metrics.committed({ step: 41, incidents: 2, historyRows: 100, millis: 7 });
    backlog = 77;

    const text = await metrics.text();

    for (const line of [
      'bellwether_lines_total{transport="http"} 101',
      'bellwether_lines_total{transport="relp"} 7',
      'bellwether_bytes_total{transport="http"} 9010',
      'bellwether_refusals_total{transport="syslog-udp",reason="queue-full"} 1',
      'bellwether_refused_lines_total{transport="syslog-udp",reason="queue-full"} 12',
      'bellwether_step 41',
      'bellwether_incidents_total 2',
      'bellwether_history_rows_total 100',
      'bellwether_commit_seconds_bucket{le="0.005"} 0',
      'bellwether_commit_seconds_bucket{le="0.01"} 1',
      'bellwether_backlog_bytes 77',
      'bellwether_journal_bytes 5',
      'bellwether_desks 2',
      'bellwether_log_entries 12',
      'bellwether_log_published_entries 10',
      'bellwether_log_waiting_seconds 1.5',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('are each hub’s own', async () => {
    const sources = {
      backlog: () => 0,
      journal: () => 0,
      desks: () => 0,
      log: () => ({ size: 0, published: 0, waiting: 0 }),
    };
    const one = createMetrics(sources);
    const other = createMetrics(sources);

    one.taken('http', 5, 5);

    expect(await other.text()).not.toContain('bellwether_lines_total{transport="http"} 5');
  });
});
