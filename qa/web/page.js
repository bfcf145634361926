// Language before Gradio starts; marks that open their card; copying; names for screen readers.
(() => {
  "use strict";
  const stored = (() => { try { return localStorage.getItem("qa-language"); } catch { return null; } })();
  const language = stored === "en" ? "en" : "zh-CN";
  for (const [name, value] of [["language", language], ["languages", [language]]]) {
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  }

  const flash = (element) => {
    element.classList.remove("qa-flash");
    void element.offsetWidth; // restarts the animation
    element.classList.add("qa-flash");
  };

  const openCard = (id) => {
    const card = document.getElementById(id);
    if (!card) return;
    const section = card.closest(".qa-turn");
    const panel = card.closest(".qa-panel");
    panel.classList.add("qa-choosing");
    panel.querySelectorAll(".qa-turn").forEach((turn) => turn.classList.toggle("qa-chosen", turn === section));
    card.focus({ preventScroll: true });
    (card.querySelector("mark") ?? card).scrollIntoView({ block: "center", behavior: "smooth" });
    flash(card);
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // pages that are not served from this machine over http
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.classList.add("qa-copied");
    setTimeout(() => button.classList.remove("qa-copied"), 1600);
  };

  // A form turns a quotation mark in the name of a file into %22, of which Gradio leaves 22.
  const append = FormData.prototype.append;
  FormData.prototype.append = function (field, value, ...name) {
    const quoted = value instanceof File && !name.length && value.name.includes('"');
    if (quoted) name.push(value.name.replace(/"([^"]*)"/g, "“$1”").replaceAll('"', "”"));
    return append.call(this, field, value, ...name);
  };

  // A file for a page that reads it and keeps nothing: sent as data, since uploads to the disk are for administrators.
  document.addEventListener("change", ({ target }) => {
    const file = target instanceof Element && target.matches(".qa-drop input") ? target.files[0] : null;
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => {
      const detail = { name: file.name, size: file.size, data: reader.result.split(",")[1] ?? "" };
      document.dispatchEvent(new CustomEvent(target.dataset.event, { detail }));
    };
    reader.readAsDataURL(file.size > Number(target.dataset.most) ? new Blob() : file);
    target.value = "";
  });

  // A file that the server made (name, base64): kept by the browser alone.
  window.qaSave = ({ name, data }) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" })), download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  // A link into a report: followed in the page, kept in the address, and left by the browser's own back, which leads to
  // the page that it was followed from.
  const openReport = () =>
    document.dispatchEvent(new CustomEvent("qa-open", { detail: { address: location.pathname + location.search } }));
  const tabs = () => [...document.querySelectorAll('#qa-pages [role="tablist"] [role="tab"]')];
  const shown = () => tabs().find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.tabId;
  const follow = (link) => {
    history.replaceState({ tab: shown(), top: scrollY }, "");
    history.pushState(null, "", link.getAttribute("href"));
    openReport();
  };
  window.addEventListener("popstate", ({ state }) => {
    if (location.search.includes("report=")) return openReport();
    document.getElementById("qa-all-reports")?.click();
    restore();
    if (state) requestAnimationFrame(() => scrollTo({ top: state.top }));
  });

  // A page is kept in the address, for the browser's back and for a reload.
  let restoring = false;
  const restore = () => {
    restoring = true;
    const wanted = history.state?.tab ?? location.hash.slice(1);
    (tabs().find((tab) => tab.dataset.tabId === wanted) ?? tabs()[0])?.click();
    restoring = false;
  };
  document.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest('[role="tab"]')?.dataset.tabId : undefined;
    if (!tab || restoring || tab === shown()) return;
    const search = location.search.includes("report=") ? "" : location.search;
    history.replaceState({ tab: shown(), top: scrollY }, "");
    history.pushState({ tab, top: 0 }, "", `${location.pathname}${search}#${tab}`);
  }, true);
  const centre = (element, box) => { // in a box that scrolls the page stays where it is
    if (getComputedStyle(box).overflowY !== "auto") return element.scrollIntoView({ block: "center" });
    box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  };
  window.qaReveal = () => {
    const source = document.querySelector("#qa-reading .qa-source mark");
    if (source) centre(source, source.closest("pre"));
    const place = document.querySelector("#qa-reading .qa-body mark");
    if (!place) return scrollTo({ top: 0 });
    centre(place, place.closest(".qa-body"));
    place.closest("p").focus({ preventScroll: true });
    flash(place.closest("p"));
  };

  // What has just opened, or said something, far from the button that did it.
  window.qaShow = (...ids) => {
    const shown = ids.map((id) => document.getElementById(id)).find((each) => each?.innerText.trim());
    const place = shown?.querySelector("input") ?? shown;
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "center", behavior: "smooth" });
  };

  const unfold = (button) => {
    const row = document.getElementById(button.getAttribute("aria-controls"));
    row.hidden = !row.hidden;
    button.setAttribute("aria-expanded", String(!row.hidden));
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest('a[href^="#cite-"], a[href^="#mark-"]');
    if (link) {
      event.preventDefault();
      const id = link.getAttribute("href").slice(1);
      if (id.startsWith("cite-")) return openCard(id);
      const mark = document.getElementById(id);
      mark?.scrollIntoView({ block: "center", behavior: "smooth" });
      mark?.focus({ preventScroll: true });
      return;
    }
    const opened = target?.closest("a.qa-open");
    if (opened && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      return follow(opened);
    }
    const jump = target?.closest("a.qa-jump");
    if (jump) {
      event.preventDefault();
      const place = document.querySelector(jump.getAttribute("href"));
      centre(place, place.closest(".qa-body")); // its heading stands above it
      return place.focus({ preventScroll: true });
    }
    const pressed = target?.closest(".qa-correct, .qa-verdict, .qa-typed");
    if (pressed) { // the event has the name of the kind of button
      const detail = { button: pressed.id, ...pressed.dataset };
      return document.dispatchEvent(new CustomEvent(pressed.classList[0], { detail }));
    }
    const row = target?.closest("tr.qa-row");
    if (row && !getSelection().toString()) return unfold(row.querySelector(".qa-unfold"));
    const source = target?.closest(".qa-copy");
    if (source) return copy(source);
    if (target?.closest(".qa-switch")) {
      localStorage.setItem("qa-language", language === "en" ? "zh-CN" : "en");
      const typed = document.querySelector("#qa-question textarea")?.value;
      if (typed) sessionStorage.setItem("qa-asking", typed);
      history.replaceState({ tab: shown(), top: 0 }, "");
      location.reload();
    }
  });

  // A pasted draft stays in its window until it is emptied.
  window.qaKeepDraft = (text) => {
    try { sessionStorage.setItem("qa-draft", text); } catch { /* too long to keep */ }
  };
  window.qaDraft = () => {
    if (!location.search.includes("report=")) restore();
    return sessionStorage.getItem("qa-draft") || { __type__: "update" }; // nothing kept, nothing changed
  };

  // Tabs are moved between with the arrow keys, as those of other programs are.
  document.addEventListener("keydown", (event) => {
    const own = tabs().filter((tab) => tab.offsetParent);
    const at = own.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: own.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = own[(to + own.length) % own.length];
    next.focus();
    next.click();
  });

  // A list of choices closes when the keyboard leaves it; Gradio leaves it open over what is below.
  document.addEventListener("focusout", ({ target }) => {
    if (!target.matches('[role="combobox"]')) return;
    setTimeout(() => target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })));
  });

  // Gradio names a message by its HTML, and calls a group of buttons a list of items; a screen reader should hear words.
  // Buttons that it names in English alone, or not at all.
  const names = Object.entries(language === "en"
    ? { "#qa-question .submit-button": "Send", "#qa-question .stop-button": "Stop", '[aria-label="common.upload"]': "Upload" }
    : {
      "#qa-question .submit-button": "发送", "#qa-question .stop-button": "停止", '[aria-label="common.upload"]': "上传",
      '[aria-label="Remove this file"]': "去掉这个文件",
      '[aria-label="Click to upload or drop files"]': "点按选择文件，或把文件拖到这里",
    });
  // What Gradio says by itself and cannot say in Chinese.
  const sayings = [
    [/^Error$/, "出错了"],
    [/^File\(s\) exceed the maximum allowed size of ([\d.]+?)(?:\.0)? Mb: (.*)$/s, "文件超过 $1 MB：$2。请拆分后再传。"],
    [/^Connection to the server was lost.*$/s, "与程序的连接断了，正在重新连接。问过的都还在，刚才没答完的会回到输入框里。"],
  ];
  const translate = () => {
    for (const element of document.querySelectorAll('.toast-title, .toast-message-text, [data-testid="toast-text"]')) {
      const [pattern, chinese] = sayings.find(([each]) => each.test(element.textContent.trim())) ?? [];
      if (pattern) element.textContent = element.textContent.trim().replace(pattern, chinese);
    }
  };
  const rename = () => {
    if (language !== "en") translate();
    document.querySelectorAll("#qa-chat [data-testid][aria-label]").forEach((message) => {
      if (message.getAttribute("aria-label").includes("<")) message.removeAttribute("aria-label");
    });
    document.querySelector('#qa-chat .examples[role="list"]')?.setAttribute("role", "group");
    document.querySelectorAll("#qa-chat .qa-verdict").forEach((button) => {
      const pressed = String(button.classList.contains("qa-pressed"));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    });
    for (const [which, name] of names) {
      document.querySelectorAll(`${which}:not([aria-label="${name}"])`).forEach((button) => Object.assign(button, { ariaLabel: name, title: name }));
    }
  };
  new MutationObserver(rename).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
})();
