// Offers to sort by distance. The place is rounded to about a kilometre before it leaves the
// browser, and is posted, so that it stands in no address. Without this script one chooses a
// district.
(() => {
  const form = document.querySelector("[data-near]");
  if (!form || !navigator.geolocation) return;
  const status = form.querySelector("[role=status]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = form.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(2);
        form.elements.longitude.value = coords.longitude.toFixed(2);
        form.submit();
      },
      () => {
        status.textContent = form.dataset.failed;
      },
      { timeout: 10000, maximumAge: 600000 },
    );
  });
})();
