/**
 * What the page does beside being read: the box that filters by the prompt's name. It is hidden where scripts do not run. Folds that hold
 * something found are opened.
 */
export const script = `
const box = document.getElementById('filter');
const entries = [...document.querySelectorAll('[data-prompt]')];
const folds = [...document.querySelectorAll('section > details:not(.prompt)')];
const none = document.getElementById('none-found');
function filter() {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const entry of entries) {
    entry.hidden = !words.every((word) => entry.dataset.prompt.includes(word));
    if (!entry.hidden && entry.classList.contains('prompt')) found += 1;
  }
  for (const fold of folds) if (words.length > 0) fold.open = fold.querySelector('[data-prompt]:not([hidden])') !== null;
  none.hidden = found > 0;
}
box.closest('form').hidden = false;
box.closest('form').addEventListener('submit', (event) => event.preventDefault());
box.addEventListener('input', filter);
`;
