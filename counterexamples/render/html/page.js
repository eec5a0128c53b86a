// Makes the list of steps a run to walk through. Without this the page is the list, and nothing is missing from it.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const steps = data.steps;
  const rows = steps.map((step) => byId("step-" + step.n));
  const good = [...document.querySelectorAll("#good .step")];
  const actors = [...document.querySelectorAll("#actors li")];
  const locks = [...document.querySelectorAll("#locks li")];
  const visits = [...document.querySelectorAll("#visits li")];
  const letters = actors.map((actor) => actor.querySelector(".who").textContent);
  let current = -1;

  // Everything that is so behind a step, from the beginning: short enough to be worked out each time.
  const stateAt = (index) => {
    const state = { at: [], up: [], where: [], locks: [], heard: new Map(), seen: "" };
    for (let i = 0; i <= index; ++i) {
      const step = steps[i];
      state.at[step.a] = step.at;
      state.seen = step.at || state.seen;  // the last place that is in the source
      state.up[step.a] = step.up || [];
      state.locks[step.a] = step.locks || [];
      const where = rows[i].querySelector(".where");
      state.where[step.a] = where ? where.textContent : "";
      for (const heard of step.heard || []) state.heard.set(heard[0], heard);
    }
    return state;
  };

  // Brings something into the middle of its pane, without moving the page.
  const reveal = (pane, element) => {
    const box = pane.getBoundingClientRect();
    const at = element.getBoundingClientRect();
    if (at.top >= box.top + 40 && at.bottom <= box.bottom - 20) return;
    pane.scrollTop += at.top - box.top - (box.height - at.height) / 2;
  };

  const showSource = (state, actor) => {
    for (const marks of document.querySelectorAll(".marks")) marks.remove();
    for (const line of document.querySelectorAll(".l.now")) line.classList.remove("now");
    const mark = (id, who, up) => {
      const line = id && byId(id);
      if (!line) return;
      let marks = line.querySelector(".marks");
      if (!marks) {
        marks = document.createElement("span");
        marks.className = "marks";
        line.prepend(marks);
      }
      const letter = document.createElement("b");
      letter.className = "a" + (who % 5) + (up ? " up" : "");
      letter.textContent = letters[who];
      letter.title = (up ? "called from here: " : "here: ") + letters[who];
      marks.append(letter);
    };
    letters.forEach((_, who) => {
      for (const id of state.up[who] || []) if (id !== state.at[who]) mark(id, who, true);
      mark(state.at[who], who, false);
    });
    const line = byId(state.at[actor]);
    if (line) line.classList.add("now");
    const seen = line || byId(state.seen);
    if (seen) reveal(byId("source"), seen);
  };

  const showState = (state, step) => {
    byId("when").textContent = "after step " + step.n;
    actors.forEach((actor, who) => {
      const where = state.where[who];
      actor.querySelector(".at").textContent = where === undefined ? "not moved yet" : where || "not in the source shown";
    });
    locks.forEach((lock, number) => {
      const holders = letters.filter((_, who) => (state.locks[who] || []).includes(number));
      lock.classList.toggle("held", holders.length > 0);
      lock.querySelector(".by").textContent = holders.join(", ") || "nobody";
    });
    for (const row of document.querySelectorAll("#listeners tbody tr")) {
      const heard = state.heard.get(Number(row.id.slice("listener-".length))) || [0, "", "", false];
      row.children[1].textContent = heard[1];
      row.children[2].textContent = heard[2];
      row.children[2].classList.toggle("refused", heard[3]);
    }
  };

  const showLife = (visit) => {
    visits.forEach((row, number) => row.classList.toggle("here", number === visit));
    for (const place of document.querySelectorAll("#life .place"))
      place.classList.toggle("here", place.id === "life-" + data.visits[visit]);
    const move = visit > 0 ? data.visits[visit - 1] + "-" + data.visits[visit] : "";
    for (const way of document.querySelectorAll("#life .move")) way.classList.toggle("lit", way.dataset.move === move);
  };

  const showGood = (step) => {
    let now = null;
    for (const row of good) {
      row.classList.remove("now");
      row.classList.toggle("later", row.value > step.n);
      if (row.value <= step.n) now = row;
    }
    if (now) {
      now.classList.add("now");
      reveal(byId("good"), now);
    } else if (good.length) {
      byId("good").scrollTop = 0;
    }
  };

  // What a screen reader is told, and what stands beside the buttons.
  const sayNow = (step, row) => {
    const now = byId("now");
    const actor = row.querySelector(".who").title;
    const words = document.createElement("code");
    words.textContent = row.querySelector(".row code").textContent;
    const fate = row.querySelector(".fate .said");
    const turn = row.classList.contains("no-return") ? ". This is the point of no return" : "";
    const fault = row.classList.contains("fault") ? " (fault)" : "";
    now.replaceChildren("Step " + step.n + " of " + data.total + ", " + actor + fault + ": ", words,
                        fate ? " \u2013 " + fate.textContent + turn + "." : turn + ".");
  };

  const show = (index) => {
    if (index === current) return;
    if (current >= 0) {
      rows[current].classList.remove("now");
      rows[current].removeAttribute("aria-current");
      rows[current].querySelector(".n").tabIndex = -1;
    }
    current = index;
    const step = steps[index];
    const row = rows[index];
    row.classList.add("now");
    row.setAttribute("aria-current", "step");
    row.querySelector(".n").tabIndex = 0;
    reveal(byId("run"), row);
    const state = stateAt(index);
    showSource(state, step.a);
    showState(state, step);
    showLife(step.v);
    showGood(step);
    sayNow(step, row);
    byId("slide").value = index;
    byId("slide").setAttribute("aria-valuetext", "step " + step.n);
    byId("first").disabled = byId("back").disabled = index === 0;
    byId("last").disabled = byId("next").disabled = index === steps.length - 1;
  };

  // Every step has its address. While a key is held or the slider is dragged, the last one alone is kept.
  const go = (index, passing) => {
    const to = Math.max(0, Math.min(steps.length - 1, index));
    if (to === current) return;
    show(to);
    const address = "#step-" + steps[to].n;
    if (location.hash === address) return;
    try {
      if (passing) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
    } catch (error) {
      location.replace(address);  // where a viewer of mails allows no history
    }
  };

  // The step of an address; of one that is not shown, the next that is.
  const indexOf = (address) => {
    const match = /^#step-(\d+)$/.exec(address);
    if (!match) return 0;
    const index = steps.findIndex((step) => step.n >= Number(match[1]));
    return index < 0 ? steps.length - 1 : index;
  };
  const turn = data.parts === null ? -1 : rows.findIndex((row) => row.classList.contains("no-return"));

  document.documentElement.classList.add("live");
  if (good.length === 0) document.documentElement.classList.add("alone");
  byId("controls").hidden = false;
  for (const keys of document.querySelectorAll(".keys")) keys.hidden = false;
  for (const link of document.querySelectorAll(".steps .n")) link.tabIndex = -1;
  byId("first").addEventListener("click", () => go(0));
  byId("back").addEventListener("click", () => go(current - 1));
  byId("next").addEventListener("click", () => go(current + 1));
  byId("last").addEventListener("click", () => go(steps.length - 1));
  if (byId("turn")) byId("turn").addEventListener("click", () => go(turn));
  byId("slide").addEventListener("input", (event) => go(Number(event.target.value), true));
  rows.forEach((row, index) => row.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // a new window, or a selection
    event.preventDefault();
    go(index);
  }));
  const keys = {
    ArrowRight: () => current + 1, ArrowDown: () => current + 1, j: () => current + 1,
    ArrowLeft: () => current - 1, ArrowUp: () => current - 1, k: () => current - 1,
    Home: () => 0, End: () => steps.length - 1, t: () => (turn < 0 ? current : turn),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.id === "slide") return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    go(keys[event.key](), event.repeat);
  });
  addEventListener("hashchange", () => show(indexOf(location.hash)));
  addEventListener("popstate", () => show(indexOf(location.hash)));
  show(indexOf(location.hash));
})();
