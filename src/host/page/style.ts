/** Colours are variables, light and dark; the layout is one column on a phone. */
export const pageStyle = `:root {
  --back: #f6f7f9; --card: #ffffff; --text: #1b2430; --quiet: #586374; --line: #d9dee6;
  --good: #10713f; --warn: #9a4a00; --accent: #1f5fbf;
  --s0: #1f5fbf; --s1: #c2410c; --s2: #10713f; --s3: #8b3fb0; --s4: #a16207; --s5: #0e7490;
  color-scheme: light;
}
@media (prefers-color-scheme: dark) { :root {
  --back: #11161d; --card: #1a212b; --text: #e6ebf2; --quiet: #9dabbd; --line: #303b49;
  --good: #5fd38d; --warn: #ffb066; --accent: #7db4ff;
  --s0: #7db4ff; --s1: #ff9a5c; --s2: #5fd38d; --s3: #d59bf6; --s4: #e8c34d; --s5: #5ccfe6;
  color-scheme: dark;
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
header, main, footer, .notice { max-width: 1180px; margin: 0 auto; padding: 0 16px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; padding-top: 16px; }
header p { margin: 0; }
h1 { font-size: 20px; margin: 0; flex: 1 1 auto; }
h1 span { font-weight: 400; color: var(--quiet); }
h2 { font-size: 15px; margin: 0 0 10px; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; padding-top: 14px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 16px; min-width: 0; }
section.wide { grid-column: 1 / -1; }
section.clock:has(+ section[hidden]) { grid-column: 1 / -1; }
[hidden] { display: none; }
.quiet { color: var(--quiet); }
.state { font-size: 26px; font-weight: 600; margin: 0 0 8px; color: var(--warn); }
.state.good { color: var(--good); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 8px 18px;
  margin: 0; }
dl div { min-width: 0; }
dt { color: var(--quiet); font-size: 13px; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; position: relative; }
.scroll:focus-visible, a:focus-visible, select:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; font-size: 13px; color: var(--quiet); }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { color: var(--text); font-size: 15px; }
tr:last-child > * { border-bottom: 0; }
.n { text-align: right; }
.source { font-weight: 600; }
.tag { font-size: 12px; color: var(--good); border: 1px solid currentColor; border-radius: 8px;
  padding: 0 6px; margin-left: 6px; font-weight: 500; }
.reach { display: inline-flex; gap: 2px; vertical-align: -1px; }
.reach i { width: 7px; height: 13px; border-radius: 2px; border: 1px solid var(--quiet); }
.reach i.on { background: var(--good); border-color: var(--good); }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.heading { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; }
select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; padding: 2px 4px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
  gap: 18px 24px; }
figure { margin: 0; min-width: 0; }
figcaption { font-size: 13px; color: var(--quiet); margin-bottom: 2px; }
.plot { min-height: 190px; min-width: 0; overflow: hidden; }
.plot > p { padding-top: 70px; text-align: center; margin: 0; }
.uplot, .uplot * { font-family: inherit; }
.uplot .legend, .u-legend { font-size: 12px; text-align: left; }
.u-legend.u-inline .u-series > th { white-space: nowrap; }
.u-legend th, .u-legend td { border: 0; padding: 0 3px; color: var(--text); font-size: 12px; }
.ring { margin-bottom: 12px; }
.ring:last-child { margin-bottom: 0; }
.ring p { margin: 0 0 6px; }
progress { width: 100%; height: 10px; accent-color: var(--accent); display: block;
  margin-bottom: 10px; }
.events { list-style: none; margin: 0; padding: 0; max-height: 340px; overflow-y: auto; }
.events li { display: flex; gap: 12px; padding: 3px 0; }
.events time { color: var(--quiet); font-variant-numeric: tabular-nums; flex: none; }
.events .good { color: var(--good); }
.events .warning { color: var(--warn); }
.notice { background: var(--card); border: 1px solid var(--warn); border-radius: 10px;
  color: var(--warn); padding: 10px 16px; margin-top: 14px; }
footer { padding-top: 14px; padding-bottom: 24px; font-size: 13px; }
a { color: var(--accent); }
@media (max-width: 760px) {
  main { grid-template-columns: minmax(0, 1fr); padding: 10px; }
  section { padding: 12px; }
}
`;
