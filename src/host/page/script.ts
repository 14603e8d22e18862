/**
 * The page's script, as the browser takes it. All text goes in as text, never as HTML. It is a
 * string because the compiler copies nothing but TypeScript, and because it has another world of
 * globals than the rest.
 */
export const pageScript = `"use strict";
const statusMs = 5000, historyMs = 20000;
const byId = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");
/** What is drawn, and what it was drawn from. */
const drawn = { plots: [], history: undefined };

function make(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

function ms(value) {
  if (value === undefined) return "–";
  const size = Math.abs(value);
  if (size < 0.0005) return "0 ms";
  return value.toFixed(size < 10 ? 3 : size < 1000 ? 1 : 0) + " ms";
}

function seconds(log2) {
  if (log2 === undefined) return "–";
  const s = 2 ** log2;
  return s < 120 ? s + " s" : s < 7200 ? Math.round(s / 60) + " min" : Math.round(s / 3600) + " h";
}

function count(value) {
  return value === undefined ? undefined : value.toLocaleString("en");
}

function list(target, rows) {
  target.replaceChildren(...rows.filter(([, value]) => value !== undefined).map(([name, value]) => {
    const pair = make("div");
    pair.append(make("dt", name), make("dd", value));
    return pair;
  }));
}

function showClock({ clock, configured }) {
  const state = byId("state");
  const text = configured ? clock.state ?? "not to be read" : "NTP is not configured";
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("good", clock.state === "synchronized");
  const ppm = clock.frequencyPpm;
  list(byId("clock"), [
    ["offset", clock.offset === undefined ? undefined : ms(clock.offset)],
    ["stratum", clock.stratum],
    ["time comes from", clock.source ?? clock.refid],
    ["root delay", clock.rootDelay === undefined ? undefined : ms(clock.rootDelay)],
    ["root dispersion", clock.rootDispersion === undefined ? undefined : ms(clock.rootDispersion)],
    ["frequency", ppm === undefined ? undefined : ppm.toFixed(3) + " ppm"],
    ["discipline", clock.syncState],
  ]);
}

function reachCell(reach) {
  const cell = make("td");
  if (reach === undefined) { cell.textContent = "–"; return cell; }
  const bits = reach.toString(2).padStart(8, "0");
  const marks = make("span", undefined, "reach");
  marks.setAttribute("aria-hidden", "true");
  for (const bit of bits) marks.append(make("i", undefined, bit === "1" ? "on" : ""));
  const answered = bits.replaceAll("0", "").length;
  cell.append(marks, make("span", answered + " of the last 8 polls answered", "said"));
  cell.title = answered + " of the last 8 polls answered";
  return cell;
}

function associationRow(one) {
  const row = make("tr");
  if (one.isSource) row.className = "source";
  const name = make("th", one.address);
  name.scope = "row";
  if (one.isSource) name.append(make("span", "source", "tag"));
  const number = (value) => make("td", value ?? "–", "n");
  const measured = one.dispersion === undefined || one.dispersion < 16000;
  const time = (value) => number(measured ? ms(value) : "–");
  // What matters most comes first: a phone shows no more without scrolling.
  row.append(name, time(one.offset), reachCell(one.reach), time(one.jitter), time(one.delay),
    number(one.stratum), number(seconds(one.poll)), number(one.keyId), make("td", one.mode));
  return row;
}

function showAssociations({ associations }) {
  const rows = [...associations].sort((a, b) => b.isSource - a.isSource).map(associationRow);
  if (rows.length === 0) {
    const none = make("td", "there are none", "quiet");
    none.colSpan = 9;
    const row = make("tr");
    row.append(none);
    rows.push(row);
  }
  byId("associations").tBodies[0].replaceChildren(...rows);
}

function showRings({ rings }) {
  byId("rings-section").hidden = rings.length === 0;
  byId("rings").replaceChildren(...rings.map((ring) => {
    const box = make("div", undefined, "ring");
    box.append(make("p", ring.group + " on " + ring.interface));
    if (ring.ttl !== undefined && ring.ttlMax !== undefined) {
      const bar = make("progress");
      bar.max = ring.ttlMax;
      bar.value = ring.ttl;
      bar.setAttribute("aria-label", "ring: time to live " + ring.ttl + " of " + ring.ttlMax);
      box.append(bar);
    }
    const facts = make("dl");
    list(facts, [
      ["time to live", ring.ttl === undefined ? undefined : ring.ttl + " of " + ring.ttlMax],
      ["survivors", ring.survivors === undefined ? undefined
        : ring.survivors + ", wanted " + (ring.minclock ?? 3)],
      ["solicitations", count(ring.solicitations)],
      ["answers", count(ring.answers)],
      ["next within", ring.interval === undefined ? undefined : seconds(ring.interval)],
    ]);
    box.append(facts);
    return box;
  }));
}

function showPackets({ traffic, drops, dynamic }) {
  const sessions = dynamic.now === undefined ? undefined
    : dynamic.now + (dynamic.limit === undefined ? "" : " of " + dynamic.limit);
  list(byId("packets"), [
    ["sent", count(traffic.sent)],
    ["received", count(traffic.received)],
    ["not sent", count(traffic.sendFailures)],
    ["not used", count(traffic.dropped)],
    ["dynamic sessions", sessions],
    ["sessions refused", count(dynamic.refused)],
    ...Object.entries(drops).filter(([, n]) => n > 0).map(([reason, n]) =>
      ["not used: " + reason.replaceAll("-", " "), count(n)]),
  ]);
}

function showEvents(events) {
  const rows = events.map((event) => {
    const row = make("li");
    const at = new Date(event.time * 1000);
    const time = make("time", at.toLocaleTimeString("en-GB"));
    time.dateTime = at.toISOString();
    time.title = at.toLocaleString("en-GB");
    row.append(time, make("span", event.text, event.severity));
    return row;
  });
  if (rows.length === 0) rows.push(make("li", "none since the agent started", "quiet"));
  byId("events").replaceChildren(...rows);
}

/* -- plots ---------------------------------------------------------------------------------- */

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axis(size) {
  return {
    stroke: colour("--quiet"), size,
    grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
}

const dashes = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];

function say(target, text) {
  const found = target.querySelector("p");
  if (found !== undefined && found?.textContent === text) return;
  target.replaceChildren(make("p", text, "quiet"));
}

function plot(id, name, lines, unit, range) {
  const target = byId(id);
  const some = lines.filter(({ values }) => values.some((v) => typeof v === "number"));
  if (some.length === 0 || drawn.history.times.length < 2) {
    say(target, "nothing to show yet");
    target.setAttribute("aria-label", name + ": nothing to show yet");
    return;
  }
  target.setAttribute("aria-label", name + ". " + some.map(spoken(unit)).join(". "));
  const series = some.map(({ label }, i) => ({
    label, stroke: colour("--s" + (i % 6)), width: 1.6, spanGaps: false,
    points: { show: false }, dash: dashes[Math.floor(i / 6) % dashes.length],
    value: (_, v) => typeof v === "number" ? Number(v.toPrecision(4)) + unit : "–",
  }));
  const options = {
    width: target.clientWidth, height: 190, legend: { show: some.length > 1, live: false },
    cursor: { y: false }, scales: range === undefined ? {} : { y: { range } },
    axes: [{ ...axis(34), values: clockTimes }, axis(58)], series: [{}, ...series],
  };
  target.replaceChildren();
  const data = [drawn.history.times, ...some.map(({ values }) => values)];
  drawn.plots.push({ target, made: new uPlot(options, data, target) });
}

function clockTimes(_, times) {
  const seconds = times[1] - times[0] < 60 ? { second: "2-digit" } : {};
  const form = { hour: "2-digit", minute: "2-digit", ...seconds };
  return times.map((t) => new Date(t * 1000).toLocaleTimeString("en-GB", form));
}

function spoken(unit) {
  return ({ label, values }) => {
    const known = values.filter((v) => typeof v === "number");
    const round = (v) => Number(v.toPrecision(3));
    return label + ": now " + round(known.at(-1)) + unit + ", lowest " +
      round(Math.min(...known)) + ", highest " + round(Math.max(...known));
  };
}

function draw() {
  const { history } = drawn;
  if (history === undefined) return;
  for (const { made } of drawn.plots.splice(0)) made.destroy();
  const of = (measure) => history.associations.filter((one) => one[measure] !== undefined)
    .map((one) => ({ label: one.address, values: one[measure] }));
  const bits = (v) => typeof v === "number" ? v.toString(2).replaceAll("0", "").length : v;
  const reach = of("reach").map(({ label, values }) => ({ label, values: values.map(bits) }));
  const clock = history.clock.offset ?? [];
  const rates = Object.entries(history.rates).map(([label, values]) => ({ label, values }));
  plot("plot-clock", "Offset of the clock", [{ label: "offset", values: clock }], " ms");
  plot("plot-offset", "Offsets of the associations", of("offset"), " ms");
  const upTo = (factor, least) => (_, low, high) => [0, Math.max(high * factor, least)];
  plot("plot-delay", "Delay", of("delay"), " ms", upTo(1, 0.001));
  plot("plot-jitter", "Jitter", of("jitter"), " ms", upTo(1, 0.001));
  plot("plot-reach", "Reach", reach, " of 8", () => [0, 8.4]);
  plot("plot-rates", "Packets a second", rates, "", upTo(1.1, 0.1));
}

/* -- reading -------------------------------------------------------------------------------- */

async function read(path) {
  const answer = await fetch(location.origin + path, { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}

function told(problem) {
  const notice = byId("notice");
  notice.hidden = problem === undefined;
  notice.textContent = problem ?? "";
}

async function showStatus() {
  try {
    const status = await read("/api/status");
    byId("host").textContent = "on " + status.host;
    document.title = (status.clock.state ?? "no clock") + " – " + status.host + " – ntpconfd";
    byId("user").textContent = status.user;
    byId("updated").textContent = "as of " + new Date().toLocaleTimeString("en-GB");
    showClock(status);
    showAssociations(status);
    showRings(status);
    showPackets(status);
    told(undefined);
  } catch (error) {
    told("The agent gives no answer (" + error.message + "): what stands here is old.");
  }
}

async function showHistory() {
  try {
    drawn.history = await read("/api/history?hours=" + byId("hours").value);
    showEvents(drawn.history.events);
    draw();
  } catch {
    // The status tells it.
  }
}

async function forever(show, every) {
  for (;;) {
    if (!document.hidden) await show();
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

byId("hours").addEventListener("change", showHistory);
dark.addEventListener("change", draw);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) { showStatus(); showHistory(); }
});
/* The page is narrower before its plots are: they follow their places, not the window. */
new ResizeObserver(() => {
  for (const { target, made } of drawn.plots) {
    const width = target.clientWidth;
    if (width !== made.width) made.setSize({ width, height: 190 });
  }
}).observe(document.querySelector(".plots"));
forever(showStatus, statusMs);
forever(showHistory, historyMs);
`;
