"use strict";
(() => {
  const form = document.querySelector(".filters");
  const records = [...document.querySelectorAll(".rec")];
  if (!form || records.length < 2) {
    return;
  }
  const lanes = [...document.querySelectorAll(".lane")];
  const marks = [...document.querySelectorAll("svg a[data-c]")].map((mark) => [mark, mark.dataset.c.split(" ").map(Number)]);
  const told = form.querySelector("output");
  const letters = new Map();
  let chosen = null; // records of one mark, or null

  const text = (record) => {
    if (!letters.has(record)) {
      letters.set(record, record.textContent.toLowerCase());
    }
    return letters.get(record);
  };
  const matches = (record, wanted, words) =>
    (chosen === null || chosen.has(Number(record.dataset.n))) &&
    wanted.every(([name, value]) => record.dataset[name] === value) &&
    words.every((word) => text(record).includes(word));

  const apply = () => {
    const fields = [...form.querySelectorAll("select")].map((field) => [field.name, field.value]);
    const wanted = fields.filter(([, value]) => value !== "*");
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const left = new Set();
    for (const record of records) {
      record.hidden = !matches(record, wanted, words);
      if (!record.hidden) {
        left.add(Number(record.dataset.n));
      }
    }
    for (const lane of lanes) {
      lane.hidden = !lane.querySelector(".rec:not([hidden])");
    }
    for (const [mark, numbers] of marks) {
      mark.classList.toggle("dim", !numbers.some((number) => left.has(number)));
    }
    const all = left.size === records.length;
    told.textContent = all ? `${records.length} claims` : `${left.size} of ${records.length} claims`;
  };

  form.hidden = false;
  form.addEventListener("input", () => {
    chosen = null;
    apply();
  });
  form.addEventListener("reset", () => {
    chosen = null;
    setTimeout(apply);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [mark, numbers] of marks) {
    mark.addEventListener("click", () => {
      form.reset();
      setTimeout(() => {
        chosen = numbers.length > 1 ? new Set(numbers) : null;
        apply();
        document.getElementById(mark.getAttribute("href").slice(1)).scrollIntoView();
      });
    });
  }
  // A link to a record that the filters hide shows everything again.
  addEventListener("hashchange", () => {
    const goal = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (goal && goal.closest("[hidden]")) {
      form.reset();
      setTimeout(() => goal.scrollIntoView());
    }
  });
  apply();
})();
