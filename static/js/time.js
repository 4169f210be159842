// Moments, told the way the reader counts them: <time datetime data-relative> becomes "3 minutes ago" in the page's
// language, with the exact moment in the reader's own time zone as its title.
(() => {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const language = document.documentElement.lang || undefined;
  let relative;
  let exact;
  try {
    relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  } catch {
    return;
  }

  const render = () => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const moment = Date.parse(element.dateTime);
      if (Number.isNaN(moment)) continue;
      const seconds = Math.round((moment - Date.now()) / 1000);
      const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
      if (unit === "day" && Math.abs(seconds) > 7 * size) continue;
      element.textContent = relative.format(Math.trunc(seconds / size), unit);
      element.title = exact.format(moment);
    }
  };

  document.addEventListener("DOMContentLoaded", render);
  document.addEventListener("htmx:after:swap", render);
  setInterval(render, 60000);
})();
