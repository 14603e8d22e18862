import { Counter, Gauge, Registry } from "prom-client";
import type { AssociationStatus, NtpStatus, RingStatus } from "./ntp-status.ts";

// Metrics by the conventions of Prometheus: base units, _total for what only grows. Each scrape
// makes them anew from what <get> shows the user who scrapes; what that user may not read is not
// there, rather than zero.

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

type Labels = Readonly<Record<string, string>>;

/** The text of a scrape. */
export function metricsText(status: NtpStatus): Promise<string> {
  const registry = new Registry();
  const page = new Page(registry);
  clock(page, status);
  host(page, status);
  for (const one of status.associations) association(page, one);
  for (const one of status.rings) ring(page, one);
  return registry.metrics();
}

/** Metrics by name, each made when it has its first value. */
class Page {
  readonly #registry: Registry;
  readonly #metrics = new Map<string, Gauge | Counter>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  gauge(name: string, help: string, value: number | undefined, labels: Labels = {}): void {
    if (value === undefined || Number.isNaN(value)) return;
    const made = this.#metrics.get(name) ?? new Gauge(this.#options(name, help, labels));
    this.#metrics.set(name, made);
    if (made instanceof Gauge) made.set({ ...labels }, value);
  }

  counter(name: string, help: string, value: number | undefined, labels: Labels = {}): void {
    if (value === undefined || Number.isNaN(value)) return;
    const made = this.#metrics.get(name) ?? new Counter(this.#options(name, help, labels));
    this.#metrics.set(name, made);
    made.inc({ ...labels }, value);
  }

  #options(name: string, help: string, labels: Labels) {
    const labelNames = Object.keys(labels);
    return { name: `ntpconfd_${name}`, help, labelNames, registers: [this.#registry] };
  }
}

function clock(page: Page, { clock: at }: NtpStatus): void {
  const { state, frequencyPpm: ppm } = at;
  const synchronized = state === undefined ? undefined : Number(state === "synchronized");
  page.gauge("clock_synchronized", "1 while the clock is synchronized", synchronized);
  page.gauge("clock_stratum", "Stratum of the clock", at.stratum);
  const offset = "Offset of the clock; negative: it is behind";
  page.gauge("clock_offset_seconds", offset, seconds(at.offset));
  page.gauge("clock_root_delay_seconds", "Delay to the reference", seconds(at.rootDelay));
  const dispersion = "Dispersion to the reference";
  page.gauge("clock_root_dispersion_seconds", dispersion, seconds(at.rootDispersion));
  const correction = "What the frequency is corrected by, as a ratio";
  page.gauge("clock_frequency_correction_ratio", correction, ppm === undefined ? ppm : ppm / 1e6);
}

function host(page: Page, { traffic, drops, dynamic }: NtpStatus): void {
  page.counter("packets_sent_total", "NTP packets sent", traffic.sent);
  page.counter("packet_send_failures_total", "NTP packets not sent", traffic.sendFailures);
  page.counter("packets_received_total", "NTP packets received", traffic.received);
  for (const [reason, count] of Object.entries(drops)) {
    page.counter("packets_dropped_total", "NTP packets not used, by reason", count, { reason });
  }
  page.gauge("dynamic_associations", "Associations that came by themselves", dynamic.now);
  page.gauge("dynamic_associations_limit", "How many there may be", dynamic.limit);
  const refused = "Associations refused at the limit";
  page.counter("dynamic_associations_refused_total", refused, dynamic.refused);
}

function association(page: Page, one: AssociationStatus): void {
  const { address, mode, configured, reach, poll, traffic } = one;
  const labels = { address, mode, configured: String(configured) };
  const gauge = (name: string, help: string, value: number | undefined): void =>
    page.gauge(`association_${name}`, help, value, labels);
  gauge("offset_seconds", "Offset; negative: this clock is behind", seconds(one.offset));
  gauge("jitter_seconds", "Jitter", seconds(one.jitter));
  gauge("delay_seconds", "Delay, there and back", seconds(one.delay));
  gauge("dispersion_seconds", "Dispersion", seconds(one.dispersion));
  gauge("stratum", "Stratum of the other side", one.stratum);
  gauge("selected", "1 for the one that time comes from", Number(one.isSource));
  gauge("reach_ratio", "Share of the last eight polls answered", reach && bits(reach) / 8);
  gauge("poll_interval_seconds", "Time between polls", poll === undefined ? poll : 2 ** poll);
  const counter = (name: string, help: string, value: number | undefined): void =>
    page.counter(`association_${name}`, help, value, labels);
  counter("packets_sent_total", "Packets sent", traffic.sent);
  counter("packets_received_total", "Packets received", traffic.received);
  counter("packets_dropped_total", "Packets not used", traffic.dropped);
}

function ring(page: Page, one: RingStatus): void {
  const labels = { interface: one.interface, group: one.group };
  const { interval } = one;
  page.gauge("manycast_ttl", "Time to live of the last solicitation", one.ttl, labels);
  page.gauge("manycast_survivors", "Servers found that survive", one.survivors, labels);
  const every = interval === undefined ? interval : 2 ** interval;
  page.gauge("manycast_interval_seconds", "Time between solicitations", every, labels);
  const { solicitations, answers } = one;
  page.counter("manycast_solicitations_total", "Solicitations sent", solicitations, labels);
  page.counter("manycast_answers_total", "Good answers", answers, labels);
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

function bits(octet: number): number {
  return octet.toString(2).replaceAll("0", "").length;
}
