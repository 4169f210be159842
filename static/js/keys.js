// Single keys for people who work through many cases. They move the focus or follow a link and never submit a form; one
// switch, kept in this browser, turns all of them off, and so does the account.
(() => {
  const off = () => localStorage.getItem("keys") === "off" || document.documentElement.dataset.singleKeys === "off";
  const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  let prefix = "";

  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const choose = (step) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const row = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    for (const other of all) other.removeAttribute("aria-selected");
    row.setAttribute("aria-selected", "true");
    row.querySelector("a.ref").focus();
    return true;
  };

  const go = (key) => {
    if (key === "j") return choose(1);
    if (key === "k") return choose(-1);
    if (key === "?") { location.assign("/help/shortcuts"); return true; }
    const row = document.activeElement.closest?.("[data-rows] tr");
    const tick = key === "c" && row?.querySelector("input[type=checkbox]");
    if (tick) { tick.checked = !tick.checked; return true; }
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if ("follow" in target.dataset) { target.click(); return true; }
    if (target.type === "radio") target.checked = true;
    target.focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off() || typing(event.target)) return;
    if (!document.querySelector(".rail")) return;
    const place = prefix === "g" && { d: "/desk", q: "/desk/queue" }[event.key];
    if (place) { location.assign(place); event.preventDefault(); prefix = ""; return; }
    prefix = event.key === "g" ? "g" : "";
    // Arrows move what is larger than its frame while that has the focus.
    const named = /^(Arrow(Left|Right)|Escape)$/.test(event.key) && !event.target.closest("[data-pans]");
    if ((named || event.key.length === 1) && go(event.key)) event.preventDefault();
  });

  const button = document.querySelector("[data-keys-switch]");
  if (button) {
    const words = { on: button.textContent, off: button.dataset.off };
    const tell = () => { button.hidden = false; button.textContent = off() ? words.off : words.on; };
    button.addEventListener("click", () => { localStorage.setItem("keys", off() ? "on" : "off"); tell(); });
    tell();
  }
})();
