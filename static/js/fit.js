/* 邵东联户 · what has to fit: the present page's link into the sight of the navigation, and
   tables into their cards. ES2018, no dependency. */
(function () {
  'use strict';
  var side = document.querySelector('.side'), here = document.querySelector('.side [aria-current]');
  if (here && here.offsetTop > side.clientHeight - 60) { side.scrollTop = here.offsetTop - side.clientHeight / 2; }

  // On a phone a table that is too wide folds as those of class fold do (narrow.css): each
  // cell behind the name of its column. What is filled in stays a table.
  function fold(table) {
    var heads = table.tHead ? table.tHead.rows : [];
    if (heads.length !== 1 || table.querySelector('input:not([type=checkbox]):not([type=hidden]), select, textarea')) { return; }
    var names = Array.from(heads[0].cells).map(function (head) { return head.textContent.trim(); });
    Array.from(table.tBodies).forEach(function (body) {
      Array.from(body.rows).forEach(function (row) {
        if (row.cells.length !== names.length) { return; }
        Array.from(row.cells).forEach(function (cell, at) {
          if (cell.tagName === 'TD') { cell.dataset.label = names[at]; }
          if (cell.classList.contains('long')) { cell.classList.add(cell.textContent.trim() === '—' ? 'none' : 'full'); }
        });
      });
    });
    table.classList.add('fold');
    if (heads[0].querySelector('[aria-sort]')) { table.classList.add('sorts'); }
  }
  var narrow = window.matchMedia('(max-width: 859px)').matches;
  // A dash in its column says “none”; without the column's name it says nothing.
  document.querySelectorAll('.fold td:not([data-label])').forEach(function (cell) {
    if (narrow && cell.textContent.trim() === '—') { cell.classList.add('none'); }
  });
  document.querySelectorAll('.tw:not(.wide)').forEach(function (frame) {
    var table = frame.querySelector('table');
    if (frame.scrollWidth <= frame.clientWidth + 1) { return; }
    if (!narrow) { frame.classList.add('wide'); } else if (!table.classList.contains('fold')) { fold(table); }
  });
}());
