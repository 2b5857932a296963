/* 邵东联户 · choosing files: each is listed, photos as small pictures, and can be left
   out again. Without this file the browser's own field does. Marks: data-files. ES2018. */
(function () {
  'use strict';
  var doc = document;
  function list(box) {
    var input = box.querySelector('input[type=file]'), place = box.querySelector('[data-chosen]');
    var files = Array.from(input.files);
    place.textContent = '';
    place.hidden = !files.length;
    files.forEach(function (file) { place.appendChild(row(box, input, file)); });
  }
  function row(box, input, file) {
    var li = doc.createElement('li'), name = doc.createElement('span'), away = doc.createElement('button');
    if (file.type.startsWith('image/')) {
      var picture = doc.createElement('img');
      picture.alt = '';
      picture.src = URL.createObjectURL(file);
      picture.addEventListener('load', function () { URL.revokeObjectURL(picture.src); });
      li.appendChild(picture);
    }
    name.textContent = file.name;
    away.type = 'button'; away.className = 'btn sm'; away.textContent = '不要这个';
    away.setAttribute('aria-label', '不要 ' + file.name);
    away.addEventListener('click', function () { without(input, file); list(box); input.focus(); });
    li.appendChild(name); li.appendChild(away);
    return li;
  }
  function without(input, gone) {
    var rest = new DataTransfer();
    Array.from(input.files).forEach(function (file) { if (file !== gone) { rest.items.add(file); } });
    input.files = rest.files;
  }
  doc.addEventListener('change', function (event) {
    var box = event.target.closest('[data-files]');
    if (box) { list(box); }
  });
}());
