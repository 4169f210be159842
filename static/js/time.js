// Moments, told the way the reader counts them: <time datetime data-relative> becomes "3 minutes ago" in the page's
// language, with the exact moment in the reader's own time zone as its title. <time datetime data-left> counts down to it.
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

  // What lasts until then: minutes and seconds that are left.
  const countDown = () => {
    for (const element of document.querySelectorAll("time[data-left]")) {
      const seconds = Math.max(0, Math.round((Date.parse(element.dateTime) - Date.now()) / 1000));
      if (Number.isNaN(seconds)) continue;
      const digits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 });
      element.textContent = `${new Intl.NumberFormat(language).format(Math.trunc(seconds / 60))}:${digits.format(seconds % 60)}`;
    }
  };
  setInterval(countDown, 1000);
  document.addEventListener("DOMContentLoaded", countDown);

  document.addEventListener("DOMContentLoaded", render);
  document.addEventListener("htmx:after:swap", render);
  setInterval(render, 60000);
})();
