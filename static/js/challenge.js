// Does the arithmetic that a form asks for (ALTCHA) while its reader fills it in, and holds the form
// back until it is done. Without this script the form may be sent after a minute.
(() => {
  const THREADS = Math.min(navigator.hardwareConcurrency || 1, 4);

  const begin = (box) => {
    const form = box.closest("form");
    const said = box.querySelector("[role=status]");
    const answer = box.querySelector("[name=altcha]");
    const challenge = JSON.parse(box.dataset.challenge);
    const workers = [];
    let sent = false;

    const end = () => workers.splice(0).forEach((worker) => worker.terminate());

    const fail = () => {
      end();
      form.removeEventListener("submit", hold);
      box.querySelector("[data-slow]").hidden = false;
      said.textContent = "";
    };

    const hold = (event) => {
      if (answer.value) return;
      event.preventDefault();
      sent = true;
      said.textContent = box.dataset.working;
    };

    const finish = ({ data }) => {
      if (!data || data.error) return fail();
      end();
      answer.value = btoa(JSON.stringify({ challenge, solution: data }));
      said.textContent = box.dataset.done;
      if (sent) form.requestSubmit();
    };

    const work = (counterStart) => {
      const worker = new Worker(box.dataset.worker);
      worker.onmessage = finish;
      worker.onerror = fail;
      workers.push(worker);
      worker.postMessage({ type: "work", challenge, counterStart, counterStep: THREADS });
    };

    form.addEventListener("submit", hold);
    box.querySelector("[data-slow]").hidden = true;
    said.textContent = box.dataset.working;
    try {
      for (let start = 0; start < THREADS; start += 1) work(start);
    } catch {
      fail();
    }
  };

  if (!window.Worker || !window.crypto?.subtle) return;
  document.querySelectorAll("[data-challenge]").forEach(begin);
})();
