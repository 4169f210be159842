// Forms with files show how far they are. Without this they are sent as any form; with it the same form is sent, and the
// answer is the same page.
(() => {
  const busy = (form, on) => {
    for (const button of form.querySelectorAll("button")) button.disabled = on;
  };

  const arrive = (request, form) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (request.status < 400 || !main) {
      location.assign(request.responseURL || form.action);
      return;
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    (main.querySelector(".error-summary") || main).focus();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]") || event.defaultPrevented) return;
    const files = form.querySelector("input[type=file]");
    const bar = form.querySelector("progress");
    if (!files || !bar || files.files.length === 0) return;
    event.preventDefault();
    const body = new FormData(form);
    if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value);
    const request = new XMLHttpRequest();
    const say = document.getElementById("live-polite");
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = Math.round((100 * sent.loaded) / sent.total);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      if (say) say.textContent = bar.dataset.sent;
    });
    request.addEventListener("load", () => arrive(request, form));
    // Whatever went wrong on the way, the browser's own way of sending is tried, which tells why.
    request.addEventListener("error", () => { busy(form, false); form.submit(); });
    bar.hidden = false;
    busy(form, true);
    if (say) say.textContent = bar.getAttribute("aria-label");
    request.open("POST", form.action);
    request.send(body);
  });
})();
