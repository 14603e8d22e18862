/** The status page. What it shows comes by script; without script it says so. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ntpconfd</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/uplot.css">
<link rel="stylesheet" href="/page.css">
<script src="/uplot.js" defer></script>
<script src="/page.js" defer></script>
</head>
<body>
<header>
  <h1>ntpconfd <span id="host"></span></h1>
  <p id="updated" class="quiet">reading …</p>
</header>
<noscript>
  <p class="notice">This page needs JavaScript. The same figures are at /metrics.</p>
</noscript>
<p id="notice" class="notice" role="alert" hidden></p>
<main>
  <section aria-labelledby="h-clock" class="clock">
    <h2 id="h-clock">Clock</h2>
    <p id="state" class="state" role="status">–</p>
    <dl id="clock"></dl>
  </section>
  <section aria-labelledby="h-ring" id="rings-section" hidden>
    <h2 id="h-ring">Manycast</h2>
    <div id="rings"></div>
  </section>
  <section aria-labelledby="h-associations" class="wide">
    <h2 id="h-associations">Associations</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="h-associations">
      <table id="associations">
        <thead><tr>
          <th scope="col">address</th><th scope="col" class="n">offset</th>
          <th scope="col">reach</th><th scope="col" class="n">jitter</th>
          <th scope="col" class="n">delay</th><th scope="col" class="n">stratum</th>
          <th scope="col" class="n">poll</th><th scope="col" class="n">key</th>
          <th scope="col">mode</th>
        </tr></thead>
        <tbody></tbody>
      </table>
    </div>
  </section>
  <section aria-labelledby="h-plots" class="wide">
    <div class="heading">
      <h2 id="h-plots">Over time</h2>
      <label>the last <select id="hours">
        <option value="0.25">15 minutes</option>
        <option value="1" selected>hour</option>
        <option value="6">6 hours</option>
      </select></label>
    </div>
    <div class="plots">
      <figure><figcaption>Offset of the clock, ms (negative: it is behind)</figcaption>
        <div id="plot-clock" class="plot" role="img"></div></figure>
      <figure><figcaption>Offsets of the associations, ms</figcaption>
        <div id="plot-offset" class="plot" role="img"></div></figure>
      <figure><figcaption>Delay, there and back, ms</figcaption>
        <div id="plot-delay" class="plot" role="img"></div></figure>
      <figure><figcaption>Jitter, ms</figcaption>
        <div id="plot-jitter" class="plot" role="img"></div></figure>
      <figure><figcaption>Reach, polls answered of the last 8</figcaption>
        <div id="plot-reach" class="plot" role="img"></div></figure>
      <figure><figcaption>Packets a second</figcaption>
        <div id="plot-rates" class="plot" role="img"></div></figure>
    </div>
  </section>
  <section aria-labelledby="h-packets">
    <h2 id="h-packets">Packets</h2>
    <dl id="packets"></dl>
  </section>
  <section aria-labelledby="h-events">
    <h2 id="h-events">Recent events</h2>
    <ol id="events" class="events"></ol>
  </section>
</main>
<footer class="quiet">Everything here is what &lt;get&gt; shows the user <b id="user"></b>.
  <a href="/metrics">/metrics</a></footer>
</body>
</html>
`;
