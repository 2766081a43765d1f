// Counts an element with data-expires-at (ISO 8601) down. Without this script the page shows the
// absolute time. The clock of a phone may be wrong, so data-now carries the server's time.
(() => {
  const pad = (n) => String(n).padStart(2, "0");
  for (const box of document.querySelectorAll("[data-expires-at]")) {
    const skew = box.dataset.now ? Date.parse(box.dataset.now) - Date.now() : 0;
    const end = Date.parse(box.dataset.expiresAt) - skew;
    const left = box.querySelector("[data-left]");
    const spoken = box.querySelector("[role=status]");
    let said = "";
    const say = (text) => {
      if (text && text !== said) spoken.textContent = said = text;
    };
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      left.textContent = `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
      if (seconds === 0) {
        clearInterval(timer);
        box.classList.add("is-over");
        say(box.dataset.over);
      } else if (seconds <= 120) {
        say(box.dataset.soon);
      }
    };
    const timer = setInterval(tick, 1000);
    left.hidden = false;
    tick();
  }
})();
