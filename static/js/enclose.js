/* 邵东联户 · photos and voice notes at the door. Photos are made small before they are
   kept, which also leaves out where they were taken; voice is recorded where the browser
   can: a press begins, the next one ends, a minute at most. Before visit.js, so that
   photos are ready and a recording ends before their form is sent. ES2018. */
(function () {
  'use strict';
  var doc = document, SIDE = 1600, LONGEST = 60;
  var box = doc.querySelector('[data-files]'), button = doc.querySelector('[data-record]');
  if (!box || !button) { return; }
  var words = button.querySelector('[data-words]'), note = box.querySelector('[data-record-note]');
  var recorder = null, shrinking = null, ticking = 0, idle = words.textContent;
  function say(text) { note.textContent = text; note.hidden = !text; }

  /* -- photos ------------------------------------------------------------------------- */
  function small(file) {
    if (!/^image\//.test(file.type)) { return Promise.resolve(file); }
    var picture = new Image(), url = URL.createObjectURL(file);
    picture.src = url;
    return picture.decode().then(function () {
      var scale = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
      var canvas = doc.createElement('canvas');
      canvas.width = Math.round(picture.naturalWidth * scale);
      canvas.height = Math.round(picture.naturalHeight * scale);
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.8); });
    }).then(function (blob) {
      URL.revokeObjectURL(url);
      return blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
    }).catch(function () { return file; });  // the server says what is wrong with it
  }
  doc.addEventListener('files:chosen', function (event) {
    event.preventDefault();
    var all = Promise.all([shrinking, Promise.all(event.detail.files.map(small)).then(event.detail.add)]);
    shrinking = all;
    all.then(function () { if (shrinking === all) { shrinking = null; say(''); } });
  });

  /* -- voice -------------------------------------------------------------------------- */
  function form() {
    var known = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
    return known.find(function (one) { return MediaRecorder.isTypeSupported(one); });
  }
  function begin(stream) {
    var parts = [], type = form();
    recorder = new MediaRecorder(stream, Object.assign({ audioBitsPerSecond: 24000 }, type ? { mimeType: type } : {}));
    recorder.addEventListener('dataavailable', function (event) { if (event.data.size) { parts.push(event.data); } });
    recorder.addEventListener('stop', function () {
      var kind = (recorder.mimeType || type || 'audio/webm').split(';')[0];
      stream.getTracks().forEach(function (track) { track.stop(); });
      recorder = null;
      rest();
      if (!parts.length) { say('没有录到声音，请再按一下说话。'); return; }
      var file = new File(parts, '录音.' + kind.split('/')[1], { type: kind });
      box.dispatchEvent(new CustomEvent('files:add', { bubbles: true, detail: [file] }));
      say('录好了，可以先听一听。');
    });
    recorder.start();
    tick(Date.now());
  }
  function tick(since) {
    var seconds = Math.floor((Date.now() - since) / 1000);
    words.textContent = '再按一下停（' + seconds + ' 秒）';
    button.classList.add('on');
    if (seconds >= LONGEST) { recorder.stop(); return; }
    ticking = setTimeout(tick, 500, since);
  }
  function rest() {
    clearTimeout(ticking);
    words.textContent = idle;
    button.classList.remove('on');
  }
  if (window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) { button.hidden = false; }
  button.addEventListener('click', function () {
    if (recorder) { recorder.stop(); return; }
    say('');
    navigator.mediaDevices.getUserMedia({ audio: true }).then(begin).catch(function () {
      say('手机没有让用麦克风，打字也行，不写也行。');
    });
  });
  // 记好了 while it still records, or makes a photo small: that first, then go on.
  function recorded() {
    return new Promise(function (done) {
      recorder.addEventListener('stop', function () { setTimeout(done); });
      recorder.stop();
    });
  }
  doc.addEventListener('submit', function (event) {
    if (!recorder && !shrinking) { return; }
    var sent = event.target;
    event.preventDefault(); event.stopImmediatePropagation();
    if (!recorder) { say('正在准备照片，马上就好。'); }
    (recorder ? recorded() : shrinking).then(function () { doc.querySelector('[form=' + sent.getAttribute('id') + ']').click(); });
  }, true);
}());
