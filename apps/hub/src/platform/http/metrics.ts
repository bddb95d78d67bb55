/** Figures of the hub for Prometheus, `bellwether_...`, beside those of the process and of Node. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is read when somebody asks. */
export type MetricsSources = {
  /** Bytes that are acknowledged and not judged yet. */
  readonly backlog: () => number;
  /** Bytes of the journal. */
  readonly journal: () => number;
  /** Desks that listen. */
  readonly desks: () => number;
  readonly log: () => LogFigures;
};

/** The evidence log: entries in it, entries that are published, and seconds for which a checkpoint waits for its witnesses. */
export type LogFigures = { readonly size: number; readonly published: number; readonly waiting: number };

/** The figures, and who changes them. */
export type HubMetrics = {
  /** Lines were acknowledged. */
  taken(transport: string, lines: number, bytes: number): void;
  /** Something was not taken in. */
  refused(transport: string, reason: string, lines: number): void;
  /** Steps are kept: `millis` is what the transaction took. */
  committed(commit: {
    readonly step: number;
    readonly incidents: number;
    readonly historyRows: number;
    readonly millis: number;
  }): void;
  /** All of them, as text. */
  text(): Promise<string>;
};

/** Seconds of a commit: it is milliseconds on a good disk, and a second is what a desk may wait in all. */
const COMMIT_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Makes the figures, all 0. */
export function createMetrics({ backlog, journal, desks, log }: MetricsSources): HubMetrics {
  const registry = new Registry();
  const registers = [registry];
  // The usual 10 ms of its monitor alone would cost an idle hub half a percent of a core.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 500 });
  const lines = new Counter({
    name: 'bellwether_lines_total',
    help: 'Lines that were acknowledged',
    labelNames: ['transport'],
    registers,
  });
  const bytes = new Counter({
    name: 'bellwether_bytes_total',
    help: 'Bytes of lines that were acknowledged',
    labelNames: ['transport'],
    registers,
  });
  const refusals = new Counter({
    name: 'bellwether_refusals_total',
    help: 'Batches or messages that were not taken in',
    labelNames: ['transport', 'reason'],
    registers,
  });
  const refusedLines = new Counter({
    name: 'bellwether_refused_lines_total',
    help: 'Lines in them, where that is known',
    labelNames: ['transport', 'reason'],
    registers,
  });
  const step = new Gauge({
    name: 'bellwether_step',
    help: 'Number of the last step that is kept',
    registers,
  });
  const incidents = new Counter({
    name: 'bellwether_incidents_total',
    help: 'Incidents that were opened',
    registers,
  });
  const historyRows = new Counter({
    name: 'bellwether_history_rows_total',
    help: 'Contacts that were written to the history',
    registers,
  });
  const commits = new Histogram({
    name: 'bellwether_commit_seconds',
    help: 'Time of the transaction that keeps steps',
    buckets: COMMIT_SECONDS,
    registers,
  });
  gauge(registry, 'bellwether_backlog_bytes', 'Bytes that are acknowledged and not judged yet', backlog);
  gauge(registry, 'bellwether_journal_bytes', 'Bytes of the journal', journal);
  gauge(registry, 'bellwether_desks', 'Desks that listen for changes', desks);
  gauge(registry, 'bellwether_log_entries', 'Entries of the evidence log', () => log().size);
  gauge(
    registry,
    'bellwether_log_published_entries',
    'Entries that the published checkpoint has',
    () => log().published,
  );
  gauge(
    registry,
    'bellwether_log_waiting_seconds',
    'How long a checkpoint has waited for its witnesses',
    () => log().waiting,
  );
  return {
    taken(transport, count, size) {
      lines.inc({ transport }, count);
      bytes.inc({ transport }, size);
    },
    refused(transport, reason, count) {
      refusals.inc({ transport, reason });
      refusedLines.inc({ transport, reason }, count);
    },
    committed(commit) {
      step.set(commit.step);
      incidents.inc(commit.incidents);
      historyRows.inc(commit.historyRows);
      commits.observe(commit.millis / 1000);
    },
    text: () => registry.metrics(),
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const registers = [registry];
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
