"use strict";
(() => {
  const steps = JSON.parse(document.getElementById("curve-steps").textContent);
  const box = document.querySelector(".slider");
  const slider = document.getElementById("q-slider");
  const readout = document.getElementById("q-readout");
  const LOWEST = 1e-3;
  const q = () => Math.pow(LOWEST, 1 - slider.value / slider.max);
  const percent = (x) => `${Number((100 * x).toPrecision(2))} %`;

  const tell = () => {
    const at = q();
    const passed = steps.filter((step) => step.q <= at);
    const last = passed[passed.length - 1];
    const broken = passed.flatMap((step) => step.breaks);
    const few = broken.slice(-6).reverse().join("; ");
    const more = broken.length > 6 ? ` and ${broken.length - 6} before` : "";
    readout.textContent =
      `q = ${percent(at)}: ${last ? last.text : "unknown"} of the full loss is left. ` +
      (broken.length ? `Broken: ${few}${more}.` : "Nothing has broken.");
    slider.setAttribute("aria-valuetext", percent(at));
  };
  if (steps.length > 0) {
    box.hidden = false;
    slider.value = Math.round(slider.max * (1 - Math.log(0.05) / Math.log(LOWEST)));
    slider.addEventListener("input", tell);
    tell();
  }

  // A link to something folded away, and paper, must show it.
  const unfold = () => {
    const goal = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    let folded = goal && goal.closest("details");
    if (!folded) {
      return;
    }
    for (; folded; folded = folded.parentElement.closest("details")) {
      folded.open = true;
    }
    goal.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((each) => (each.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((each) => (each.open = false)));
})();
