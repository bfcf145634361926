// The conversations that this browser keeps: listed, opened, renamed, deleted. Other windows of it see the same list.
(() => {
  "use strict";
  const MOST = 100;
  const MOST_TURNS = 40; // of one conversation, as the server has it
  const name = () => `qa-conversations${document.querySelector(".qa-talks")?.dataset.user ?? ""}`;
  let started = false;
  let working = false;
  const update = (how) => ({ __type__: "update", ...how });

  const words = (element) =>
    element.querySelector(document.documentElement.lang.startsWith("en") ? ".en" : ".zh").textContent;

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(name()));
      return Array.isArray(kept) ? kept.filter((each) => each && typeof each.id === "string") : [];
    } catch {
      return [];
    }
  };
  const write = (list) => {
    for (let kept = list.slice(0, MOST); ; kept = kept.slice(0, -1)) {
      try {
        localStorage.setItem(name(), JSON.stringify(kept));
        break;
      } catch { // full: the oldest ones make room
        if (kept.length < 2) break;
      }
    }
    show();
  };
  const current = () => sessionStorage.getItem("qa-conversation");
  const choose = (id) => {
    if (id) sessionStorage.setItem("qa-conversation", id);
    else sessionStorage.removeItem("qa-conversation");
  };
  const turnTo = (id) => {
    choose(id);
    show();
    document.dispatchEvent(new CustomEvent("qa-talk"));
  };
  const held = () => read().find((each) => each.id === current()) ?? null;
  const change = (id, how) => write(read().map((each) => (each.id === id ? { ...each, ...how } : each)));

  const show = () => {
    const box = document.querySelector(".qa-talks");
    if (!box || box.querySelector(".qa-talk-title")) return; // a name is being typed
    const list = read();
    const pattern = box.querySelector("template").content.firstElementChild;
    box.querySelector("ul").replaceChildren(...list.map((each) => {
      const row = pattern.cloneNode(true);
      row.dataset.id = each.id;
      const title = row.querySelector(".qa-talk-open");
      title.textContent = each.title;
      title.title = each.title;
      if (each.id === current()) title.setAttribute("aria-current", "true");
      for (const button of row.querySelectorAll(".qa-talk-rename, .qa-talk-delete")) {
        button.title = words(button);
        button.setAttribute("aria-label", `${words(button)} ${each.title}`);
      }
      return row;
    }));
    box.querySelector(".qa-talks-none").hidden = list.length > 0;
  };
  const rowOf = (id) => [...document.querySelectorAll(".qa-talk")].find((row) => row.dataset.id === id);

  const rename = (row) => {
    const title = row.querySelector(".qa-talk-open");
    const box = Object.assign(document.createElement("input"), {
      className: "qa-talk-title", value: title.textContent, maxLength: 80,
      ariaLabel: words(row.querySelector(".qa-talk-rename")),
    });
    let ended = false; // the box loses the focus as it goes, too
    const end = (kept) => {
      if (ended) return;
      ended = true;
      const id = row.dataset.id;
      const title = box.value.trim();
      box.remove();
      if (kept && title) change(id, { title });
      else show();
      rowOf(id)?.querySelector(".qa-talk-open").focus();
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) end(true);
      if (event.key === "Escape") end(false);
    });
    box.addEventListener("blur", () => end(true));
    title.replaceWith(box);
    box.select();
  };

  const sure = (row, asking) => {
    row.querySelector(".qa-talk-sure").hidden = !asking;
    for (const button of row.querySelectorAll(":scope > button")) button.hidden = asking;
    row.querySelector(asking ? ".qa-talk-keep" : ".qa-talk-delete").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest(".qa-talk button") : null;
    const row = button?.closest(".qa-talk");
    if (!row) return;
    const id = row.dataset.id;
    if (button.matches(".qa-talk-open")) turnTo(id);
    if (button.matches(".qa-talk-rename")) rename(row);
    if (button.matches(".qa-talk-delete")) sure(row, true);
    if (button.matches(".qa-talk-keep")) sure(row, false);
    if (button.matches(".qa-talk-gone")) {
      write(read().filter((each) => each.id !== id));
      if (id === current()) turnTo(null);
      document.querySelector(".qa-talk-open, #qa-clear")?.focus();
    }
  });
  window.addEventListener("storage", show);

  // The last question to the top of the chat, as far as it goes.
  const toLast = () => {
    const box = document.querySelector("#qa-chat .bubble-wrap");
    const said = [...(box?.querySelectorAll(".qa-said") ?? [])].at(-1);
    if (said) box.scrollTop += said.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
  };
  // While an answer grows its question goes up to the top and stays: who reads is not moved along. Whoever scrolls is
  // left alone.
  const follow = () => {
    const count = () => document.querySelectorAll("#qa-chat .qa-said").length;
    const before = count();
    const moves = ["wheel", "touchmove", "keydown"];
    let left = false;
    const leave = () => { left = true; };
    moves.forEach((each) => addEventListener(each, leave, { passive: true }));
    const step = () => {
      if (!left && (count() > before || !working)) toLast();
      if (working && !left) return setTimeout(step, 60);
      moves.forEach((each) => removeEventListener(each, leave));
    };
    step();
  };

  // Enter while an answer is made: the question stays in its box, and follows the answer unless it is changed.
  let waits = false;
  const typing = () => document.querySelector("#qa-question textarea");
  const enter = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing;
  document.addEventListener("keydown", (event) => {
    if (!working || event.target !== typing() || !enter(event)) return;
    event.preventDefault();
    event.stopPropagation();
    waits = event.target.value.trim() !== "";
  }, true);
  document.addEventListener("input", ({ target }) => { if (target === typing()) waits = false; });
  const askWaiting = () => {
    if (waits && !working) document.querySelector("#qa-question .submit-button")?.click();
    waits = false;
  };

  window.qaTalks = {
    // A question on its way: where the connection breaks, the page that comes back has it in its box. What goes to
    // the answer, the box without its button, and the two rows under the last answer, which go.
    asking: (question) => {
      if (!question.trim()) return ["", update({}), update({}), update({})];
      sessionStorage.setItem("qa-asking", question);
      return window.qaTalks.again(question);
    },
    // The last question once more, after a button: it is not lost, and nothing of it comes back to the box.
    again: (question) => {
      const gone = update({ visible: false });
      working = true;
      return [question, update({ value: "", submit_btn: false }), gone, gone];
    },
    // The server works on it, and can be told to stop.
    stoppable: async () => {
      follow();
      while (working && !document.querySelector("#qa-chat .qa-waiting")) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      return update(working ? { stop_btn: true } : {});
    },
    answered: () => {
      working = false;
      setTimeout(askWaiting, 60);
      return update({ submit_btn: true, stop_btn: false });
    },
    // What somebody quick has typed before the page was ready stays.
    unanswered: () => {
      const typed = document.querySelector("#qa-question textarea")?.value;
      const question = typed || (sessionStorage.getItem("qa-asking") ?? "");
      sessionStorage.removeItem("qa-asking");
      return question;
    },
    // What the server gave after an answer; null where nothing was answered.
    save: (kept) => {
      sessionStorage.removeItem("qa-asking");
      if (!kept) return;
      const list = read();
      const before = list.find((each) => each.id === kept.id);
      const title = before?.title ?? kept.turns[0].question.replace(/\s+/g, " ").trim().slice(0, 80);
      const turns = new Map([...(before?.turns ?? []), ...kept.turns].map((turn) => [turn.key, turn]));
      const [first, ...others] = turns.values(); // another window may have asked in it too
      choose(kept.id);
      write([{ ...kept, title, turns: [first, ...others.slice(1 - MOST_TURNS)] }, ...list.filter((each) => each.id !== kept.id)]);
    },
    // The conversation of this window, for the server to bring back.
    chosen: () => {
      const box = document.querySelector(".qa-talks");
      if (!started && box) box.open = innerWidth > 1180;
      started = true;
      working = waits = false; // an answer of another conversation is given up
      show();
      return held();
    },
    latest: () => setTimeout(toLast, 60),
    leave: () => turnTo(null),
  };
})();
