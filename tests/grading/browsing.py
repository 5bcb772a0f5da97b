"""Pages of grading in the real Chromium, where every link of a submission is clicked."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright


@contextmanager
def chromium():
    """A page of Chromium, with what it has asked for beyond its own place, and what it has said."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.asked, page.said, page.dialogs = [], [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
        try:
            yield page
        finally:
            browser.close()


CLICK_ALL = """
(within) => {
  let clicked = 0;
  for (const link of document.querySelectorAll(within + " a[href], " + within + " math *, " + within + " [onclick]")) {
    // Links to pages open in an own tab elsewhere: here it counts what a click runs.
    link.addEventListener("click", (event) => /^(https?|mailto):/.test(link.href || "") && event.preventDefault());
    link.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
    clicked += 1;
  }
  return clicked;
}
"""
