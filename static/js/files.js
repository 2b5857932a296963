/* 邵东联户 · choosing files: they add up, each is listed (photos as small pictures, voice
   with a player) and can be left out again. Without this file the browser's own field
   does. Marks: data-files, data-chosen. Others may prepare what was chosen (files:chosen)
   or add some (files:add). ES2018. */
(function () {
  'use strict';
  var doc = document, held = new WeakMap();
  function field(box) { return box.querySelector('input[type=file]'); }
  function had(box) { return held.get(field(box)) || []; }
  function set(box, files) {
    var input = field(box), all = new DataTransfer();
    files.forEach(function (file) { all.items.add(file); });
    input.files = all.files;
    held.set(input, files);
    draw(box, files);
  }
  function draw(box, files) {
    var place = box.querySelector('[data-chosen]');
    place.textContent = '';
    place.hidden = !files.length;
    files.forEach(function (file) { place.appendChild(row(box, file)); });
  }
  function row(box, file) {
    var li = doc.createElement('li'), name = doc.createElement('span'), away = doc.createElement('button');
    var shown = /^(image|audio)\//.exec(file.type);
    if (shown) {
      var part = doc.createElement(shown[1] === 'image' ? 'img' : 'audio');
      part.src = URL.createObjectURL(file);
      if (shown[1] === 'image') { part.alt = ''; } else { part.controls = true; part.setAttribute('aria-label', file.name); li.className = 'of-voice'; }
      li.appendChild(part);
    }
    name.textContent = file.name;
    away.type = 'button'; away.className = 'btn sm'; away.textContent = '不要这个';
    away.setAttribute('aria-label', '不要 ' + file.name);
    away.addEventListener('click', function () {
      set(box, had(box).filter(function (one) { return one !== file; }));
      field(box).focus();
    });
    li.appendChild(name); li.appendChild(away);
    return li;
  }
  doc.addEventListener('change', function (event) {
    var box = event.target.closest('[data-files]');
    if (!box) { return; }
    var fresh = Array.from(event.target.files);
    function add(files) { set(box, had(box).concat(files)); }
    var asked = new CustomEvent('files:chosen', { bubbles: true, cancelable: true, detail: { files: fresh, add: add } });
    set(box, had(box));  // choosing again would otherwise drop what was chosen before
    if (box.dispatchEvent(asked)) { add(fresh); }
  });
  doc.addEventListener('files:add', function (event) { set(event.target, had(event.target).concat(event.detail)); });
  doc.querySelectorAll('[data-files]').forEach(function (box) { box.classList.add('live'); });
}());
