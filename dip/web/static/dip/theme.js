// Sets the chosen theme before anything is painted; without a choice the system decides.
try {
  const chosen = localStorage.getItem("dip-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch { /* storage is switched off: the system decides */ }
