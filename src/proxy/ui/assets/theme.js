// Runs before the first paint, so that a dark page never flashes white: a classic script in the head.
{
  const STORE = "aicore-theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** What was chosen here before, else what the system prefers. */
  const current = () => {
    const chosen = localStorage.getItem(STORE);
    if (chosen === "dark" || chosen === "light") return chosen;
    return system.matches ? "dark" : "light";
  };

  const apply = () => {
    root.dataset.theme = current();
    const button = document.getElementById("theme");
    if (button) button.textContent = current() === "dark" ? "Light" : "Dark";
    button?.setAttribute("aria-label", current() === "dark" ? "Light theme" : "Dark theme");
    root.dispatchEvent(new Event("theme"));
  };

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme")?.addEventListener("click", () => {
      localStorage.setItem(STORE, current() === "dark" ? "light" : "dark");
      apply();
    });
  });
}
