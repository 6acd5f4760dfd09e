// What the pages do without being loaded again: free spaces, visits, the vehicle of a permit.

async function ask(method, path, data) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  const answer = await fetch(path, { method, headers, body: data && JSON.stringify(data) });
  if (!answer.ok) {
    alert((await answer.json()).error);
  }
  return answer;
}

function watchZones(letters, seconds) {
  setInterval(async () => {
    for (const letter of letters) {
      const zone = await (await fetch(`/api/zones/${letter}`)).json();
      document.getElementById(`free-${letter}`).textContent = zone.free;
    }
  }, seconds * 1000);
}

document.addEventListener("DOMContentLoaded", () => {
  const zones = document.getElementById("zones");
  if (zones) {
    const letters = [...zones.querySelectorAll("[data-zone]")].map((item) => item.dataset.zone);
    watchZones(letters, Number(zones.dataset.seconds));
  }
  for (const form of document.querySelectorAll("form[data-question]")) {
    form.addEventListener("submit", (event) => {
      if (!confirm(form.dataset.question)) {
        event.preventDefault();
      }
    });
  }
  for (const button of document.querySelectorAll("button.end")) {
    button.addEventListener("click", async () => {
      await ask("DELETE", `/api/visits/${button.dataset.visit}`);
      location.reload();
    });
  }
  for (const select of document.querySelectorAll("select.vehicle")) {
    select.addEventListener("change", () => {
      ask("PATCH", `/api/permits/${select.dataset.permit}`, { vehicle: Number(select.value) });
    });
  }
  document.getElementById("book")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = { plate: form.plate.value, hours: Number(form.hours.value) };
    if ((await ask("POST", "/api/visits", data)).ok) {
      location.reload();
    }
  });
});
