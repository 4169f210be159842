// Signs of life from the page of a case: once a minute, while it is looked at and somebody does something there. The page
// hears them as "sign-of-life" and sends its form that renews the claim; without this, every other form does.
(() => {
  const every = 60000;
  const awake = 5 * every;
  let last = Date.now();

  for (const kind of ["keydown", "pointermove", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => { last = Date.now(); }, { passive: true, capture: true });
  }
  setInterval(() => {
    if (!document.hidden && Date.now() - last < awake) document.body.dispatchEvent(new Event("sign-of-life"));
  }, every);
})();
