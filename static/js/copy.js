// Buttons that copy what stands beside them. They are hidden until this runs: without it the text is there to select.
(() => {
  if (!navigator.clipboard) return;

  const show = () => {
    for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    const region = document.getElementById("live-polite");
    if (region) region.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 3000);
  });

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:after:swap", show);
})();
