// Copies the text that a button names. Where that is not allowed the text is selected, so that it can be copied by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const from = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.ariaLive = "polite";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(from.textContent.trim());
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(from);
    }
  });
}
// A page out of the browser's memory is asked for again: it may have been left since.
addEventListener("pageshow", event => event.persisted && location.reload());
